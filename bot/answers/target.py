"""`target [SERIES]`: what was promised, what was recorded so far, where it is heading."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from bot import words
from bot.answers import scope as scoping
from bot.answers.scope import Scope
from bot.grammar.query import Query
from bot.message import Answer, Table
from jobs.figures.promises import Promise, promises_of
from rules.claims import Claim, Claimant
from rules.model import Classification

if TYPE_CHECKING:
    from jobs.house import House
    from jobs.store.engine import Connection

_STANDS = {"open": "not known yet: the projected range holds the goal"}


def answer(house: House, query: Query) -> Answer:
    """Every target, or those of one series, each in a sentence; what is not known says why."""
    name = house.lexicon[query.series].title if query.series else ""
    title = f"Targets: {name}" if name else "Targets"
    with house.store.read() as connection:
        found = promises_of(connection, house, query.as_of, query.readers, query.series)
        foot = footers(connection, house, found)
    if not found:
        said = f"No target is registered for {name}." if name else "No targets are registered."
        others = [t.series for t in house.targets if t.series != query.series]
        near = tuple(f"target {s}" for s in dict.fromkeys(others))[:2]
        return Answer(title, (said,), state="empty", suggestions=(*near, "target"))
    count = Claimant("targets").count("targets", len(found))
    lines = [
        f"{words.plural(len(found), 'target')}." if len(found) > 1 else "",
        *(sentence(house, p) for p in found),
    ]
    figures = [p for p in found if p.count is not None]
    return Answer(
        title, tuple(line for line in lines if line), table=_table(house, figures), footer=foot,
        claims=(count, *(c for p in found for c in claims(p))),
        sources=tuple(dict.fromkeys(p.feed.source.id for p in figures if p.feed)),
        classification=class_of(house, found), state="ok" if figures else _state(found),
        suggestions=tuple(dict.fromkeys(f"trend {p.target.series}" for p in found))[:3],
        data={"targets": [data(p) for p in found]},
    )  # fmt: skip


def _state(found: tuple[Promise, ...]) -> Literal["empty", "withheld", "no-history"]:
    """Why no target has figures: withheld before missing, missing in part before not there at all."""
    why = {p.why for p in found}
    return "withheld" if "withheld" in why else "no-history" if why - {"no figures"} else "empty"


def sentence(house: House, p: Promise) -> str:
    """One target in one or two sentences."""
    target, area = p.target, house.geography[p.target.area]
    head = f"{target.title}, {area.name}: {_STANDS.get(p.standing, p.standing)}."
    if p.count is None or p.so_far is None or p.goal is None:
        return f"{head} {why(house, p)}"
    said = f"{head} {p.count:,} recorded in {p.so_far.words}"
    base = f" in {target.baseline_window.words}" if target.baseline_window else ""
    goal = f"the goal is {goal_of(p)}, from a baseline of {words.number(p.baseline or 0)}{base}"
    if p.projection is None:
        return f"{said}; {goal}.{_changed(p)}"
    r = p.projection
    return (
        f"{said}, where the goal needs {words.number(r.needed)} by now; {goal}. At this pace "
        f"{r.mean:,.0f} by {target.window.last.words} (95 % range {r.lower:,.0f} to {r.upper:,.0f})."
    )


def _changed(p: Promise) -> str:
    """The change on the baseline, at the end of the window."""
    if (
        p.count is None
        or not p.baseline
        or p.baseline != int(p.baseline)
        or p.target.window.months != _base(p)
    ):
        return ""
    change = words.Change(p.count, int(p.baseline))
    return (
        f" That is {change.difference}, {change.percent}."
        if change.percent
        else f" That is {change.difference}."
    )


def _base(p: Promise) -> int:
    return p.target.baseline_window.months if p.target.baseline_window else 0


def goal_of(p: Promise) -> str:
    """`1,197 or more`."""
    return f"{p.goal:,} {'or more' if p.target.direction == 'increase' else 'or fewer'}"


def why(house: House, p: Promise) -> str:
    """What is missing of a target without figures, in a sentence."""
    target = p.target
    name = house.lexicon[target.series].title
    return {
        "": f"It is measured in {target.window.words}; the figures do not reach that far.",
        "no figures": f"No figures for {name} in {target.window.words} can be shown.",
        "gaps": f"Not every month from {target.window.first.words} on was published.",
        "withheld": f"A count of {name} in those months is withheld or not known.",
        "break": f"Not compared with the baseline: {p.detail}.",
        "no baseline": f"No figures for the baseline{_when(p)} can be shown.",
    }[p.why]


def _when(p: Promise) -> str:
    return f" ({p.target.baseline_window.words})" if p.target.baseline_window else ""


def _table(house: House, found: list[Promise]) -> Table | None:
    if not found:
        return None
    rows = tuple(
        (p.target.title, house.geography[p.target.area].name, words.number(p.baseline or 0),
         f"{p.goal:,}", f"{p.count:,}", "not known yet" if p.standing == "open" else p.standing)
        for p in found
    )  # fmt: skip
    return Table(
        "targets with figures",
        (("Target", "left"), ("Area", "left"), ("Baseline", "right"), ("Goal", "right"),
         ("So far", "right"), ("Stands", "left")),
        rows,
    )  # fmt: skip


def footers(connection: Connection, house: House, found: tuple[Promise, ...]) -> tuple[str, ...]:
    """Freshness and licence of every feed used, and where each promise was made."""
    lines: list[str] = []
    for p in found:
        if p.feed is not None and p.so_far is not None and p.count is not None:
            lines += scoping.footer(
                connection, house, Scope(p.feed, p.so_far), house.geography[p.target.area]
            )
    # What stands behind a colon there may quote figures; those are told above, to who may see them.
    lines += (f"Promised in: {p.target.source.split(':')[0]}." for p in found)
    return tuple(dict.fromkeys(lines))


def class_of(house: House, found: tuple[Promise, ...]) -> Classification:
    """The strictest class of what is told."""
    told = [
        scoping.classification(house, p.feed, p.target.series)
        for p in found
        if p.feed and p.count is not None
    ]
    return max(told, key=lambda c: c.rank, default=Classification.PUBLIC)


def claims(p: Promise) -> tuple[Claim, ...]:
    """The figures of a target's sentence."""
    if p.count is None or p.feed is None or p.so_far is None or p.goal is None:
        return ()
    told, base = Claimant(p.feed.source.id, p.so_far), p.target.baseline_window
    told.count("so far", p.count)
    told.count("goal", p.goal, p.target.window)
    if p.baseline:
        told.count("baseline", p.baseline, base)
        told.difference("change on the baseline", p.count, p.baseline, p.so_far, base)
        told.change("change on the baseline, per cent", p.count, p.baseline, p.so_far, base)
    if r := p.projection:
        for name, value in (("needed by now", r.needed), ("projection", r.mean), ("lower end", r.lower),
                            ("upper end", r.upper)):  # fmt: skip
            told.modelled(name, value, "count so far carried on", base)
    return tuple(told.made)


def data(p: Promise) -> dict[str, object]:
    """The same as values."""
    t, r = p.target, p.projection
    return {
        "id": t.id, "title": t.title, "series": t.series, "area": t.area, "direction": t.direction,
        "window": str(t.window), "standing": p.standing, "why": p.why, "so_far": str(p.so_far or ""),
        "count": p.count, "baseline": p.baseline, "goal": p.goal,
        "needed": r.needed if r else None,
        "projection": [r.mean, r.lower, r.upper] if r else None,
    }  # fmt: skip
