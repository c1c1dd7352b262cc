"""Two stages by themselves: reading a force-month against pandas, storing counts against sqlite3. In turns.

pandas' C engine reads the same bytes and groups them by LSOA and crime type, and checks nothing. sqlite3's
`executemany` puts the same rows, ready as tuples, into the same table with the same safeguards.
"""

from __future__ import annotations

import io
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pandas as pd

from jobs.house import House
from jobs.sources.archive import open_path
from jobs.sources.base import Outcome, RawFile, ReadContext
from jobs.sources.readers import read, wanted
from jobs.store import schema
from jobs.store.bulk import insert_rows
from jobs.store.engine import Store
from jobs.store.rows import count_rows
from jobs.store.tables import counts
from jobs.store.write import land

READ_GOAL = 3.5 / 2.34  # performance.md: 3.5 duckdbs, of which pandas' C engine takes 2.34
STORE_GOAL = 1.3
PRAGMAS = ("synchronous=FULL", "foreign_keys=ON", "cache_size=-65536")
COLUMNS = ("series", "area", "month", "span", "count", "extract_id", "source", "vintage")


def main(partnership: Path, paths: list[Path], rounds: int) -> None:
    """Both stages on these extracts of the police."""
    with tempfile.TemporaryDirectory(prefix="tocsin-bench-") as folder:
        database = Path(folder) / "stages.db"
        house = House(partnership, Store.at(f"sqlite:///{database}"))
        schema.create_or_require(house.store)
        months = files(house, paths)
        reading(house, months, rounds)
        storing(house, database, months, rounds)
        house.store.close()


def files(house: House, paths: list[Path]) -> list[RawFile]:
    """The street files, unpacked."""
    street = wanted(house.partnership.source("police"))
    every = (opened for path in paths for opened in open_path(path, street))
    return [opened.raw for opened in every if opened.raw is not None]


def reading(house: House, months: list[RawFile], rounds: int) -> None:
    """One force-month read and validated; medians over all months."""
    context = _context(house)
    read(months[0], context)  # what is imported on first use is not what a month costs
    mine, theirs = [], []
    for raw in months * rounds:
        mine.append(_seconds(partial(read, raw, context)))
        theirs.append(_seconds(partial(_grouped, raw)))
    rows = read(months[-1], context).physical_rows
    _say(f"one force-month read and validated ({rows:,} rows)", mine, theirs, "pandas", READ_GOAL)


def storing(house: House, database: Path, months: list[RawFile], rounds: int) -> None:
    """The counts of every month in one transaction, as if they were all of one extract."""
    context = _context(house)
    with house.store.write() as connection:
        extract = land(connection, "police", months[0], read(months[0], context), Outcome.ACCEPT, house.now())
    frame = pd.concat([read(raw, context).counts for raw in months], ignore_index=True)
    rows = list(_rows(frame, extract.extract))

    def ours() -> None:
        with house.store.write() as connection:
            insert_rows(connection, counts, COLUMNS, _rows(frame, extract.extract))

    mine, theirs = [], []
    with closing(sqlite3.connect(database, isolation_level=None)) as peer:
        for pragma in PRAGMAS:
            peer.execute(f"PRAGMA {pragma}")
        for _ in range(rounds):
            peer.execute("DELETE FROM counts")
            mine.append(_seconds(ours))
            peer.execute("DELETE FROM counts")
            theirs.append(_seconds(lambda: _executemany(peer, rows)))
    _say(f"{len(rows):,} counts stored", mine, theirs, "executemany", STORE_GOAL)


def _executemany(peer: sqlite3.Connection, rows: list[tuple[str | int | None, ...]]) -> None:
    peer.execute("BEGIN IMMEDIATE")
    names, marks = ", ".join(COLUMNS), ", ".join("?" * len(COLUMNS))
    peer.executemany(f"INSERT INTO counts ({names}) VALUES ({marks})", rows)
    peer.execute("COMMIT")


def _context(house: House) -> ReadContext:
    return ReadContext(house.partnership.source("police"), house.geography, house.lexicon, house.today)


def _rows(frame: pd.DataFrame, extract: int) -> Iterator[tuple[str | int | None, ...]]:
    return ((*row, extract, "police", 2011) for row in count_rows(frame))


def _grouped(raw: RawFile) -> None:
    pd.read_csv(io.BytesIO(raw.content), engine="c").groupby(["LSOA code", "Crime type"]).size()


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _say(title: str, mine: list[float], theirs: list[float], peer: str, goal: float) -> None:
    a, b = statistics.median(mine), statistics.median(theirs)
    verdict = "met" if a / b <= goal else "missed"
    print(
        f"{title:48} {1000 * a:6.0f} ms  {peer} {1000 * b:4.0f} ms  ratio {a / b:5.2f}   "
        f"goal <= {goal:.2f}: {verdict}"
    )
