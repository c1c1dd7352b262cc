"""The program as a process without the second that its imports take: forked from one that has them.

Run as `python -m tests.acceptance.forked` this is that one. It takes an order a line on standard input: the
words of a command with the files for its output, or the number of a process that it is asked about.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import IO, Protocol

from tests.cli import ROOT

_ASKED_FOR = (
    "alembic.command", "bot.commands.serve", "bot.health.server", "bot.works", "jobs.actions",
    "jobs.folder.library", "jobs.scheduler", "jobs.store.schema", "pyarrow.csv", "scipy.stats",
)  # fmt: skip


class Running(Protocol):
    """What a test does with a process: as subprocess.Popen."""

    def poll(self) -> int | None:
        """The exit code; None while it runs."""
        ...

    def wait(self, timeout: float | None = None) -> int:
        """The exit code, waited for; TimeoutExpired."""
        ...

    def send_signal(self, sig: int) -> None:
        """Send a signal."""
        ...


def environment() -> dict[str, str]:
    """A wide terminal (no line is wrapped, so that a title is one line) and nothing of the caller's."""
    plain = {k: v for k, v in os.environ.items() if not k.startswith("TOCSIN_")}
    return plain | {"COLUMNS": "400"}


class Nursery:
    """Starts `tocsin` commands as processes that have everything imported."""

    def __init__(self) -> None:
        # One thread a process: forking one that has several may leave the child with a lock nobody holds.
        single = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.acceptance.forked"], cwd=ROOT, env=environment() | single,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def start(self, words: list[str], out: Path, err: Path) -> Running:
        """A new process; its output is appended to the files."""
        return _Forked(self, int(self.ask({"words": words, "out": str(out), "err": str(err)}) or 0))

    def ask(self, order: object) -> int | None:
        """Send an order; the answer."""
        given, answers = self._process.stdin, self._process.stdout
        assert given is not None
        assert answers is not None
        given.write(json.dumps(order) + "\n")
        given.flush()
        answer: int | None = json.loads(answers.readline())
        return answer

    def close(self) -> None:
        """No more orders."""
        self._process.communicate(timeout=10)


@dataclass
class _Forked:
    nursery: Nursery
    pid: int
    code: int | None = None

    def poll(self) -> int | None:
        if self.code is None:
            self.code = self.nursery.ask(self.pid)
        return self.code

    def wait(self, timeout: float | None = None) -> int:
        deadline = None if timeout is None else time.monotonic() + timeout
        while (code := self.poll()) is None:
            if deadline is not None and time.monotonic() > deadline:
                raise subprocess.TimeoutExpired("tocsin", timeout or 0.0)
            time.sleep(0.005)
        return code

    def send_signal(self, sig: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, sig)


def _answer_orders(orders: IO[str]) -> None:
    from bot.cli import main

    for name in _ASKED_FOR:
        import_module(name)
    for line in orders:
        order = json.loads(line)
        if isinstance(order, int):
            pid, status = os.waitpid(order, os.WNOHANG)
            print(json.dumps(os.waitstatus_to_exitcode(status) if pid else None), flush=True)
        elif pid := os.fork():
            print(pid, flush=True)
        else:
            signal.signal(signal.SIGINT, signal.default_int_handler)
            for path, number in ((os.devnull, 0), (order["out"], 1), (order["err"], 2)):
                os.dup2(os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644), number)
            sys.argv = ["tocsin", *order["words"]]
            main()  # leaves by sys.exit, as it always does: the interpreter then ends as it always does


if __name__ == "__main__":
    _answer_orders(sys.stdin)
