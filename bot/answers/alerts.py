"""`alerts [open / all / AREA]`: what rings, newest first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot import claimed, words
from bot.answers import scope as scoping
from bot.grammar.query import Query
from bot.message import Answer, Table
from bot.views.handled import brief
from jobs.attention.clearance import class_of
from jobs.facts import ALERT, AlertFacts
from jobs.store.findings import AlertRow, list_alerts
from rules.claims import Claim, Claimant
from rules.model import Area, Classification, Month, Window

if TYPE_CHECKING:
    from jobs.house import House
    from jobs.store.engine import Connection

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Listed:
    """Alerts for one reader. `folded` are parts of one in `standing`, and are told there; `hidden`: how many
    are over the reader's clearance, wherever they are."""

    standing: tuple[AlertFacts, ...]
    folded: tuple[AlertFacts, ...]
    hidden: int


def listed(
    connection: Connection, house: House, query: Query, area: Area | None, *, open_only: bool
) -> Listed:
    """The alerts about an area or what lies in it (or all): the same folding for every answer."""
    rows = [r for r in list_alerts(connection, open_only=open_only) if _in_time(r, query)]
    if query.word == "mine":
        rows = [r for r in rows if query.asker and r.owner == query.asker]
    told = [(r, ALERT.validate_json(r.facts)) for r in rows if r.status != "withdrawn"]
    seen = [(r, f) for r, f in told if visible(house, f, query)]
    mine = [(r, f) for r, f in seen if area is None or _inside(house, f, area)]
    # A part whose whole is not in this list stands for itself: else nobody would be told of it.
    wholes = {r.fingerprint for r, _ in mine}
    standing = tuple(f for r, f in mine if r.parent not in wholes)
    return Listed(standing, tuple(f for r, f in mine if r.parent in wholes), len(told) - len(seen))


def answer(house: House, query: Query) -> Answer:
    """Open alerts (or all of them), of the district or of one place; folded ones are counted."""
    everything = query.word == "all"
    place = query.places[0] if query.places else None
    area = house.geography[place.code] if place else None
    with house.store.read() as connection:
        found = listed(connection, house, query, area, open_only=not everything)
    where = f" for {area.name}" if area else ""
    shown = found.standing[:_SHOWN]
    mine = " of yours" if query.word == "mine" else ""
    kind = "alert" if everything else "open alert"
    lines = [f"{words.plural(len(found.standing), kind)}{mine}{where}{folded_in(found)}."]
    if place is not None:
        lines.append(scoping.resolved(house, place))
    if found.hidden:
        need = "needs" if found.hidden == 1 else "need"
        lines.append(f"{found.hidden} more {need} a higher clearance than {query.clearance.value}.")
    if any(f.source.invented for f in shown):
        lines.append("Some come from an invented sample; they are marked.")
    return Answer(
        f"{'All' if everything else 'Open'} alerts{where}", tuple(lines),
        table=_table(shown, len(found.standing)) if shown else None,
        claims=_claims(found, shown, area), sources=tuple(dict.fromkeys(f.source.id for f in shown)),
        suggestions=(f"why {shown[0].id}",) if shown else ("alerts all", "data"),
        classification=highest(house, found), state="ok" if shown else "empty",
        suppressed=sum(f.count is None for f in shown),
        data={"alerts": [ALERT.dump_python(f, mode="json", exclude={"history"})
                         for f in (*found.standing, *found.folded)]},
    )  # fmt: skip


def _claims(found: Listed, shown: tuple[AlertFacts, ...], area: Area | None) -> tuple[Claim, ...]:
    told = Claimant("alerts")
    told.count("alerts", len(found.standing))
    told.count("alerts shown", len(shown))
    told.count("folded in", len(found.folded))
    told.count("over the clearance", found.hidden)
    place = claimed.of_place(area) if area else ()
    return (*count_claims(shown), *claimed.of_lines(shown), *told.made, *place)


def folded_in(found: Listed) -> str:
    """How many are told as parts of others; nothing when none."""
    return f"; {len(found.folded)} more are parts of these" if found.folded else ""


def _in_time(row: AlertRow, query: Query) -> bool:
    return query.as_of is None or row.opened <= query.as_of


def visible(house: House, facts: AlertFacts, query: Query) -> bool:
    """Whether the reader may know of the alert."""
    return query.readers.may_see(house.partnership.source(facts.source.id), facts.series, house.lexicon)


def _inside(house: House, facts: AlertFacts, area: Area) -> bool:
    return facts.area == area.code or bool(house.geography[facts.area].units & area.units)


def highest(house: House, found: Listed) -> Classification:
    """The class of a list that names these alerts: that of its highest line."""
    every = (*found.standing, *found.folded)
    classes = [class_of(house.partnership.source(f.source.id), f.series, house.lexicon) for f in every]
    return max(classes, key=lambda c: c.rank, default=Classification.PUBLIC)


def _table(shown: tuple[AlertFacts, ...], total: int) -> Table:
    order = "newest first, then most severe"
    caption = order if len(shown) == total else f"the first {len(shown)} of {total}, {order}"
    return Table(
        caption,
        (("Alert", "left"), ("What", "left"), ("Month", "left"), ("Count", "right"), ("Usual", "right"),
         ("Verdict", "left"), ("State", "left")),
        tuple(_cells(f) for f in shown),
    )  # fmt: skip


def _cells(f: AlertFacts) -> tuple[str, ...]:
    marked = " (invented sample)" if f.source.invented else ""
    state = f"{f.status}, {words.plural(f.months_running, 'month')}" if f.months_running > 1 else f.status
    if handled := brief(f):
        state = f"{state}; {handled}"
    return (
        f.id, f"{f.series_title}, {f.area_name}{marked}", words.short_month(f.period),
        words.counted(f.count, f.hidden), words.usual(f.lower, f.upper) or "", f.verdict.value, state,
    )  # fmt: skip


def count_claims(alerts: Iterable[AlertFacts]) -> list[Claim]:
    """Each alert's count, over the months that it covers, where it is told."""
    made: list[Claim] = []
    for f in alerts:
        told = Claimant(f.source.id, Window.ending(Month.parse(f.month), f.span))
        if f.count is not None:
            made.append(told.count(f"{f.id}: count", f.count))
    return made
