"""`data`: how fresh each source is, what is missing, what was revised, what waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import words
from bot.message import Answer, Table
from bot.query import Query
from jobs.facts import SourceFacts
from jobs.freshness import source_facts
from rules.claims import Claim
from rules.model import Month, Window

if TYPE_CHECKING:
    from jobs.house import House


def answer(house: House, query: Query) -> Answer:
    """One line a source; gaps are gaps, not zeros."""
    sources = house.partnership.sources.values()
    with house.store.read() as connection:
        facts = [source_facts(connection, s, until=query.as_of, today=house.today) for s in sources]
    lines = [_line(f) for f in facts]
    table = Table(
        "months published, as of the latest extract",
        (("Source", "left"), ("Data to", "left"), ("Received", "left"), ("Months", "right"),
         ("Rows", "right"), ("Quarantined", "right"), ("No location", "left")),
        tuple(_cells(f) for f in facts),
    )  # fmt: skip
    return Answer(
        "Data", tuple(line for line in lines if line), table=table,
        footer=("A month that was not published is missing, not zero.",),
        claims=tuple(_claim(f) for f in facts if f.last_month), sources=tuple(f.id for f in facts),
        suggestions=("sources",), data={"sources": [_json(f) for f in facts]},
    )  # fmt: skip


def _line(f: SourceFacts) -> str:
    said = []
    if f.last_month is None:
        return f"{f.short}: nothing loaded yet."
    if f.gaps:
        said.append(f"not published: {', '.join(words.short_month(g) for g in f.gaps)}")
    if f.late:
        said.append(f"{words.month(f.late)} should be in by now")
    if f.revised:
        said.append(f"revised: {', '.join(words.short_month(m) for m in f.revised)}")
    if f.held:
        said.append(f"{f.held} extract(s) wait for a yes: `tocsin extracts list`")
    if f.invented:
        said.append("invented sample, made up to show the program")
    return f"{f.short}: {'; '.join(said)}." if said else ""


def _cells(f: SourceFacts) -> tuple[str, ...]:
    none = words.share(f.unlocated, f.last_rows) if f.unlocated else None
    return (
        f.short + (" (invented sample)" if f.invented else ""),
        words.short_month(f.last_month) if f.last_month else "-",
        words.short_day(f.received) if f.received else "-",
        str(f.months), f"{f.rows:,}", f"{f.quarantined:,}",
        f"{f.unlocated:,} of {f.last_rows:,} ({none})" if none else "0",
    )  # fmt: skip


def _claim(f: SourceFacts) -> Claim:
    month = Month.parse(f.last_month or "")
    return Claim(
        f"{f.short}: rows without a location",
        f.unlocated,
        "count",
        f.unlocated,
        None,
        Window(month, month),
        f.id,
    )


def _json(f: SourceFacts) -> dict[str, object]:
    return vars(f) | {"received": f.received.isoformat() if f.received else None}
