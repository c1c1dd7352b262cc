"""`make chaos`: the figures of trust, measured with real processes, real signals and real databases.

A table of what was tried, how often, and what went wrong; exit code 1 unless every line is as it must be.
Each line is a run of tests that fail on the first message lost, doubled or wrong; here they run for longer.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import math
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.process import ROOT

_OVER = 10.0  # percent that a storm may take longer than its pace asks for
_SLOWEST = 1.0  # seconds for an answer while a storm goes on
_MUST_BE_NOTHING = ("lost", "doubled", "wrong", "exact")
_LATE = -1  # in place of an exit code
_LONGER = 12
_WHOLE = 480.0  # seconds for all of it
_LANES = 2
_HERE = "tests/chaos"
_THERE = "tests/integration"


@dataclass(frozen=True)
class Figure:
    """A line of the table: what is tried, by which tests, with which settings."""

    number: int
    title: str
    tests: tuple[str, ...]
    settings: dict[str, str] = field(default_factory=dict)
    least: int = 1  # tests that must have run
    seconds: float = 60  # then it is ended, and has failed; twelve times as long in the long run
    alone: bool = False  # nothing else may run beside it


@dataclass(frozen=True)
class Found:
    """What came of it."""

    passed: int
    ended: int  # exit code
    seconds: float
    notes: tuple[dict[str, float], ...]
    said: str

    def faults(self, figure: Figure) -> list[str]:
        """Why it is not as it must be."""
        wrong = [] if self.ended == 0 else [f"exit code {self.ended}"]
        if self.ended == _LATE:
            wrong = [f"not finished in {self.seconds:.0f} s"]
        if self.passed < figure.least:
            wrong.append(f"{self.passed} of {figure.least} checks")
        for note in self.notes:
            wrong += [f"{name} {note[name]:.0f}" for name in _MUST_BE_NOTHING if note.get(name, 0)]
            wrong += [f"{note['over']:.0f} % over the floor"] if note.get("over", 0.0) > _OVER else []
            if note.get("slowest", 0.0) > _SLOWEST:
                wrong.append(f"an answer took {note['slowest']:.1f} s")
        return wrong


def figures(*, full: bool) -> Iterator[Figure]:
    """The ten of them; `full` takes an hour or more."""
    kills, slack, fuzzed = ("200", "200", "100000") if full else ("12", "6", "5000")
    lease = {"TOCSIN_LEASE_SECONDS": "3", "TOCSIN_WIRE_SECONDS": "0.4"}
    both = () if full else ("-k", "not postgresql")  # `make test` has both
    bots = {"TOCSIN_BOT_KILLS": kills, "TOCSIN_KILLS": slack} | lease
    yield Figure(
        1, f"Bots killed at random instants, {kills} + {slack} times on each database",
        (f"{_THERE}/test_kill.py", f"{_THERE}/test_slack_kill.py", f"{_THERE}/test_stopping.py"),
        bots, 10, 300,
    )  # fmt: skip
    yield Figure(
        2, "Answers of Slack and Teams dropped, late, 5xx, 429",
        (f"{_THERE}/test_slack_delivery.py", f"{_THERE}/test_teams_delivery.py",
         f"{_THERE}/test_delivery.py", *both), {}, 50, 200,
    )  # fmt: skip
    yield Figure(
        3, f"Three bots on one PostgreSQL, killed {kills} times: every run once",
        (f"{_HERE}/test_databases.py::test_three_bots_on_one_database",), bots, 1, 180,
    )  # fmt: skip
    few = {"TOCSIN_BOT_KILLS": "50" if full else "6"} | lease
    yield Figure(
        4, f"PostgreSQL killed mid-job {few['TOCSIN_BOT_KILLS']} times: resumes by itself",
        (f"{_HERE}/test_databases.py::test_postgresql_killed_under_the_bots",
         f"{_HERE}/test_databases.py::test_a_killed_server_is_really_gone"), few, 2, 180,
    )  # fmt: skip
    yield Figure(
        5, "Bad inputs: each as its manifest says, rows accounted for",
        ("tests/acceptance/test_bad_inputs.py", *both), {}, 4, 150,
    )  # fmt: skip
    yield Figure(
        6, "Ten years of clock changes with pauses of 40 days: each period once",
        (f"{_HERE}/test_clock.py", f"{_THERE}/test_scheduler.py"), {}, 10, 240,
    )  # fmt: skip
    yield Figure(
        7,
        "Revised extracts: only changed alerts are edited",
        (f"{_THERE}/test_alerting.py", *both),
        {},
        10,
        120,
    )
    yield from disclosure(full=full)
    yield Figure(
        9, f"{fuzzed} fuzzed commands; requests forged, replayed, malformed",
        (f"{_THERE}/test_slack_app_door.py", f"{_THERE}/test_slack_forged.py",
         "tests/unit/slack/test_signed.py"),
        {"TOCSIN_FUZZED_COMMANDS": fuzzed}, 20, 300,
    )  # fmt: skip
    yield Figure(
        10, f"A storm of {100 if full else 25} alerts on 50 channels: floor + 10 %, answers under 1 s",
        (f"{_HERE}/test_storm.py",), {}, 2, 150, alone=True,
    )  # fmt: skip


def disclosure(*, full: bool) -> Iterator[Figure]:
    """The attack on small numbers, number 8: worlds made at random, and the sample by the front desk."""
    yield Figure(
        8, "Disclosure: cells below k that an attacker with a linear programme finds exactly",
        (f"{_HERE}/test_disclosure.py",), {"TOCSIN_WORLDS": "60" if full else "4"}, 2, 280,
    )  # fmt: skip


def main() -> int:
    """Try everything, or what was asked for; 1 when a figure is not as it must be."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--full", action="store_true", help="the long run")
    parser.add_argument("--only", type=int, action="append", metavar="N", help="one figure; may be repeated")
    chosen = parser.parse_args()
    every = [f for f in figures(full=chosen.full) if not chosen.only or f.number in chosen.only]
    began, bad = time.monotonic(), 0
    for figure, found in measured(every, full=chosen.full):
        print(f"{figure.number:2}  {figure.title}", flush=True)
        faults = found.faults(figure)
        bad += bool(faults)
        told = "; ".join(_told(note) for note in found.notes)
        verdict = "NOT AS IT MUST BE: " + ", ".join(faults) if faults else "as it must be"
        print(f"    {found.passed} checks in {found.seconds:.0f} s{'; ' if told else ''}{told}: {verdict}")
        if faults:
            print(found.said, flush=True)
    numbers = {f.number for f in every}
    if not chosen.only and numbers != set(range(1, 11)):
        print(f"not measured here: {', '.join(str(n) for n in range(1, 11) if n not in numbers)}")
    took = time.monotonic() - began
    print(f"{len(every) - bad} of {len(every)} figures are as they must be, in {took:.0f} s")
    return 1 if bad else 0


def measured(every: list[Figure], *, full: bool) -> Iterator[tuple[Figure, Found]]:
    """Each with what came of it, in order: side by side, but for those that look at the time."""
    with ThreadPoolExecutor(_LANES) as pool:
        last = sum(f.seconds for f in every if f.alone)
        until = time.monotonic() + (_WHOLE - last) * (_LONGER if full else 1)
        found = {
            f.number: pool.submit(tried, f, full=full, until=until)
            for f in sorted(every, key=lambda f: f.seconds)  # most of them, where time is short
            if not f.alone
        }
        for figure in every:
            if not figure.alone:
                yield figure, found[figure.number].result()
    for figure in every:
        if figure.alone:
            yield figure, tried(figure, full=full)


def tried(figure: Figure, *, full: bool, until: float = math.inf) -> Found:
    """Run its tests in a process of their own; not beyond its own seconds, nor `until` of the clock."""
    limit = min(figure.seconds * (_LONGER if full else 1), until - time.monotonic())
    if limit < 1:
        return Found(0, _LATE, 0, (), "not begun: no time was left")
    with tempfile.TemporaryDirectory(prefix="tocsin-chaos-") as folder:
        notes = Path(folder) / "figures.jsonl"
        environment = os.environ | figure.settings | {"TOCSIN_FIGURES": str(notes)}
        environment |= {"TOCSIN_CHAOS": "full"} if full else {}
        began = time.monotonic()
        with (Path(folder) / "said.txt").open("w+", encoding="utf-8", errors="replace") as output:
            command = [
                sys.executable, "-m", "pytest", "-o", "addopts=--import-mode=importlib", "-v",
                "--no-header", "-p", "no:cacheprovider",
                "-rf", "--color=no", "--tb=short", "--show-capture=no", *figure.tests,
            ]  # fmt: skip
            # A group of its own: what it has started ends with it.
            process = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=output, stderr=output, start_new_session=True
            )
            ended = _ended(process, limit)
            seconds = time.monotonic() - began
            output.seek(0)
            said = output.read()
        lines = notes.read_text(encoding="utf-8").splitlines() if notes.exists() else []
    passed = len(re.findall(r" PASSED +\[", said))
    return Found(passed, ended, seconds, tuple(json.loads(line) for line in lines), said[-3_000:])


def _ended(process: subprocess.Popen[bytes], seconds: float) -> int:
    """The exit code; _LATE when it had to be ended: asked first, so that its servers go, and then killed."""
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        for sign in (signal.SIGINT, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, sign)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(5)
        return _LATE


def _told(note: dict[str, float]) -> str:
    return ", ".join(f"{name} {value:g}" for name, value in note.items())


if __name__ == "__main__":
    sys.exit(main())
