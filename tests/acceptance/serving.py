"""The real program as a process, and a partnership with an inbox for it to serve."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.acceptance.forked import Nursery, Running, environment
from tests.cli import NWL, ROOT

PATIENCE = 40.0  # seconds; whatever takes longer is stuck
_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")


def wait_for(what: str, ready: Callable[[], bool], seconds: float = PATIENCE) -> None:
    """Look until it is so."""
    deadline = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < deadline, f"{what}: not within {seconds:g} s"
        time.sleep(0.02)


def partnership(folder: Path) -> tuple[Path, Path]:
    """A copy of the shipped folder with one source, police, that reads an inbox only; and the inbox."""
    made, inbox = folder / "partnership", folder / "inbox"
    made.mkdir()
    inbox.mkdir()
    for path in NWL.iterdir():
        if path.is_file():
            (made / path.name).write_bytes(path.read_bytes())
    text = (NWL / "partnership.toml").read_text(encoding="utf-8")
    text = text[: text.index("[sources.fire]")] + text[text.index("[channels.") :]
    text = re.sub(r"(?m)^(archive_url|dates_url) = .*\n", "", text)
    text = text.replace('sample = "sample/police"', f'inbox = "{inbox}"')
    assert f'inbox = "{inbox}"' in text
    (made / "partnership.toml").write_text(text, encoding="utf-8")
    return made, inbox


def drop(inbox: Path, first: str, last: str) -> int:
    """Put the shipped months into the inbox, the district's rows only: a month is then a matter of 0.1 s."""
    months = [z for z in sorted((NWL / "sample" / "police").glob("*.zip")) if first <= z.stem <= last]
    for path in months:
        with zipfile.ZipFile(path) as archive:
            (name,) = archive.namelist()
            head, *rows = archive.read(name).decode().splitlines(keepends=True)
        kept = [row for row in rows if ",North West Leicestershire " in row]
        (inbox / Path(name).name).write_text("".join([head, *kept]), encoding="utf-8")
    return len(months)


@dataclass
class Program:
    """`tocsin serve --console` on one database, started any number of times; what it prints piles up."""

    nursery: Nursery
    folder: Path
    database: str
    home: Path  # the partnership
    started: list[Running] = field(default_factory=list)

    def start(self, as_of: str | None, *, tick: float = 0.2, cold: bool = False) -> Running:
        """A new process; its clock starts at noon of `as_of`, else it is the wall clock.

        `cold`: with a Python of its own, that has everything still to import.
        """
        clock = ["--as-of", as_of] if as_of else []
        words = [
            "--partnership", str(self.home), "--database", self.database, *clock,
            "serve", "--console", "--tick", str(tick), "--port", "0",
        ]  # fmt: skip
        err = self._err(len(self.started))
        self.started.append(self._cold(words, err) if cold else self.nursery.start(words, self._out, err))
        return self.started[-1]

    def _cold(self, words: list[str], err: Path) -> Running:
        command = [sys.executable, "-m", "bot", *words]
        with self._out.open("ab") as out, err.open("wb") as told:
            return subprocess.Popen(command, cwd=ROOT, env=environment(), stdout=out, stderr=told)

    def end(self) -> None:
        """End every process that still runs."""
        for process in self.started:
            self.kill(process)

    def terminate(self, process: Running, within: float = 10.0) -> int:
        """SIGTERM; its exit code."""
        process.send_signal(signal.SIGTERM)
        return process.wait(within)

    def kill(self, process: Running) -> None:
        """SIGKILL, if it still runs."""
        process.send_signal(signal.SIGKILL)
        process.wait(PATIENCE)

    def address(self) -> str:
        """Where the process that was started last says it listens."""
        number = len(self.started) - 1
        wait_for("the address", lambda: _ADDRESS.search(self.said(number)) is not None)
        found = _ADDRESS.search(self.said(number))
        assert found is not None
        return found[0]

    def ask(self, path: str) -> tuple[int, str]:
        """GET a path of the process that was started last."""
        try:
            with urllib.request.urlopen(self.address() + path, timeout=5) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def said(self, number: int = -1) -> str:
        """Standard error of a process, by its number."""
        path = self._err(range(len(self.started))[number])
        return path.read_text(encoding="utf-8") if path.exists() else ""

    def printed(self) -> list[str]:
        """Every line of standard output so far, of all processes."""
        return self._out.read_text(encoding="utf-8").splitlines() if self._out.exists() else []

    @property
    def _out(self) -> Path:
        return self.folder / "out.txt"

    def _err(self, number: int) -> Path:
        return self.folder / f"err-{number}.txt"
