"""What a family card says, in sentences: figures side by side, and nothing of why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot import words
from bot.answers import hidden
from bot.answers.telling import Telling, change, known, told
from jobs.figures.told import Figure
from rules.areas import RANKABLE
from rules.model import AreaKind

if TYPE_CHECKING:
    from jobs.counting.feeds import Feed

OLD = 12  # months without anything newer: said first, since the figures may pass for today's
NAMED = 3  # areas named in a sentence


def card_lines(t: Telling) -> tuple[str, ...]:
    """The sentence that answers first."""
    lines = [_lead(t), _masked(t), _age(t), _kinds(t), _where(t), _near(t), *_beside(t)]
    return tuple(line for line in lines if line)


def _lead(t: Telling) -> str:
    whole = t.card.whole
    name = f"{t.lexicon[whole.series].title} in {t.area.name}"
    source = whole.feed.source
    if whole.count is None:
        return f"{name}: no figure for the whole of it in {whole.window.words} ({source.short})."
    if not known(whole.count):
        return f"{name}: the count of {whole.window.words} is withheld."
    invented = " in an invented sample" if source.invented else ""
    many = f"{whole.count:,.0f}" if whole.count else "none"
    said = f"{name}: {many} recorded in {whole.window.words}{invented}"
    return f"{said}{_against(whole)}"


def _against(f: Figure) -> str:
    base = f.base.words
    if f.broken:
        return f". Not compared with {base}: {f.broken} lies between."
    if f.before is not None and not known(f.before):
        return f". The count of {base} is withheld."
    moved = change(f.count, f.before)
    if moved is None:
        return f". There are no complete figures for {base} to compare with."
    if not (moved.new or moved.old):
        return f", and none in {base}."
    percent = f", {moved.percent}" if moved.percent and moved.unusual else ""
    return f", against {moved.old:,} in {base}: {moved.difference}{percent}, {moved.verdict}."


def _was(f: Figure) -> str:
    """In brackets behind a figure: what it was, and whether that is news."""
    if f.before is not None and not known(f.before):
        return " (before: withheld)"
    moved = change(f.count, f.before)
    if moved is None or not (moved.new or moved.old):
        return ""
    return f" ({moved.old:,} before: {moved.difference}{'' if moved.unusual else ', usual variation'})"


def _age(t: Telling) -> str:
    if t.age <= OLD:
        return ""
    feed = t.card.whole.feed
    return (
        f"The newest figures of {feed.source.short} are of {feed.months[-1].words}, "
        f"{words.plural(t.age, 'month')} ago: what came later is not in them."
    )


def _kinds(t: Telling) -> str:
    """Kinds that the source gives, those under another behind it."""
    whole, kinds = t.card.whole, t.card.kinds
    if not kinds:
        under = t.lexicon.children.get(whole.series)
        return f"No kinds of {t.lower(whole.series)} are given by {whole.feed.source.short}." if under else ""
    shown = {k.series for k in kinds}
    first = [k for k in kinds if t.lexicon[k.series].parent not in shown]
    return words.sentence(f"by kind: {'; '.join(_kind(t, k) for k in first)}")


def _kind(t: Telling, kind: Figure) -> str:
    under = [_kind(t, k) for k in t.card.kinds if t.lexicon[k.series].parent == kind.series]
    of_them = f", of them {words.listed(under)}" if under else ""
    return f"{t.lower(kind.series)} {told(kind.count)}{_was(kind)}{of_them}"


def _where(t: Telling) -> str:
    hot = t.card.hot
    if hot is None:
        return f"{t.card.whole.feed.source.short} gives no figures for smaller areas in these months."
    if hot.withheld:
        return f"No ranking of areas: {hot.withheld}."
    rows = [r for r in hot.rows if r.count][:NAMED]
    family = t.card.whole.feed.family
    untold = hidden.listed(family, hot.hidden) if family is not None else ""
    if not rows or t.area.kind is AreaKind.LSOA:
        return untold
    first, *rest = rows
    said = f"Highest: {first.name} ({first.count:,})"
    said += f", then {words.listed(f'{r.name} ({r.count:,})' for r in rest)}." if rest else "."
    said += " These counts are too few to rank firmly." if first.count < RANKABLE else ""
    return f"{said} {untold}".rstrip()


def _near(t: Telling) -> str:
    near, many = t.near, t.card.touching
    if not many or t.card.hot is None:
        return ""
    one = "area touches it" if many == 1 else "areas touch it"
    if not near:
        return f"{many} {one}; no figures are given for them."
    together = sum(int(s.count or 0) for s in near)
    said = f"{many} {one}, with {f'{together:,}' if together else 'none'} recorded"
    said += f" in the {len(near)} that have figures" if len(near) < many else ""
    if not any(known(s.before) for s in near):
        return f"{said}."
    if not t.rose:
        return f"{said}. None of them rose by more than usual variation."
    rose = words.listed(f"{s.name} ({told(s.count)}, {told(s.before)} before)" for s in t.rose)
    small = " These are small counts." if all((s.count or 0) < RANKABLE for s in t.rose) else ""
    return f"{said}. More than usual variation: a rise in {rose}.{small}"


def _beside(t: Telling) -> list[str]:
    """Other series in the same place and months, source by source; and what has none of these months."""
    by_source: dict[str, list[str]] = {}
    for f in t.card.beside:
        if f.count is not None:
            held = f", {t.lower(t.card.whole.series)} among them" if _holds(t, f.series) else ""
            by_source.setdefault(f.feed.source.short, []).append(
                f"{t.lower(f.series)} {told(f.count)}{_was(f)}{held}"
            )
    parts = "; ".join(f"{', '.join(found)}, by {source}" for source, found in by_source.items())
    first = [f"In the same place and months: {parts}. Side by side, not added up; no reason is shown."]
    given = {f.series for f in (*t.card.kinds, *t.card.beside)}
    absent = [(s, found) for s in t.columns if s not in given and (found := t.seen.get(s))]
    without = [f"{t.lexicon[s].title}: no figures for these months{_has(found)}." for s, found in absent]
    return [*(first if parts else []), *without]


def _has(found: Sequence[Feed]) -> str:
    """What a monthly source has instead of the months asked for."""
    feed = found[0]
    if feed.span != 1:
        return " and this place"
    return f" ({feed.source.short} has {feed.months[0].words} to {feed.months[-1].words})"


def _holds(t: Telling, series: str) -> bool:
    return t.card.whole.series in t.lexicon.family(series)[1:]


def _masked(t: Telling) -> str:
    if t.card.masked is None:
        return ""
    return words.masked(t.card.masked.title)
