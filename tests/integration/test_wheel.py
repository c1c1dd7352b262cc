"""The wheel: everything the program reads is inside, nothing else is, and it works away from the checkout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NWL = ROOT / "deploy" / "partnerships" / "nwl"
ROOMS = ("bot", "jobs", "rules", "templates")
KINDS = {".csv", ".css", ".geojson", ".j2", ".mako", ".md", ".png", ".py", ".toml", ".typed"}
_SECONDS = 60


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[zipfile.ZipFile]:
    """Built as an installer would build it, with what is here already: no network."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder],
        cwd=ROOT, check=True, capture_output=True, timeout=_SECONDS,
    )  # fmt: skip
    (path,) = folder.glob("tocsin-*.whl")
    with zipfile.ZipFile(path) as opened:
        yield opened


@pytest.fixture(scope="module")
def unzipped(wheel: zipfile.ZipFile, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What an installer would lay out, without installing it."""
    folder = tmp_path_factory.mktemp("unzipped")
    wheel.extractall(folder)
    return folder


def test_everything_of_the_four_rooms_is_inside_and_nothing_else(wheel: zipfile.ZipFile) -> None:
    inside = {name for name in wheel.namelist() if not name.endswith("/")}
    info = {name for name in inside if name.split("/")[0].endswith(".dist-info")}
    here = {
        path.relative_to(ROOT).as_posix()
        for room in ROOMS
        for path in (ROOT / room).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert inside - info == here
    assert {Path(name).suffix for name in here} <= KINDS, "a new kind of file: is it meant to be shipped?"
    told = {name.split("/", 1)[1] for name in info}
    assert told == {"METADATA", "WHEEL", "RECORD", "entry_points.txt", "licenses/LICENSE"}


@pytest.mark.parametrize(
    "needed",
    [
        "templates/alert.txt.j2", "templates/style.css", "rules/library/month-spike.toml",
        "jobs/reference/series.toml", "jobs/reference/glossary.toml", "jobs/store/migrations/env.py",
        "jobs/store/migrations/script.py.mako", "bot/py.typed", "jobs/py.typed", "rules/py.typed",
    ],
)  # fmt: skip
def test_what_the_program_reads_is_inside(wheel: zipfile.ZipFile, needed: str) -> None:
    assert wheel.read(needed) == (ROOT / needed).read_bytes()


def test_the_command_and_the_licence_are_declared(unzipped: Path) -> None:
    (info,) = unzipped.glob("*.dist-info")
    assert "tocsin = bot.cli:main" in (info / "entry_points.txt").read_text()
    metadata = (info / "METADATA").read_text()
    assert "License-Expression: MIT" in metadata
    assert "Classifier: Private :: Do Not Upload" in metadata


def run(unzipped: Path, *arguments: str | Path, code: str = "") -> str:
    """Run Python on the unzipped wheel, elsewhere; its standard output.

    -S: the checkout is installed in editable form, by a .pth file, which is then not read. The libraries
    come by their folder, and a .pth file in a folder of PYTHONPATH means nothing.
    """
    libraries = sysconfig.get_path("purelib")
    plain = {k: v for k, v in os.environ.items() if not k.startswith(("TOCSIN_", "PYTHON"))}
    done = subprocess.run(
        [sys.executable, "-S", *(["-c", code] if code else ["-m", "bot", *arguments])],
        cwd=unzipped.parent, env=plain | {"PYTHONPATH": f"{unzipped}{os.pathsep}{libraries}"},
        check=False, capture_output=True, text=True, timeout=_SECONDS,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_it_is_what_runs_away_from_the_checkout(unzipped: Path) -> None:
    places = run(unzipped, code=f"import {', '.join(ROOMS)}; print(bot, jobs, rules, templates)")
    assert places.count(str(unzipped)) == len(ROOMS)
    searched = run(unzipped, code="import sys; print(*sys.path, sep='\\n')").splitlines()
    assert str(ROOT) not in searched
    assert "An alarm bell for Community Safety Partnerships" in run(unzipped, "--help")


def test_rules_and_a_pull_work_away_from_the_checkout(unzipped: Path, tmp_path: Path) -> None:
    options = ("--partnership", NWL, "--database", f"sqlite:///{tmp_path / 'tocsin.db'}")
    assert "are right, checked on" in run(unzipped, *options, "rules", "check")
    pull = run(unzipped, *options, "pull", "police", "--from", NWL / "sample/police/2022-06.zip", "--json")
    assert json.loads(pull)["rows_loaded"] == 9980
    answer = run(unzipped, *options, "ask", "hotspots nwl theft-from-person 2022-06", "--format", "html")
    assert "Theft from the person" in answer
