"""`why ID`: the whole evidence of one alert. The only place that prints p-values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import words
from bot.alerts_view import alert_picture
from bot.answers.alerts import visible
from bot.message import Answer, Table
from bot.query import Query
from jobs.clearance import class_of
from jobs.facts import ALERT, AlertFacts
from jobs.store.findings import get_alert, list_alerts
from rules.claims import Claim, Claimant
from rules.model import Classification, Month, Window

if TYPE_CHECKING:
    from jobs.house import House

_BASIS = {
    "here": "the level of this place's own last usable months, with the season of the rest of the county",
    "county": "this place's usual share of what the rest of the county recorded in that very month",
}


def answer(house: House, query: Query) -> Answer:
    """Rule, baseline, range, p-value, history, source and extract."""
    with house.store.read() as connection:
        row = get_alert(connection, query.word)
        known = [r.id for r in list_alerts(connection)[:3]]
    if row is None:
        return Answer(
            f"Alert {query.word}", (f"There is no alert {query.word}.",),
            suggestions=tuple(f"why {k}" for k in known) or ("alerts all",), state="unknown",
        )  # fmt: skip
    facts = ALERT.validate_json(row.facts)
    if not visible(house, facts, query.clearance):
        needed = class_of(house.partnership.source(facts.source.id), facts.series, house.lexicon).value
        return Answer(
            f"Alert {facts.id}", (f"This alert is for {needed} readers.",),
            classification=Classification(needed), state="refused",
        )  # fmt: skip
    return Answer(
        f"Why {facts.id}: {facts.series_title} in {facts.area_name}", _lines(facts),
        table=_evidence(facts), pictures=(alert_picture(facts),), footer=_footer(facts),
        claims=_claims(facts), sources=(facts.source.id,),
        classification=class_of(house.partnership.source(facts.source.id), facts.series, house.lexicon),
        suggestions=(f"trend {facts.series} {facts.area_name.lower()}", f"area {facts.area_name.lower()}"),
        data={"alert": ALERT.dump_python(facts, mode="json")},
    )  # fmt: skip


def _lines(f: AlertFacts) -> tuple[str, ...]:
    usual = words.usual(f.lower, f.upper)
    lines = [
        f"{f.count:,} recorded in {words.month(f.period)}; {words.number(f.expected)} were expected, "
        f"usual {usual}. {f.verdict.value.capitalize()}.",
        f"Rule {f.rule} version {f.rule_version}: {f.rule_title}. {f.why}",
        f"Compared with {_BASIS[f.basis]}: {f.baseline_months} months, "
        f"{words.month(f.baseline_first)} to {words.month(f.baseline_last)}.",
    ]
    if f.note:
        lines.insert(1, f"{f.note[0].upper()}{f.note[1:]}{'' if f.note.endswith('.') else '.'}")
    if f.event:
        lines.append(f"In the calendar: {f.event}. The calendar names it; the figures do not say why.")
    if f.rolling is not None:
        before = f" ({f.rolling_before:,} in the twelve before)" if f.rolling_before is not None else ""
        lines.append(f"Last twelve months: {f.rolling:,}{before}.")
    lines += [f"{c[0].upper()}{c[1:]}{'' if c.endswith('.') else '.'}" for c in f.caveats]
    if f.source.invented:
        lines.append("Invented sample: these figures are made up to show the program.")
    return tuple(lines)


def _evidence(f: AlertFacts) -> Table:
    rows = [
        ("count", f"{f.count:,}"), ("expected", words.number(f.expected)),
        ("95 % range", words.usual(f.lower, f.upper) or ""), ("excess", words.signed(f.count - f.expected)),
        ("p-value (mid-p, one-sided)", f"{f.p:.2g}"), ("confidence", f.confidence), ("scope", f.scope),
        ("severity", f"{f.severity} of 3"), ("state", f"{f.status}, {f.months_running} month(s)"),
        ("source", f.source.title), ("extract sha256", f.extract_sha256[:16]),
    ]  # fmt: skip
    rows += [
        (f"part: {c.area_name}", f"{c.count:,} (usual {words.usual(c.lower, c.upper)})") for c in f.children
    ]
    return Table("the evidence", (("What", "left"), ("Value", "left")), tuple(rows))


def _footer(f: AlertFacts) -> tuple[str, ...]:
    received = f", received {words.day(f.source.received)}" if f.source.received else ""
    return (f"Data to {words.month(f.month)}{received}. {f.source.title}. {f.source.licence}.",)


def _claims(f: AlertFacts) -> tuple[Claim, ...]:
    month = Month.parse(f.month)
    claimant = Claimant(f.source.id, Window(month, month))
    claimant.count("count", f.count)
    if f.rolling is not None:
        claimant.count("last 12 months", f.rolling, Window.ending(month, 12))
    for child in f.children:
        claimant.count(f"part: {child.area_name}", child.count)
    return tuple(claimant.made)
