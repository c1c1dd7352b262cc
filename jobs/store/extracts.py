"""Which extracts came in, what they cover, what was revised, what was set aside."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from jobs.store.engine import as_utc
from jobs.store.kept import kept, of_extracts
from jobs.store.tables import counts, coverage, extracts, quarantine, revisions
from rules.model import Month, Window

FAR = 999912  # later than every month


@dataclass(frozen=True)
class ExtractRow:
    """What the store knows about one extract."""

    id: int
    source: str
    dataset: str
    name: str
    sha256: str
    outcome: str
    state: str
    edition: int
    first: Month | None
    last: Month | None
    received: dt.datetime
    physical_rows: int
    rows_loaded: int
    rows_quarantined: int
    unlocated_rows: int
    reason: str | None
    advice: str | None


def list_extracts(connection: Connection, *where: object, source: str | None = None) -> list[ExtractRow]:
    """Extracts, oldest month first; those of no known month (rejected files) before all others."""
    month = func.coalesce(extracts.c.last_month, 0)  # the databases disagree on where NULL comes
    query = select(extracts).order_by(extracts.c.source, month, extracts.c.id)
    if source is not None:
        query = query.where(extracts.c.source == source)
    for clause in where:
        query = query.where(clause)  # type: ignore[arg-type]
    return [
        ExtractRow(
            r.id, r.source, r.dataset, r.name, r.sha256, r.outcome, r.state, r.edition,
            Month.from_key(r.first_month) if r.first_month else None,
            Month.from_key(r.last_month) if r.last_month else None,
            as_utc(r.received_at), r.physical_rows, r.rows_loaded, r.rows_quarantined, r.unlocated_rows,
            r.reason, r.advice,
        )
        for r in connection.execute(query)
    ]  # fmt: skip


def known_content(connection: Connection, source: str, sha256: str) -> ExtractRow | None:
    """The extract with this content, if it was loaded, replaced or set aside before."""
    found = list_extracts(connection, extracts.c.sha256 == sha256, source=source)
    return found[0] if found else None


def covered(connection: Connection, source: str, *, span: int = 1, until: int = FAR) -> dict[str, set[Month]]:
    """For each dataset of a source, the months it has published (for a span: the months it ends with)."""

    def read() -> dict[str, set[Month]]:
        rows = connection.execute(
            select(coverage.c.dataset, coverage.c.month).where(
                coverage.c.source == source, coverage.c.span == span, coverage.c.month <= until
            )
        )
        found: dict[str, set[Month]] = {}
        for dataset, month in rows:
            found.setdefault(dataset, set()).add(Month.from_key(month))
        return found

    return kept(connection, ("covered", source, span, until), read)


def fingerprint_of_data(connection: Connection, source: str, until: Month) -> str:
    """Changes when, and only when, the extracts behind the months up to `until` change."""
    rows = connection.execute(
        select(coverage.c.dataset, coverage.c.month, coverage.c.extract_id)
        .where(coverage.c.source == source, coverage.c.span == 1, coverage.c.month <= until.key)
        .order_by(coverage.c.month, coverage.c.dataset)
    )
    return ";".join(f"{d}:{m}:{e}" for d, m, e in rows)


def holders(connection: Connection, source: str, month: Month) -> set[int]:
    """The extracts that now hold what a source has published for periods that end with a month."""
    rows = connection.execute(
        select(coverage.c.extract_id).where(coverage.c.source == source, coverage.c.month == month.key)
    )
    return set(rows.scalars())


def set_aside(connection: Connection, source: str, until: Month) -> dict[Month, float]:
    """By month, up to one, the share of the rows of the files that hold it that were set aside; none of 0."""
    rows = connection.execute(
        select(
            coverage.c.month,
            func.sum(extracts.c.rows_quarantined).label("aside"),
            func.sum(extracts.c.physical_rows).label("rows"),
        )
        .join(extracts, extracts.c.id == coverage.c.extract_id)
        .where(coverage.c.source == source, coverage.c.span == 1, coverage.c.month <= until.key)
        .group_by(coverage.c.month)
    )
    return {Month.from_key(r.month): float(r.aside) / float(r.rows) for r in rows if r.aside and r.rows}


def revised_months(connection: Connection, source: str, *, until: int = FAR) -> dict[Month, int]:
    """Months that a later edition changed, with the number of counts that changed."""
    rows = connection.execute(
        select(revisions.c.month, func.count())
        .where(revisions.c.source == source, revisions.c.month <= until)
        .group_by(revisions.c.month)
    )
    return {Month.from_key(m): n for m, n in rows}


def quarantined(connection: Connection, extract: int | None = None) -> list[dict[str, object]]:
    """Rows in quarantine with the file they came from."""
    query = (
        select(quarantine, extracts.c.name, extracts.c.source)
        .join(extracts, extracts.c.id == quarantine.c.extract_id)
        .order_by(quarantine.c.id)
    )
    if extract is not None:
        query = query.where(quarantine.c.extract_id == extract)
    return [dict(r) for r in connection.execute(query).mappings()]


def series_of(connection: Connection, source: str, span: int) -> dict[str, set[str]]:
    """For each dataset of a source, the series it has ever given at this span."""

    def of(some: Sequence[int]) -> Iterator[tuple[int, tuple[object, ...]]]:
        own = counts.c.extract_id  # by the extract: its index holds all that is asked for
        query = select(own, counts.c.span, counts.c.series).where(own.in_(some)).distinct()
        return ((extract, (each, series)) for extract, each, series in connection.execute(query))

    def read() -> dict[int, dict[str, set[str]]]:
        names = select(extracts.c.id, extracts.c.dataset).where(extracts.c.source == source)
        dataset = {row.id: row.dataset for row in connection.execute(names)}
        found: dict[int, dict[str, set[str]]] = {}
        for extract, pairs in of_extracts(connection, ("series_of",), source, of).items():
            for each, series in pairs:
                found.setdefault(int(str(each)), {}).setdefault(dataset[extract], set()).add(str(series))
        return found

    # Every span at once: the whole source is gone through for one as for all.
    return kept(connection, ("series_of", source), read).get(span, {})


def row_counts(connection: Connection, source: str, dataset: str, window: Window) -> list[int]:
    """Rows of each month of a dataset that is in: what a new month's volume is weighed against."""
    rows = connection.execute(
        select(extracts.c.physical_rows).where(
            extracts.c.source == source,
            extracts.c.dataset == dataset,
            extracts.c.state == "current",
            extracts.c.last_month.between(window.first.key, window.last.key),
        )
    )
    return [n for (n,) in rows]
