"""The `tocsin` command as a shell would run it, in this process: the same parsing, the same exit codes."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main

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
