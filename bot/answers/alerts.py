"""`alerts [open / all / AREA]`: what rings, loudest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import words
from bot.answers import scope as scoping
from bot.message import Answer, Table
from bot.query import Query
from jobs.clearance import may_see
from jobs.facts import ALERT, AlertFacts
from jobs.store.findings import AlertRow, list_alerts
from rules.claims import Claim
from rules.model import Area, Classification, Month, Window

if TYPE_CHECKING:
    from jobs.house import House
    from jobs.store.engine import Connection

_SHOWN = 20


def answer(house: House, query: Query) -> Answer:
    """Open alerts (or all of them), of the district or of one place; folded ones are counted."""
    everything = query.word == "all"
    place = query.places[0] if query.places else None
    area = house.geography[place.code] if place else None
    with house.store.read() as connection:
        rows = list_alerts(connection, open_only=not everything)
    told = [ALERT.validate_json(r.facts) for r in rows if _in_time(r, query) and r.status != "withdrawn"]
    mine = [f for f in told if visible(house, f, query.clearance) and (not area or _inside(house, f, area))]
    hidden = len([f for f in told if not visible(house, f, query.clearance)])
    top = [f for f in mine if not f.parents]
    where = f" in {area.name}" if area else ""
    title = f"{'All' if everything else 'Open'} alerts{where}"
    shown = (top or mine)[:_SHOWN]
    kind = "alert" if everything else "open alert"
    folded = len(mine) - len(top)
    more = f"; {folded} more folded in" if folded else ""
    lines = [f"{words.plural(len(top), kind)}{where}{more}." if mine else f"No {kind}s{where}."]
    if place is not None:
        lines.append(scoping.resolved(house, place))
    if hidden:
        lines.append(f"{hidden} more need a higher clearance than {query.clearance.value}.")
    if any(f.source.invented for f in shown):
        lines.append("Some come from an invented sample; they are marked.")
    return Answer(
        title, tuple(lines), table=_table(shown, len(top or mine)) if shown else None,
        claims=tuple(_claim(f) for f in shown), sources=tuple(dict.fromkeys(f.source.id for f in shown)),
        suggestions=(f"why {shown[0].id}",) if shown else ("alerts all", "data"),
        classification=_highest(shown), state="ok" if shown else "empty",
        data={"alerts": [ALERT.dump_python(f, mode="json", exclude={"history"}) for f in mine]},
    )  # fmt: skip


def open_inside(
    connection: Connection, house: House, area: Area, clearance: Classification
) -> list[AlertFacts]:
    """Open alerts about the area or what lies in it."""
    told = [ALERT.validate_json(r.facts) for r in list_alerts(connection, open_only=True)]
    return [f for f in told if visible(house, f, clearance) and _inside(house, f, area)]


def _in_time(row: AlertRow, query: Query) -> bool:
    return query.as_of is None or row.opened <= query.as_of


def visible(house: House, facts: AlertFacts, clearance: Classification) -> bool:
    """Whether a reader with this clearance may know of the alert."""
    return may_see(clearance, house.partnership.source(facts.source.id), facts.series, house.lexicon)


def _inside(house: House, facts: AlertFacts, area: Area) -> bool:
    return facts.area == area.code or bool(house.geography[facts.area].units & area.units)


def _highest(shown: list[AlertFacts]) -> Classification:
    classes = [Classification(f.source.classification) for f in shown]
    return max(classes, key=lambda c: c.rank, default=Classification.PUBLIC)


def _table(shown: list[AlertFacts], total: int) -> Table:
    caption = "loudest first" if len(shown) == total else f"the first {len(shown)} of {total}"
    return Table(
        caption,
        (("Alert", "left"), ("What", "left"), ("Month", "left"), ("Count", "right"), ("Usual", "right"),
         ("Verdict", "left"), ("State", "left")),
        tuple(_cells(f) for f in shown),
    )  # fmt: skip


def _cells(f: AlertFacts) -> tuple[str, ...]:
    marked = " (invented sample)" if f.source.invented else ""
    state = f"{f.status}, {f.months_running} months" if f.months_running > 1 else f.status
    return (
        f.id, f"{f.series_title}, {f.area_name}{marked}", words.short_month(f.period), f"{f.count:,}",
        words.usual(f.lower, f.upper) or "", f.verdict.value, state,
    )  # fmt: skip


def _claim(f: AlertFacts) -> Claim:
    month = Month.parse(f.month)
    return Claim(f"{f.id}: count", f.count, "count", f.count, None, Window(month, month), f.source.id)
