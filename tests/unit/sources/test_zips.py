"""Hostile and broken archives: refused unread, in bounded memory, with their bytes kept."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.sources.archives import CSV, opened, pack, reasons

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


def test_a_large_refused_archive_is_named_but_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jobs.sources.archive._KEEP", 10)
    path = tmp_path / "big.zip"
    path.write_bytes(b"not a zip, and too big to keep")
    (found,) = opened(path)
    assert found.content.startswith(b"big.zip: 30 bytes, sha256 ")


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
