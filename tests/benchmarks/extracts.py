"""One force-month, and the whole shipped collection, end to end, against pandas reading the same files.

Every measurement is a process of its own (time and peak memory are the operating system's), in turns:
ours, peer, ours, peer. The peer reads the zips with `pandas.read_csv` and groups by LSOA and crime type; it
checks nothing, stores nothing and judges nothing.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "deploy" / "partnerships" / "nwl" / "sample" / "police"

_PEER = """
import sys, zipfile, pandas as pd
for path in sys.argv[1:]:
    with zipfile.ZipFile(path) as archive:
        with archive.open(archive.namelist()[0]) as member:
            frame = pd.read_csv(member)
    frame.groupby(["LSOA code", "Crime type"]).size()
"""


@dataclass(frozen=True)
class Cost:
    """Of one process."""

    seconds: float
    megabytes: float


def measure(command: Sequence[str]) -> Cost:
    """Run a command to its end; wall time, and the peak memory of that process alone."""
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert process.stderr is not None
    errors = process.stderr.read()
    process.stderr.close()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command[:4])} ... failed: {errors.decode()[-500:]}")
    return Cost(time.perf_counter() - started, usage.ru_maxrss / 1024)


def ours(paths: Sequence[Path], folder: Path) -> Cost:
    """Read, validate, store, judge, write alerts: two commands on a new database."""
    database = f"sqlite:///{folder / 'bench.db'}"
    tocsin = [sys.executable, "-m", "bot", "--database", database]
    origins = [part for path in paths for part in ("--from", str(path))]
    pull = measure([*tocsin, "pull", "police", "--json", *origins])
    judge = measure([*tocsin, "evaluate", "--json"])
    return Cost(pull.seconds + judge.seconds, max(pull.megabytes, judge.megabytes))


def next_month(paths: Sequence[Path], folder: Path) -> Cost:
    """The newest month arriving in a database that holds the months before: what a partnership waits for."""
    database = f"sqlite:///{folder / 'bench.db'}"
    tocsin = [sys.executable, "-m", "bot", "--database", database]
    before = [part for path in paths[:-1] for part in ("--from", str(path))]
    measure([*tocsin, "pull", "police", "--json", *before])
    measure([*tocsin, "evaluate", "--json"])
    pull = measure([*tocsin, "pull", "police", "--json", "--from", str(paths[-1])])
    judge = measure([*tocsin, "evaluate", "--json"])
    return Cost(pull.seconds + judge.seconds, max(pull.megabytes, judge.megabytes))


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
        f"{title:44} {a:7.2f} s  pandas {b:6.2f} s  ratio {a / b:5.2f}   "
        f"peak {max(c.megabytes for c in mine):4.0f} MB, pandas {max(c.megabytes for c in theirs):4.0f} MB"
    )


def main(repeats: int) -> None:
    """One month, the newest month on top of the others, and everything there is."""
    folder = Path(os.environ.get("TOCSIN_COLLECTION", SAMPLE))
    paths = sorted(folder.glob("*.zip"))
    print(f"extracts: {len(paths)} months, median of {repeats}")
    compare("one force-month into an empty database", paths[-1:], repeats)
    compare(f"the newest of {len(paths)} months, read to alerts", paths, 1, newest=True)
    compare(f"{len(paths)} months, read to alerts", paths, 1)
