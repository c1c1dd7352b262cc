"""`tocsin pull` and `tocsin run` at the command line: what may be pointed at, and what is said."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.acceptance.serving import partnership
from tests.cli import NWL, Tocsin

MONTH = NWL / "sample" / "police" / "2022-06.zip"


@pytest.fixture
def database(tmp_path: Path) -> str:
    """Nothing in it; what is tested here does not depend on the kind of database."""
    return f"sqlite:///{tmp_path / 'tocsin.db'}"


def _named(folder: Path, name: str) -> Path:
    """Something of this name: a folder, a pipe, a file, or nothing."""
    path = folder / name
    if name == "empty":
        path.mkdir()
    elif name == "only-a-note":
        path.mkdir()
        (path / "README.md").write_text("Put the monthly file here.", encoding="utf-8")
    elif name == "pipe.csv":
        os.mkfifo(path)
    elif name.startswith("letter"):
        path.write_bytes(b"x")
    return path


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nowhere.zip", "there is nothing at"),
        ("nowhere.zip/inside.csv", "there is nothing at"),
        ("letter.docx", "is neither a table nor an archive"),
        ("letter", "is neither a table nor an archive"),
        ("pipe.csv", "is neither a table nor an archive"),
        ("empty", "holds no extract of this source"),
        ("only-a-note", "holds no extract of this source"),
        ("long" * 100 + ".csv", "cannot be read: File name too long"),
        ("bell\x07\udcff.csv", r"bell\x07\xff.csv"),
    ],
)
def test_a_path_that_is_no_extract_is_a_wrong_command(
    tocsin: Tocsin, database: str, tmp_path: Path, name: str, said: str
) -> None:
    result = tocsin("pull", "police", "--from", str(_named(tmp_path, name)), database=database)
    assert (result.code, result.out) == (2, "")
    sentence, advice = result.err.strip().splitlines()
    assert sentence.startswith("tocsin: ")
    assert said in sentence
    assert advice.strip()
    assert sentence.isprintable()


def test_one_wrong_path_among_good_files_loads_nothing(tocsin: Tocsin, database: str) -> None:
    result = tocsin("pull", "police", "--from", MONTH, "--from", "nowhere.zip", database=database)
    assert result.code == 2
    assert tocsin("extracts", "list", "--json", database=database).lines == []


def test_what_was_loaded_before_a_fault_is_said(
    tocsin: Tocsin, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / MONTH.name).write_bytes(MONTH.read_bytes())
    (folder / "2022-07-leicestershire-street.csv").write_bytes(b"x")
    whole = Path.read_bytes

    def broken(path: Path) -> bytes:
        if path.suffix == ".csv" and path.parent == folder:
            raise OSError(5, "Input/output error")
        return whole(path)

    monkeypatch.setattr(Path, "read_bytes", broken)
    result = tocsin("pull", "police", "--from", folder, database=database)
    assert result.code == 2
    assert "Input/output error" in result.err
    assert "1 file, 9,980 rows" in result.out


def test_a_tick_says_what_it_did_and_when_there_was_nothing(
    tocsin: Tocsin, database: str, tmp_path: Path
) -> None:
    home, _ = partnership(tmp_path)
    options = ("--as-of", "2022-09-20", "run", "tick")
    first = tocsin(*options, database=database, partnership=home)
    assert "pull:police 2022-06: waiting. police.uk has not published June 2022 yet (no file)" in first.out
    again = tocsin(*options, database=database, partnership=home)
    assert (again.code, again.out) == (0, "nothing is due\n")


def test_a_no_lasts_and_can_be_taken_back(tocsin: Tocsin, database: str) -> None:
    early = ("--as-of", "2022-06-15", "pull", "police", "--from", MONTH)
    held = tocsin(*early, "--json", database=database).json
    assert (held["outcome"], held["month"]) == ("hold", "2022-06")
    number = str(held["extract"])
    assert tocsin("extracts", "reject", number, database=database).code == 0
    again = tocsin("pull", "police", "--from", MONTH, database=database)
    assert again.code == 3
    assert "turned-down" in again.out
    assert f"tocsin extracts accept {number}" in again.out
    assert tocsin("extracts", "accept", number, database=database).code == 0
    assert (
        tocsin("pull", "police", "--from", MONTH, "--json", database=database).json["outcome"] == "unchanged"
    )
