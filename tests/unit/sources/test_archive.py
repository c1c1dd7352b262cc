"""Folders, zips and single files: what is read, in which order, and what is passed over."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobs.errors import UsageError
from jobs.sources.archive import open_path
from jobs.sources.readers import wanted
from tests.unit.sources.archives import CSV, opened, pack, reasons
from tests.unit.sources.world import AWKWARD, FIRE, police


def test_a_folder_is_read_by_month_then_by_name(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    for name in ("z-2022-01.csv", "b/2021-12-x.csv", "2022-02.csv", "a.csv"):
        (tmp_path / name).write_bytes(CSV)
    pack(tmp_path / "c-2022-01.zip", {"2022-03/late.csv": CSV, "2022-01/early.csv": CSV})
    assert [o.name for o in opened(tmp_path)] == [
        "a.csv", "b/2021-12-x.csv", "c-2022-01.zip:2022-01/early.csv", "c-2022-01.zip:2022-03/late.csv",
        "z-2022-01.csv", "2022-02.csv",
    ]  # fmt: skip


def test_what_is_passed_over_is_said(tmp_path: Path) -> None:
    for name in ("x.csv", "README.md", ".hidden.csv", "~$open.xlsx", "notes.txt", "SHA256SUMS", "other.csv"):
        (tmp_path / name).write_bytes(CSV)
    said: dict[str, str] = {}
    found = list(open_path(tmp_path, lambda name: name == "x.csv", said=said.__setitem__))
    assert [o.name for o in found] == ["x.csv"]
    assert said == {
        "README.md": "a note, not an extract", ".hidden.csv": "hidden", "~$open.xlsx": "hidden",
        "notes.txt": "not a .csv, .xlsx or .zip", "SHA256SUMS": "a note, not an extract",
        "other.csv": "not a file that this source reads",
    }  # fmt: skip


def test_a_table_of_a_kind_that_cannot_be_read_is_refused_aloud(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes(CSV)
    (tmp_path / "fires.ods").write_bytes(b"PK")
    assert reasons(tmp_path) == ["unknown-format", ""]
    (tmp_path / "x.csv").unlink()
    assert reasons(tmp_path) == ["unknown-format"]


def test_only_wanted_members_are_inflated(tmp_path: Path) -> None:
    """The other member is broken: reading it would show."""
    path = pack(tmp_path / "all.zip", {"2022-06-kent-street.csv": b"x" * 50, "2022-06-btp-street.csv": CSV})
    content = bytearray(path.read_bytes())
    content[30 + len("2022-06-kent-street.csv")] ^= 0xFF
    path.write_bytes(content)
    (found,) = opened(path, wanted(police("btp")))
    assert found.raw is not None
    assert found.raw.content == CSV
    assert reasons(path) == ["", "zip-damaged"]


def test_a_file_named_outright_is_read_whatever_its_name(tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_bytes(CSV)
    assert reasons(tmp_path / "mine.csv", lambda _: False) == [""]


@pytest.mark.parametrize(
    ("name", "mine"),
    [
        ("2022-06-leicestershire-street.csv", True),
        ("2022-06-derbyshire-street.csv", False),
        ("2022-06-leicestershire-outcomes.csv", False),
        ("2022-06-leicestershire-stop-and-search.csv", False),
        ("june.csv", True),  # the name says nothing: the reader judges
    ],
)
def test_which_files_a_police_source_wants(name: str, mine: bool) -> None:
    assert wanted(police())(name) is mine


def test_a_month_can_be_picked_by_name() -> None:
    from rules.month import Month

    pick = wanted(police(), Month(2022, 6))
    assert [pick(f"{m}-leicestershire-street.csv") for m in ("2022-05", "2022-06")] == [False, True]
    assert wanted(FIRE, Month(2022, 6))("fires.csv")


def test_an_archive_without_a_file_for_this_source_says_so() -> None:
    assert reasons(AWKWARD / "2018-10-btp.zip", wanted(police())) == ["nothing-wanted"]
    assert reasons(AWKWARD / "2018-10-btp.zip", wanted(police("btp"))) == [""]


@pytest.mark.parametrize("name", ["nothing-here.csv", "letter.docx", "empty"])
def test_nothing_to_open_is_the_operators_to_mend(tmp_path: Path, name: str) -> None:
    (tmp_path / "letter.docx").write_bytes(b"x")
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError) as caught:
        list(open_path(tmp_path / name))
    assert name in str(caught.value)
    assert caught.value.advice
