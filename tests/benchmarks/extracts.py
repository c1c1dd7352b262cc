"""One force-month, and the whole shipped collection, end to end, against pandas reading the same files.

After them two stages by themselves (`stages`).

Every measurement is a process of its own (time and peak memory are the operating system's), in turns:
ours, peer, ours, peer. The peer reads the zips with `pandas.read_csv` and groups by LSOA and crime type; it
checks nothing, stores nothing and judges nothing.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks import stages
from tests.benchmarks.process import ROOT, Cost, measure

PARTNERSHIP = ROOT / "deploy" / "partnerships" / "nwl"
SAMPLE = PARTNERSHIP / "sample" / "police"

_PEER = """
import sys, zipfile, pandas as pd
for path in sys.argv[1:]:
    with zipfile.ZipFile(path) as archive:
        with archive.open(archive.namelist()[0]) as member:
            frame = pd.read_csv(member)
    frame.groupby(["LSOA code", "Crime type"]).size()
"""


def ours(paths: Sequence[Path], folder: Path) -> Cost:
    """Read, validate, store, judge, write alerts: two commands on a new database."""
    database = f"sqlite:///{folder / 'bench.db'}"
    tocsin = [sys.executable, "-m", "bot", "--database", database]
    origins = [part for path in paths for part in ("--from", str(path))]
    pull = measure([*tocsin, "pull", "police", "--json", *origins])
    judge = measure([*tocsin, "evaluate", "--json"])
    return pull.then(judge)


def next_month(paths: Sequence[Path], folder: Path) -> Cost:
    """The newest month arriving in a database that holds the months before: what a partnership waits for."""
    database = f"sqlite:///{folder / 'bench.db'}"
    tocsin = [sys.executable, "-m", "bot", "--database", database]
    before = [part for path in paths[:-1] for part in ("--from", str(path))]
    measure([*tocsin, "pull", "police", "--json", *before])
    measure([*tocsin, "evaluate", "--json"])
    pull = measure([*tocsin, "pull", "police", "--json", "--from", str(paths[-1])])
    judge = measure([*tocsin, "evaluate", "--json"])
    return pull.then(judge)


def peer(paths: Sequence[Path]) -> Cost:
    """pandas alone."""
    return measure([sys.executable, "-c", _PEER, *map(str, paths)])


def compare(title: str, paths: Sequence[Path], repeats: int, *, newest: bool = False) -> None:
    """Print medians, the ratio, and peak memory of both."""
    mine, theirs = [], []
    for _ in range(repeats):
        with tempfile.TemporaryDirectory(prefix="tocsin-bench-") as folder:
            mine.append(next_month(paths, Path(folder)) if newest else ours(paths, Path(folder)))
        theirs.append(peer(paths[-1:] if newest else paths))
    a, b = (statistics.median(c.seconds for c in costs) for costs in (mine, theirs))
    print(
        f"{title:48} {a:7.2f} s  pandas {b:6.2f} s  ratio {a / b:5.2f}   "
        f"peak {max(c.megabytes for c in mine):4.0f} MB, pandas {max(c.megabytes for c in theirs):4.0f} MB"
    )


def main(repeats: int) -> None:
    """One month, the newest month on top of the others, everything there is; then single stages."""
    folder = Path(os.environ.get("TOCSIN_COLLECTION", SAMPLE))
    paths = sorted(folder.glob("*.zip"))
    if not paths:
        raise SystemExit(f"{folder} holds no zip")
    print(f"extracts: {len(paths)} months, median of {repeats}")
    compare("one force-month into an empty database", paths[-1:], repeats)
    compare(f"the newest of {len(paths)} months, read to alerts", paths, 1, newest=True)
    compare(f"{len(paths)} months, read to alerts", paths, 1)
    stages.main(PARTNERSHIP, paths, repeats)
