"""`why ID`: the whole evidence of one alert. The only place that prints p-values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import claimed, words
from bot.answers.alerts import visible
from bot.grammar.query import Query
from bot.message import VALUE, Answer, Table
from bot.views.alerts import alert_picture, named_parts
from bot.views.handled import handled, notes
from jobs.attention.clearance import class_of
from jobs.facts import ALERT, AlertFacts
from jobs.store.findings import get_alert, list_alerts
from jobs.store.people import diary
from rules.model import Classification

if TYPE_CHECKING:
    from jobs.house import House

WITHHELD = "withheld"
_BASIS = {
    "here": "what this place recorded before, with the season of the rest of the county",
    "county": "this place's usual share of what the rest of the county recorded in that month",
}


def answer(house: House, query: Query) -> Answer:
    """Rule, baseline, range, p-value, history, source and extract."""
    with house.store.read() as connection:
        row = get_alert(connection, query.word)
        told_by_people = notes(house, diary(connection, row.id)) if row else ()
        rows = list_alerts(connection) if row is None else []
    if row is None:
        told = (ALERT.validate_json(r.facts) for r in rows if r.status != "withdrawn")
        known = [f"why {f.id}" for f in told if visible(house, f, query)][:3]
        return Answer(
            "No such alert", (f"There is no alert {query.word}.",),
            suggestions=(*known, "alerts all"), state="unknown",
        )  # fmt: skip
    facts = ALERT.validate_json(row.facts)
    if not visible(house, facts, query):
        needed = class_of(house.partnership.source(facts.source.id), facts.series, house.lexicon).value
        return Answer(
            f"Alert {facts.id}", (f"This alert is for {needed} readers.",),
            classification=Classification(needed), state="refused",
        )  # fmt: skip
    return Answer(
        f"Why {facts.id}: {facts.series_title} in {facts.area_name}", (*_lines(facts), *told_by_people),
        table=_evidence(facts), footer=_footer(facts),
        pictures=(alert_picture(facts),) if facts.history else (),
        claims=claimed.of_alert(facts), sources=(facts.source.id,),
        classification=class_of(house.partnership.source(facts.source.id), facts.series, house.lexicon),
        suggestions=(f"trend {facts.series} {facts.area_name.lower()}", f"area {facts.area_name.lower()}"),
        data={"alert": ALERT.dump_python(facts, mode="json")},
    )  # fmt: skip


def _lines(f: AlertFacts) -> tuple[str, ...]:
    lines = [
        f"{_counted(f)}. {f.verdict.value.capitalize()}.",
        f"Rule {f.rule} version {f.rule_version}: {f.rule_title}. {f.why}",
        f"Compared with {_BASIS[f.basis]}: {words.plural(f.baseline_months, 'month')}, "
        f"{words.month(f.baseline_first)} to {words.month(f.baseline_last)}.",
    ]
    if f.note:
        lines.insert(1, words.sentence(f.note))
    if f.event:
        lines.append(f"In the calendar: {f.event}. The calendar names it; the figures do not say why.")
    if f.rolling is not None:
        before = f" ({f.rolling_before:,} in the twelve before)" if f.rolling_before is not None else ""
        lines.append(f"Last twelve months: {f.rolling:,}{before}.")
    lines += [words.sentence(c) for c in f.caveats]
    if f.source.invented:
        lines.append("Invented sample: these figures are made up to show the program.")
    return tuple(lines)


def _counted(f: AlertFacts) -> str:
    head = (
        f"{words.sentence(words.recorded(f.count, f.hidden)).rstrip('.')} recorded in {words.month(f.period)}"
    )
    if f.expected is None:
        return f"{head}; what was expected is withheld"
    return f"{head}; {words.number(f.expected)} were expected, usual {words.usual(f.lower, f.upper)}"


def _excess(f: AlertFacts) -> str:
    return words.signed(f.count - f.expected) if f.count is not None and f.expected is not None else WITHHELD


def _part(c: AlertFacts) -> str:
    if c.count is None:
        return c.hidden
    return f"{c.count:,} (usual {words.usual(c.lower, c.upper)})"


def _part_of(f: AlertFacts, c: AlertFacts, named: bool) -> str:
    series = "" if c.series == f.series else f"{c.series_title} in "
    return f"part: {series}{c.area_name}" + (f", “{c.rule_title}”" if named else "")


def _evidence(f: AlertFacts) -> Table:
    rows = [
        ("count", words.counted(f.count, f.hidden)),
        ("expected", WITHHELD if f.expected is None else words.number(f.expected)),
        ("95 % range", words.usual(f.lower, f.upper) or WITHHELD), ("excess", _excess(f)),
        ("p-value (mid-p, one-sided)", WITHHELD if f.p is None else f"{f.p:.2g}"),
        ("confidence", f.confidence), ("scope", f.scope),
        ("severity", f"{f.severity} of 3"),
        ("state", f"{f.status}, {words.plural(f.months_running, 'month')}"),
        *((label.lower(), value) for label, value in handled(f)), ("owner", f.owner or "nobody yet"),
        ("source", f.source.title),
        ("extract sha256", ", ".join(sha[:16] for sha in f.extract_sha256.split())),
    ]  # fmt: skip
    rows += [(_part_of(f, c, named), _part(c)) for c, named in named_parts(f)]
    return Table("the evidence", (("What", "left"), (VALUE, "left")), tuple(rows))


def _footer(f: AlertFacts) -> tuple[str, ...]:
    received = f", received {words.day(f.source.received)}" if f.source.received else ""
    return (
        f"Data to {words.month(f.month)}{received}. {f.source.title}. {words.sentence(f.source.licence)}",
    )
