"""`data`: how fresh each source is, what is missing, what was revised, what waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import claimed, words
from bot.grammar.query import Query
from bot.message import Answer, Table
from jobs.counting.freshness import source_facts
from jobs.facts import ROWS, SourceFacts

if TYPE_CHECKING:
    from jobs.folder.partnership import SourceSettings
    from jobs.house import House


def answer(house: House, query: Query) -> Answer:
    """One line a source; gaps are gaps, not zeros. Of a source over the reader's clearance only its name."""
    sources = list(house.partnership.sources.values())
    open_ = [s for s in sources if s.classification.rank <= query.clearance.rank]
    with house.store.read() as connection:
        known = [source_facts(connection, s, until=query.as_of, today=house.today) for s in open_]
    told = {f.id: f for f in known}
    table = Table(
        "rows of all files; the last column is of the newest month",
        (("Source", "left"), ("Data to", "left"), ("Received", "left"), ("Months", "right"),
         ("Rows", "right"), ("Quarantined", "right"), ("Without a place", "left")),
        tuple(_cells(told[s.id]) if s.id in told else _closed(s) for s in sources),
    )  # fmt: skip
    return Answer(
        "Data", tuple(line for line in map(_line, known) if line), table=table,
        footer=("A month that was not published is missing, not zero.",),
        claims=tuple(claim for f in known for claim in claimed.of_source(f)),
        sources=tuple(s.id for s in sources),
        classification=max((s.classification for s in open_), key=lambda c: c.rank, default=query.clearance),
        suggestions=("sources",),
        data={"sources": [_json(told[s.id]) if s.id in told else _named(s) for s in sources]},
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
        waits = "waits" if f.held == 1 else "wait"
        said.append(f"{words.plural(f.held, 'file')} {waits} for a yes: `tocsin extracts list`")
    if f.invented:
        said.append("invented sample, made up to show the program")
    return f"{f.short}: {'; '.join(said)}." if said else ""


def _closed(source: SourceSettings) -> tuple[str, ...]:
    """How much a partner sends, and when, is the partner's figure too."""
    name = source.short + (" (invented sample)" if source.invented else "")
    return (f"{name}: for {source.classification.value} readers", "-", "-", "-", "-", "-", "-")


def _named(source: SourceSettings) -> dict[str, object]:
    return {"id": source.id, "title": source.title, "short": source.short, "licence": source.licence,
            "classification": source.classification.value, "invented": source.invented}  # fmt: skip


def _cells(f: SourceFacts) -> tuple[str, ...]:
    if not f.counted:  # how many rows a partner sends adds up what is not told
        return (*_when(f), str(f.months), "-", "-", "-")
    part = words.share(f.unlocated, f.last_rows)
    lost = f"{f.unlocated:,} of {f.last_rows:,}" + (f" ({part})" if part else "")
    return (
        *_when(f), str(f.months), f"{f.rows:,}", f"{f.quarantined:,}", lost if f.unlocated else "0",
    )  # fmt: skip


def _when(f: SourceFacts) -> tuple[str, ...]:
    return (
        f.short + (" (invented sample)" if f.invented else ""),
        words.short_month(f.last_month) if f.last_month else "-",
        words.short_day(f.received) if f.received else "-",
    )


def _json(f: SourceFacts) -> dict[str, object]:
    said = vars(f) | {"received": f.received.isoformat() if f.received else None}
    return said if f.counted else {k: v for k, v in said.items() if k not in ROWS}
