"""Five million counts in the real schema: the county's LSOAs and invented ones, the fourteen police types,
every month since 2010. The figures are made up; the areas of the county, the types and the months are real.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from jobs.house import House
from jobs.store import schema
from jobs.store.engine import Store
from rules.model import Month
from tests.cli import NWL
from tests.sample import load

FIRST, LAST = Month(2010, 1), Month(2025, 12)
NOON = dt.datetime(2026, 2, 20, 12, tzinfo=dt.UTC)
SERIES = (
    "asb", "bicycle-theft", "burglary", "criminal-damage", "drugs", "other-crime", "other-theft", "weapons",
    "public-order", "robbery", "shoplifting", "theft-from-person", "vehicle-crime", "violence",
)  # fmt: skip
PRAGMAS = ("synchronous=OFF", "journal_mode=MEMORY", "cache_size=-262144", "temp_store=MEMORY")
_INSERT = "INSERT INTO counts (area, series, month, span, extract_id, source, count, vintage) "


def make(database: Path, rows: int, partnership: Path = NWL) -> House:
    """The shipped samples of the other sources, and `rows` counts of the police; says how long it took."""
    began = time.perf_counter()
    house = House(partnership, Store.at(f"sqlite:///{database}"), lambda: NOON)
    schema.create_or_require(house.store)
    for name, source in house.partnership.sources.items():
        if source.sample and source.reader != "police-street":
            load(house, name)
    house.store.close()
    months = [m.key for m in FIRST.until(LAST)]
    areas = rows // (len(SERIES) * len(months))
    own = list(house.geography.base_units)[:areas]
    codes = sorted(own + [f"X01{n:06d}" for n in range(areas - len(own))])
    with closing(sqlite3.connect(database, isolation_level=None)) as raw:
        for pragma in PRAGMAS:
            raw.execute(f"PRAGMA {pragma}")
        raw.execute("BEGIN")
        indexes = _without_indexes(raw)
        _fill(raw, codes, months)
        for index in indexes:
            raw.execute(index)
        raw.execute("COMMIT")
        (made,) = raw.execute("SELECT count(*) FROM counts").fetchone()
    size = database.stat().st_size / 1e6
    took = time.perf_counter() - began
    print(f"{made:,} counts of {len(codes):,} areas and {len(months)} months: {size:.0f} MB in {took:.0f} s")
    return house


def _without_indexes(raw: sqlite3.Connection) -> list[str]:
    """Drops the indexes of the counts; the statements that make them again, far faster in one go."""
    found = raw.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'counts' AND sql IS NOT NULL"
    ).fetchall()
    for name, _ in found:
        raw.execute(f"DROP INDEX {name}")
    return [sql for _, sql in found]


def _extract(raw: sqlite3.Connection, month: int) -> int:
    """One accepted file a month, as `jobs.store.write.land` puts it away."""
    at = raw.execute(
        "INSERT INTO extracts (source, dataset, name, sha256, size, outcome, state, edition, first_month, "
        "last_month, received_at, physical_rows, rows_loaded, rows_quarantined, unlocated_rows, vintage) "
        "VALUES ('police', 'invented-street', ?, ?, 1, 'accept', 'current', 1, ?, ?, ?, 1, 1, 0, 0, 2011)",
        (f"{month}-invented-street.csv", f"{month:064d}", month, month, "2026-02-20 12:00:00.000000"),
    ).lastrowid
    assert at is not None
    raw.execute("INSERT INTO coverage VALUES ('police', 'invented-street', ?, 1, ?)", (month, at))
    return at


def _fill(raw: sqlite3.Connection, codes: list[str], months: list[int]) -> None:
    """Made by SQLite from three short lists, in the order of the primary key; no row passes Python."""
    for name, values in (("place", codes), ("kind", sorted(SERIES)), ("period", months)):
        raw.execute(f"CREATE TEMP TABLE {name} (n INTEGER PRIMARY KEY, value, extract_id INTEGER)")
        raw.executemany(f"INSERT INTO {name} (n, value) VALUES (?, ?)", enumerate(values))
    for n, month in enumerate(months):
        raw.execute("UPDATE period SET extract_id = ? WHERE n = ?", (_extract(raw, month), n))
    raw.execute(
        _INSERT + "SELECT place.value, kind.value, period.value, 1, period.extract_id, 'police', "
        "(place.n * 7919 + kind.n * 104729 + period.n * 31) % 97 % 9, 2011 "
        "FROM place CROSS JOIN kind CROSS JOIN period ORDER BY place.n, kind.n, period.n"
    )
