"""Folders, zips and single files: what is read, in which order, and what is refused unread."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.errors import UsageError
from jobs.sources.archive import Opened, open_path
from jobs.sources.readers import wanted
from jobs.sources.zips import Limits
from tests.unit.sources.world import AWKWARD, FIRE, police

CSV = b"a,b\n1,2\n3,4\n"


def pack(path: Path, members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def opened(path: Path, pick: Callable[[str], bool] | None = None, **limits: int) -> list[Opened]:
    found = list(open_path(path, pick, limits=Limits(**limits)))
    assert all((o.raw is None) != (o.rejected is None) for o in found)
    return found


def reasons(path: Path, pick: Callable[[str], bool] | None = None, **limits: int) -> list[str]:
    return [o.rejected.reason if o.rejected else "" for o in opened(path, pick, **limits)]


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


BAD_PATHS = {
    "traversal": "../out.csv", "inner traversal": "a/../../out.csv", "absolute": "/etc/out.csv",
    "drive": "C:/out.csv", "backslash": "a\\..\\out.csv",
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_PATHS.values(), ids=BAD_PATHS.keys())
def test_an_unsafe_path_refuses_the_whole_archive(tmp_path: Path, name: str) -> None:
    path = pack(tmp_path / "x.zip", {"good.csv": CSV, name: b""})
    (found,) = opened(path)
    assert found.rejected is not None
    assert (found.rejected.reason, found.rejected.physical_rows) == ("zip-path", 2)
    assert found.content == path.read_bytes(), "the raw file is kept"


def test_a_link_and_a_name_given_twice_refuse_the_archive(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("data.csv")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "link.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
    assert reasons(tmp_path / "link.zip") == ["zip-path"]
    with zipfile.ZipFile(tmp_path / "twice.zip", "w") as archive:
        archive.writestr("a.csv", CSV)
        archive.writestr("A.csv", CSV)
    assert reasons(tmp_path / "twice.zip") == ["zip-path"]


def test_limits_on_what_the_archive_itself_states(tmp_path: Path) -> None:
    zeros = pack(tmp_path / "zeros.zip", {"a.csv": b"0" * 3_000_000})
    assert reasons(zeros) == ["zip-ratio"]
    assert reasons(zeros, ratio=10_000) == [""]
    many = pack(tmp_path / "many.zip", {f"{i}.csv": CSV for i in range(5)})
    assert reasons(many, members=4) == ["zip-members"]
    assert reasons(many, member_bytes=5) == ["zip-size"]
    assert reasons(many, total_bytes=3 * len(CSV)) == ["zip-size"]


def test_a_header_that_lies_about_its_size_does_not_get_past_the_limit(tmp_path: Path) -> None:
    """The list says 12 bytes, the stream holds three million: nothing beyond 12 is ever inflated."""
    path = pack(tmp_path / "x.zip", {"a.csv": CSV + b"0" * 3_000_000})
    content = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = content.rindex(signature) + offset
        content[at : at + 4] = struct.pack("<I", len(CSV))
    path.write_bytes(content)
    assert reasons(path) == ["zip-damaged"]


def test_an_archive_in_an_archive_a_password_and_odd_methods_are_refused(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("a.csv", CSV)
    nested = pack(tmp_path / "nested.zip", {"0.csv": CSV, "inner.zip": inner.getvalue()})
    assert reasons(nested) == ["zip-nested"]
    assert reasons(pack(tmp_path / "lzma.zip", {"a.csv": CSV}, zipfile.ZIP_LZMA)) == ["zip-method"]
    locked = bytearray(pack(tmp_path / "locked.zip", {"a.csv": CSV}).read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(signature) + offset] |= 1
    (tmp_path / "locked.zip").write_bytes(locked)
    assert reasons(tmp_path / "locked.zip") == ["zip-encrypted"]


def test_an_archive_without_a_file_for_this_source_says_so() -> None:
    assert reasons(AWKWARD / "2018-10-btp.zip", wanted(police())) == ["nothing-wanted"]
    assert reasons(AWKWARD / "2018-10-btp.zip", wanted(police("btp"))) == [""]


def test_a_large_refused_archive_is_named_but_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jobs.sources.archive._KEEP", 10)
    path = tmp_path / "big.zip"
    path.write_bytes(b"not a zip, and too big to keep")
    (found,) = opened(path)
    assert found.content.startswith(b"big.zip: 30 bytes, sha256 ")


@pytest.mark.parametrize("name", ["nothing-here.csv", "letter.docx", "empty"])
def test_nothing_to_open_is_the_operators_to_mend(tmp_path: Path, name: str) -> None:
    (tmp_path / "letter.docx").write_bytes(b"x")
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError) as caught:
        list(open_path(tmp_path / name))
    assert name in str(caught.value)
    assert caught.value.advice


@given(content=st.binary(max_size=300), head=st.sampled_from([b"", b"PK\x03\x04", b"PK\x05\x06"]))
def test_no_bytes_called_zip_do_more_than_be_refused(
    content: bytes, head: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("fuzz") / "x.zip"
    path.write_bytes(head + content)
    assert all(reasons(path))


GOOD = {"2022-06-btp-street.csv": CSV, "notes/other.csv": CSV * 3}


@given(at=st.integers(0, 400), byte=st.integers(0, 255))
def test_no_flipped_byte_gives_other_rows(
    at: int, byte: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = pack(tmp_path_factory.mktemp("fuzz") / "x.zip", GOOD)
    content = bytearray(path.read_bytes())
    content[at % len(content)] = byte
    path.write_bytes(content)
    assert all(o.rejected or (o.raw and o.raw.content in GOOD.values()) for o in opened(path))
