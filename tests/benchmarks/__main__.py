"""`make bench`: measured figures as ratios against a named peer in the same run. No figure is asserted.

Each part is a process of its own, so that one that fails is named and the others still run.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from tests.benchmarks.process import ONE_THREAD, ROOT


@dataclass(frozen=True)
class Part:
    """One benchmark and the words that announce it."""

    title: str
    call: tuple[str, ...]  # for the interpreter
    one_thread: bool = True


def parts(*, full: bool) -> Iterator[Part]:
    """In the order in which they run; `full` repeats more and takes the better part of an hour."""

    def call(module: str, rounds: int) -> tuple[str, ...]:
        return ("-c", f"import tests.benchmarks.{module} as part; part.main({rounds})")

    yield Part("Extracts: read, stored and judged, against pandas", call("extracts", 9 if full else 2), False)
    yield Part("Detection: series-months a second, against R", call("detection", 9 if full else 3))
    seconds = 120 if full else 20  # the first seconds are questions that nobody has asked before
    yield Part(
        "Questions: /hotspots at five million counts, a hundred a second", call("load.run", seconds), False
    )
    histories = 600 if full else 30
    yield Part(f"Null histories: {histories} districts in which nothing happens", call("quiet", histories))
    size = () if full else ("--quick",)
    yield Part("Simulation: how often each rule cries wolf", ("-m", "tests.benchmarks.simulation", *size))


def main() -> int:
    """Run every part; 1 when one of them failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--full", action="store_true", help="the long versions: steadier figures")
    chosen = list(parts(full=parser.parse_args().full))
    began, failed = time.monotonic(), []
    for number, part in enumerate(chosen, 1):
        print(f"\n{number} of {len(chosen)}  {part.title}", flush=True)
        if code := run(part):
            failed.append(part.title)
            print(f"failed with exit code {code}", flush=True)
    print(f"\n{len(chosen) - len(failed)} of {len(chosen)} measured in {time.monotonic() - began:.0f} s")
    return 1 if failed else 0


def run(part: Part) -> int:
    """Pass its lines on as they come; a spinner and a clock for people who watch. Returns its exit code."""
    environment = {**os.environ, **(ONE_THREAD if part.one_thread else {}), "PYTHONUNBUFFERED": "1"}
    with (
        Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            transient=True,
            disable=not sys.stderr.isatty(),
            redirect_stdout=sys.stdout.isatty(),
        ) as progress,
        subprocess.Popen(
            [sys.executable, *part.call], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
        ) as process,
    ):
        progress.add_task(part.title, total=None)
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
    return process.returncode


if __name__ == "__main__":
    sys.exit(main())
