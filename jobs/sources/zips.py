"""Zip members in memory, with limits that hold while inflating: what a header claims is only a claim.

No path from an archive ever touches the disk.
"""

from __future__ import annotations

import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from jobs.errors import Rejected
from jobs.sources.received import physical_rows, printable
from rules.month import Month

_CHUNK = 256 * 1024
_COUNT_UP_TO = 64 * 1024 * 1024
_DRIVE = re.compile(r"[A-Za-z]:")
_MONTH = re.compile(r"(?<!\d)\d{4}-(?:0[1-9]|1[0-2])(?!\d)")
# bzip2 and LZMA inflate a whole block at a call, so a limit would come too late.
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)

# What a broken archive makes the library raise, depending on which byte is wrong.
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)


@dataclass(frozen=True, slots=True)
class Limits:
    """What an archive may hold. A police month inflates five-fold, a spreadsheet part up to fifty-fold."""

    member_bytes: int = 256 * 1024 * 1024
    total_bytes: int = 8 * 1024 * 1024 * 1024  # all forces, three years; one member at a time is in memory
    ratio: int = 200
    ratio_from: int = 1024 * 1024  # below this many bytes a high ratio harms nobody
    members: int = 50_000


def open_zip(name: str, source: zipfile.ZipFile, limits: Limits) -> list[zipfile.ZipInfo]:
    """The members that are files, once the list itself is harmless; Rejected otherwise."""
    members = source.infolist()
    if len(members) > limits.members:
        raise _refuse("zip-members", name, f"lists {len(members):,} files; {limits.members:,} are allowed")
    for member in members:
        if problem := unsafe_path(member):
            raise _refuse("zip-path", name, f"holds {member.orig_filename[:80]!r}, {problem}")
    files = [m for m in members if not m.is_dir()]
    seen: set[str] = set()
    for member in files:
        # Two readers may each take another of the two: neither is the file.
        if member.filename.lower() in seen:
            raise _refuse("zip-path", name, f"holds {member.filename[:80]!r} twice")
        seen.add(member.filename.lower())
    return files


def unsafe_path(member: zipfile.ZipInfo) -> str:
    """Why a member's name is not a plain path inside the archive; '' when it is one."""
    name = member.orig_filename
    if "\0" in name or "\\" in name:
        return "a name with a backslash or NUL"
    if name.startswith("/") or _DRIVE.match(name):
        return "an absolute path"
    if ".." in name.split("/"):
        return "a path that leaves the archive"
    kind = stat.S_IFMT(member.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "a link or device"
    return ""


def check_claims(name: str, members: Iterable[zipfile.ZipInfo], limits: Limits) -> None:
    """Refuse before inflating anything when the sizes that the archive itself states are too much."""
    total = 0
    for member in members:
        total += member.file_size
        if member.flag_bits & 0x1:
            raise Rejected("zip-encrypted", f"{name} is locked with a password", "send it without a password")
        if member.compress_type not in _METHODS:
            raise Rejected("zip-method", f"{name} uses an unusual compression", "pack it as an ordinary zip")
        _check(name, member, member.file_size, limits)
    if total > limits.total_bytes:
        raise _refuse("zip-size", name, f"unpacks to {total:,} bytes; {limits.total_bytes:,} are allowed")


def inflate(name: str, source: zipfile.ZipFile, member: zipfile.ZipInfo, limits: Limits) -> bytes:
    """One member's bytes; never holds more than the limit, whatever the header says."""
    parts: list[bytes] = []
    size = 0
    try:
        with source.open(member) as stream:
            while part := stream.read(_CHUNK):
                size += len(part)
                _check(name, member, size, limits)
                parts.append(part)
    except BROKEN as error:
        what = f"{name} is damaged: {printable(member.filename[:80])} cannot be unpacked"
        raise Rejected("zip-damaged", what, "fetch the file again") from error
    return b"".join(parts)


def safe_rows(source: zipfile.ZipFile, members: Iterable[zipfile.ZipInfo], limits: Limits) -> int:
    """Rows in CSV members of an archive that is refused all the same, for its receipt; 0 where not safe."""
    tables = [m for m in members if not unsafe_path(m)]
    if sum(m.file_size for m in tables) > _COUNT_UP_TO:
        return 0
    try:
        check_claims("", tables, limits)
        return sum(physical_rows(inflate("", source, m, limits)) for m in tables)
    except Rejected:
        return 0


def month_in(name: str) -> str:
    """The YYYY-MM that a file name (else its folder) carries, '' when none: for sorting."""
    base = name.rsplit("/", 1)[-1]
    found = _MONTH.search(base) or _MONTH.search(name)
    return found[0] if found else ""


def month_of(name: str) -> Month | None:
    """The month that a file name carries, None when none."""
    text = month_in(name)
    return Month.parse(text) if text and text >= "1900" and text < "2200" else None


def _check(name: str, member: zipfile.ZipInfo, size: int, limits: Limits) -> None:
    if size > limits.member_bytes:
        raise _refuse("zip-size", name, f"has a member over {limits.member_bytes:,} bytes")
    if size > limits.ratio_from and size > limits.ratio * max(1, member.compress_size):
        raise _refuse("zip-ratio", name, f"has a member that unpacks to over {limits.ratio} times its size")


def _refuse(reason: str, name: str, what: str) -> Rejected:
    advice = "nothing of it was unpacked; ask the source for the file again, and where this one came from"
    return Rejected(reason, f"{name} {what}", advice)
