"""The `tocsin` command as a shell would run it, in this process: the same parsing, the same exit codes."""

from __future__ import annotations

import json
import sys
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import pytest

from bot.cli import main
from bot.commands.setup import Setup
from jobs.house import House

ROOT = Path(__file__).resolve().parents[1]
NWL = ROOT / "deploy" / "partnerships" / "nwl"


@dataclass(frozen=True)
class Result:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        """JSON lines of standard output."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def json(self) -> dict[str, Any]:
        """The one JSON object."""
        (only,) = self.lines
        return only


Tocsin = Callable[..., Result]


@pytest.fixture
def tocsin(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Tocsin:
    """Run the command as a shell would, in this process: the same parsing, the same exit codes."""
    monkeypatch.chdir(ROOT)
    for name in ("TOCSIN_DATABASE_URL", "TOCSIN_DATABASE_URL_FILE", "TOCSIN_PARTNERSHIP"):
        monkeypatch.delenv(name, raising=False)

    def run(*arguments: str | Path, database: str | None = None, partnership: Path = NWL) -> Result:
        options = ["--partnership", str(partnership), *(["--database", database] if database else [])]
        monkeypatch.setattr(sys, "argv", ["tocsin", *options, *map(str, arguments)])
        capsys.readouterr()
        code = 0
        try:
            main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        captured = capsys.readouterr()
        return Result(code, captured.out, captured.err)

    return run


_OPEN = 2  # houses kept open
_KEPT: OrderedDict[Setup, House] = OrderedDict()


@pytest.fixture
def houses_stay_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands that need a house which is there get the one that was opened last time, as with `serve`.

    For tests that ask much and change no file of the partnership; a command that creates opens its own.
    """
    opened = Setup.house

    def house(setup: Setup, *, ready: bool = True, create: bool = False) -> House:
        if create or not ready:
            return opened(setup, ready=ready, create=create)
        if setup in _KEPT:
            click.get_current_context().call_on_close(_KEPT[setup].store.close)
        else:
            _KEPT[setup] = opened(setup)
        _KEPT.move_to_end(setup)
        while len(_KEPT) > _OPEN:
            _KEPT.popitem(last=False)
        return _KEPT[setup]

    monkeypatch.setattr(Setup, "house", house)
