"""Counts, printed figures and streets out of the database."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence

import pandas as pd
from sqlalchemy import ColumnElement, Connection, Row, and_, bindparam, func, select

from jobs.store.tables import counts, extracts, incidents, published
from rules.model import Month, Window

COUNT_COLUMNS = ("area", "series", "month", "span", "extract_id", "count")

# Built once: that takes longer than reading an LSOA's few rows.
_STREETS = (
    select(incidents.c.street, incidents.c.area, func.count().label("n"))
    .join(extracts, extracts.c.id == incidents.c.extract_id)
    .where(
        extracts.c.source == bindparam("source"),
        incidents.c.area.in_(bindparam("areas", expanding=True)),
        incidents.c.series.in_(bindparam("series", expanding=True)),
        incidents.c.month.between(bindparam("first"), bindparam("last")),
        incidents.c.street != "",
    )
    .group_by(incidents.c.street, incidents.c.area)
    .order_by(func.count().desc(), incidents.c.street)
)

# From the index alone: see tables.counts. As the result of a function the areas are looked at, not looked up:
# most of what a source gives is about them.
_GIVEN = select(counts.c.area, counts.c.month, counts.c.count).where(
    counts.c.source == bindparam("source"),
    counts.c.month.in_(bindparam("months", expanding=True)),
    counts.c.series == bindparam("series"),
    counts.c.span == 1,
    func.coalesce(counts.c.area, "").in_(bindparam("areas", expanding=True)),
)


def fetch_counts(
    connection: Connection,
    *,
    source: str | None = None,
    series: Iterable[str] | None = None,
    areas: Iterable[str] | None = None,
    window: Window | None = None,
    span: int | None = None,
) -> pd.DataFrame:
    """Counts with the dataset they belong to; `count` is float, NaN = suppressed.

    `window` bounds the month a count ends with.
    """
    clauses: list[ColumnElement[bool]] = []
    if source is not None:
        # SQLite without statistics prefers (source, month) to the areas: every area of the county is then
        # read for each question about one. As the result of a function the source does not tempt it.
        own = counts.c.source if areas is None else func.coalesce(counts.c.source, "")
        clauses.append(own == source)
    if series is not None:
        clauses.append(counts.c.series.in_(list(series)))
    if areas is not None:
        clauses.append(counts.c.area.in_(list(areas)))
    if window is not None:
        clauses.append(counts.c.month.between(window.first.key, window.last.key))
    if span is not None:
        clauses.append(counts.c.span == span)
    query = select(*(counts.c[name] for name in COUNT_COLUMNS)).where(and_(True, *clauses))
    # By columns: pandas takes a hundred thousand rows apart more slowly than the database finds them.
    rows = zip(*connection.execute(query).all(), strict=True)
    # No rows have no columns either: not strict.
    frame = pd.DataFrame(dict(zip(COUNT_COLUMNS, rows, strict=False)), columns=list(COUNT_COLUMNS))
    frame["count"] = frame["count"].astype("float64")
    # Not joined: a few hundred extracts are known sooner than each row's is looked up.
    named = connection.execute(select(extracts.c.id, extracts.c.dataset))
    frame["dataset"] = frame.pop("extract_id").map({row.id: row.dataset for row in named})
    return frame


def sums(
    connection: Connection,
    source: str,
    *,
    series: Collection[str],
    areas: Collection[str] | None,
    months: Collection[Month],
    span: int,
    dataset: str | None = None,
) -> dict[str, dict[int, float]]:
    """Counts of a source added up by the database: area -> month -> all the series together.

    NaN where one of them was withheld; `areas` None = every area stored. `months`: those that counts end
    with. `dataset` None = every one.
    """
    known = func.count(counts.c.count)
    query = (
        select(counts.c.area, counts.c.month, func.sum(counts.c.count), func.count() - known)
        .where(
            # As the result of a function the source does not tempt SQLite away from the areas: see above.
            func.coalesce(counts.c.source, "") == source,
            counts.c.series.in_(sorted(series)),
            counts.c.month.in_([m.key for m in sorted(months)]),
            counts.c.span == span,
        )
        .group_by(counts.c.area, counts.c.month)
    )
    if areas is not None:
        query = query.where(counts.c.area.in_(sorted(areas)))
    if dataset is not None:
        query = query.join(extracts, extracts.c.id == counts.c.extract_id)
        query = query.where(extracts.c.dataset == dataset)
    found: dict[str, dict[int, float]] = {}
    for area, month, total, withheld in connection.execute(query):
        found.setdefault(area, {})[month] = math.nan if withheld else float(total)
    return found


def counts_given(
    connection: Connection, source: str, series: str, months: Collection[Month], areas: Collection[str]
) -> Sequence[Row[str, int, int | None]]:
    """(area, month, count) of a monthly source in one series; None = suppressed."""
    asked = {"source": source, "series": series, "months": [m.key for m in months], "areas": list(areas)}
    return connection.execute(_GIVEN, asked).all()


def fetch_published(connection: Connection, series: str, month: int, span: int) -> pd.DataFrame:
    """Rates, bands and ranks as a source printed them: area, rate, band, rank, source, dataset."""
    rows = connection.execute(
        select(
            published.c.area, published.c.rate, published.c.band, published.c.rank,
            extracts.c.source, extracts.c.dataset,
        )
        .join(extracts, extracts.c.id == published.c.extract_id)
        .where(published.c.series == series, published.c.month == month, published.c.span == span)
    ).all()  # fmt: skip
    return pd.DataFrame.from_records(
        [tuple(r) for r in rows], columns=["area", "rate", "band", "rank", "source", "dataset"]
    )


def streets(
    connection: Connection, areas: Iterable[str], series: Iterable[str], window: Window, source: str
) -> list[tuple[str, str, int]]:
    """(street, area, incidents) of one source, most first; rows without a street are left out."""
    asked = {
        "source": source, "areas": list(areas), "series": list(series),
        "first": window.first.key, "last": window.last.key,
    }  # fmt: skip
    return [(r.street, r.area, r.n) for r in connection.execute(_STREETS, asked)]


def months_of_keys(
    connection: Connection, source: str, keys: Sequence[int], but: Iterable[Month]
) -> dict[int, Month]:
    """Which of these crime keys the source has counted in another month than `but`, and in which."""
    found: dict[int, Month] = {}
    own = [month.key for month in but]
    for start in range(0, len(keys), 5000):
        rows = connection.execute(
            select(incidents.c.crime_key, incidents.c.month)
            .join(extracts, extracts.c.id == incidents.c.extract_id)
            .where(
                incidents.c.crime_key.in_([int(k) for k in keys[start : start + 5000]]),
                incidents.c.month.not_in(own),
                func.coalesce(extracts.c.source, "") == source,  # not to tempt SQLite: see `sums`
            )
        )
        found.update({r.crime_key: Month.from_key(r.month) for r in rows})
    return found
