"""A family card as a table, as claims and as values."""

from __future__ import annotations

from itertools import chain

from bot import claimed
from bot.answers.telling import Telling, change, known, told
from bot.message import Table
from jobs.figures.family_card import Spot
from jobs.figures.told import Figure, Told
from rules.claims import Claim, Claimant
from rules.model import Window


def side_by_side(t: Telling) -> Table | None:
    """The highest areas, then those that touch the place, each with other series in the same months."""
    if not t.shown:
        return None
    whole, columns = t.card.whole, t.card.columns
    names = [t.lexicon[c.series].title for c in columns]
    beside = "; ".join(f"{t.lower(c.series)} from {c.feed.source.short}" for c in columns)
    caption = f"{whole.window.words}, {whole.feed.source.short}{f'; {beside}' if beside else ''}"
    return Table(
        caption,
        (("Area", "left"), ("Count", "right"), ("Before", "right"), ("Change", "left"),
         *((name, "right") for name in names)),
        tuple(_cells(spot) for spot in t.shown),
    )  # fmt: skip


def _cells(spot: Spot) -> tuple[str, ...]:
    moved = change(spot.count, spot.before)
    said = "" if moved is None else moved.difference + ("" if moved.unusual else " (usual variation)")
    name = f"{spot.name} (touches)" if spot.touches else spot.name
    return (name, told(spot.count), told(spot.before), said, *map(told, spot.columns))


def card_claims(t: Telling) -> tuple[Claim, ...]:
    """Every figure that the card prints."""
    card, window, source = t.card, t.card.whole.window, t.card.whole.feed.source.id
    own = Claimant(source, window)
    own.count("months since the newest month", t.age)
    own.count("areas that touch it", card.touching)
    own.count("of them with figures", len(t.near))
    own.count("recorded in those that touch it", sum(s.count or 0 for s in t.near))
    for spot in t.shown:
        _compared(own, spot.name, spot.count, spot.before, window, card.whole.base)
    for i, column in enumerate(card.columns):
        beside = Claimant(column.feed.source.id, window)
        for spot in t.shown:
            _counted(beside, f"{spot.name}: {t.lexicon[column.series].title}", spot.columns[i])
        own.made.extend(beside.made)
    figures = chain.from_iterable(_of(t, f) for f in (card.whole, *card.kinds, *card.beside))
    hot = (*claimed.of_hot(card.hot.rows, source, window), *card.hot.claims) if card.hot else ()
    return (*figures, *own.made, *hot)


def _of(t: Telling, f: Figure) -> list[Claim]:
    made = Claimant(f.feed.source.id, f.window)
    _compared(made, t.lexicon[f.series].title, f.count, f.before, f.window, f.base)
    return made.made


def _compared(made: Claimant, name: str, new: Told, old: Told, window: Window, base: Window) -> None:
    _counted(made, name, new)
    _counted(made, f"{name}: before", old, base)
    if (moved := change(new, old)) is not None:
        made.difference(f"{name}: difference", moved.new, moved.old, window, base)
        made.change(f"{name}: change", moved.new, moved.old, window, base)


def _counted(made: Claimant, name: str, count: Told, window: Window | None = None) -> None:
    if count is not None and known(count):
        made.count(name, count, window)


def card_data(t: Telling) -> dict[str, object]:
    """The same as values; a count that is withheld is null and marked."""
    card, feed = t.card, t.card.whole.feed
    return {
        "series": card.whole.series, "area": t.area.code, "area_name": t.area.name,
        "areas": sorted(t.area.units), "window": str(card.whole.window), "source": feed.source.id,
        "dataset": feed.dataset, "invented": feed.source.invented, "total": _value(card.whole.count),
        "before": _value(card.whole.before), "broken": card.whole.broken or None,
        "kinds": [_figure(f) for f in card.kinds], "beside": [_figure(f) for f in card.beside],
        "columns": [c.series for c in card.columns], "touching": card.touching,
        "rose": [s.code for s in t.rose], "rows": [_spot(s) for s in card.spots],
    }  # fmt: skip


def _value(count: Told) -> int | None:
    return int(count) if count is not None and known(count) else None


def _withheld(count: Told) -> bool:
    return count is not None and not known(count)


def _figure(f: Figure) -> dict[str, object]:
    return {
        "series": f.series, "source": f.feed.source.id, "count": _value(f.count), "before": _value(f.before),
        "withheld": _withheld(f.count),
    }  # fmt: skip


def _spot(s: Spot) -> dict[str, object]:
    return {
        "code": s.code, "name": s.name, "touches": s.touches, "count": _value(s.count),
        "before": _value(s.before), "withheld": _withheld(s.count), "columns": [_value(c) for c in s.columns],
    }  # fmt: skip
