"""What an operator points at, file by file: a folder, a zip, a CSV or an XLSX. Nothing is unpacked to disk."""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from jobs.errors import Rejected, UsageError
from jobs.sources.base import RawFile
from jobs.sources.tabular import physical_rows
from jobs.sources.zips import Limits, check_claims, inflate, month_in, open_zip, unsafe_path

Wanted = Callable[[str], bool]  # asked with the last part of a file's name

_TABLES = (".csv", ".xlsx")
_UNREADABLE = (".xls", ".xlsb", ".xlsm", ".ods", ".tsv", ".gz", ".7z", ".rar", ".json", ".parquet")
_KEEP = 64 * 1024 * 1024  # of a refused archive larger than this only name, size and hash are kept
_COUNT = 64 * 1024 * 1024  # rows of a refused archive are counted up to this many bytes
_PLAIN = "give a .csv, .xlsx or .zip file, or a folder that holds them"


@dataclass(frozen=True, slots=True)
class Unusable:
    """A file or archive that is refused before any reader sees it: for a receipt, like any rejected extract."""

    raw: RawFile  # as received; of a very large archive a note in its place
    error: Rejected


@dataclass(frozen=True, slots=True)
class Ignored:
    """Something that is no extract, and why: said once, never loaded."""

    name: str
    why: str


Opened = RawFile | Unusable | Ignored


def open_path(path: Path, wanted: Wanted | None = None, limits: Limits | None = None) -> Iterator[Opened]:
    """Every extract at `path`, by the month in its name and then by name, one in memory at a time.

    `wanted` picks members of archives and files of folders by their base name (a file named outright is always
    read); members that are not wanted are never inflated. UsageError at once when there is nothing to open.
    """
    if not path.exists():
        raise UsageError(f"there is nothing at {path}", "check the path; " + _PLAIN)
    if path.is_dir():
        return _folder(path, wanted, limits or Limits())
    suffix = path.suffix.lower()
    if suffix not in (*_TABLES, ".zip"):
        raise UsageError(f"{path} is neither a table nor an archive that can be read", _PLAIN)
    return _file(path, path.name, wanted, limits or Limits())


def _folder(folder: Path, wanted: Wanted | None, limits: Limits) -> Iterator[Opened]:
    found = False
    for path in _files(folder):
        name = path.relative_to(folder).as_posix()
        suffix = path.suffix.lower()
        if why := _no_extract(name):
            yield Ignored(name, why)
        elif suffix in _UNREADABLE:
            advice = "save it as CSV UTF-8 or .xlsx"
            error = Rejected("unknown-format", f"{name} is of a kind that cannot be read", advice)
            yield Unusable(_stand_in(path, name), error)
        elif suffix != ".zip" and wanted is not None and not wanted(path.name):
            yield Ignored(name, "not a file that this source reads")
        else:
            yield from _file(path, name, wanted, limits)
            found = True
    if not found:
        raise UsageError(f"the folder {folder} holds no extract of this source", _PLAIN)


def _files(folder: Path) -> list[Path]:
    def unreadable(error: OSError) -> None:
        raise UsageError(f"{error.filename} cannot be read: {error.strerror}", "mend its permissions")

    paths = [Path(at, n) for at, _, names in os.walk(folder, onerror=unreadable) for n in names]
    return sorted((p for p in paths if p.is_file()), key=lambda p: _order(p.relative_to(folder).as_posix()))


def _order(name: str) -> tuple[str, str]:
    return month_in(name), name


def _no_extract(name: str) -> str:
    """Why a file in a folder or archive is plainly no extract; '' when it may be one."""
    parts, base = name.split("/"), name.rsplit("/", 1)[-1]
    if any(p.startswith((".", "~$")) or p == "__MACOSX" for p in parts):
        return "hidden"
    if base.lower().startswith(("readme", "sha256sums", "licence", "license")):
        return "a note, not an extract"
    if not base.lower().endswith((*_TABLES, *_UNREADABLE, ".zip")):
        return "not a .csv, .xlsx or .zip"
    return ""


def _file(path: Path, name: str, wanted: Wanted | None, limits: Limits) -> Iterator[Opened]:
    try:
        if path.suffix.lower() == ".zip":
            yield from _archive(path, name, wanted, limits)
        elif path.stat().st_size > limits.member_bytes:
            advice = "split it by month, or ask whether it is the right file"
            error = Rejected("too-large", f"{name} is over {limits.member_bytes:,} bytes", advice)
            yield Unusable(_stand_in(path, name), error)
        else:
            yield RawFile(name, path.read_bytes())
    except OSError as error:
        raise UsageError(
            f"{path} cannot be read: {error.strerror or error}", "mend its permissions"
        ) from error


def _archive(path: Path, name: str, wanted: Wanted | None, limits: Limits) -> Iterator[Opened]:
    try:
        source = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        broken = Rejected("not-zip", f"{name} is not a whole zip archive: {error}", "fetch it again")
        yield Unusable(_stand_in(path, name), broken)
        return
    with source:
        members: list[zipfile.ZipInfo] = []
        try:
            files = open_zip(name, source, limits)
            members, passed = _pick(files, wanted)
            yield from (Ignored(f"{name}:{n}", why) for n, why in passed)
            if left := len(files) - len(members) - len(passed):
                yield Ignored(name, f"{left:,} further files are not what this source reads")
            check_claims(name, members, limits)
            if not members:
                raise Rejected("nothing-wanted", f"{name} holds no file of this source", _PLAIN)
            yield from _members(name, source, members, limits)
        except Rejected as error:
            error.physical_rows = _count_rows(source, wanted, limits) if error.reason == "zip-path" else 0
            yield Unusable(_stand_in(path, name), error)


def _pick(
    files: list[zipfile.ZipInfo], wanted: Wanted | None
) -> tuple[list[zipfile.ZipInfo], list[tuple[str, str]]]:
    """The members to read, in order, and those that are passed over by name. Others are only counted."""
    members, passed = [], []
    for member in sorted(files, key=lambda m: _order(m.filename)):
        base = member.filename.rsplit("/", 1)[-1]
        if why := _no_extract(member.filename):
            passed.append((member.filename, why))
        elif wanted is None or wanted(base) or base.lower().endswith(".zip"):
            members.append(member)
    return members, passed


def _members(
    name: str, source: zipfile.ZipFile, members: list[zipfile.ZipInfo], limits: Limits
) -> Iterator[Opened]:
    total = 0
    for member in members:
        suffix = os.path.splitext(member.filename)[1].lower()
        if suffix not in _TABLES:
            reason, what = ("zip-nested", "an archive inside an archive") if suffix == ".zip" else (
                "unknown-format", "of a kind that cannot be read")  # fmt: skip
            raise Rejected(
                reason, f"{name} holds {member.filename}, {what}", "unpack it once and send the tables"
            )
        content = inflate(name, source, member, limits)
        total += len(content)
        if total > limits.total_bytes:
            raise Rejected(
                "zip-size", f"{name} unpacks to over {limits.total_bytes:,} bytes", "send it in parts"
            )
        yield RawFile(f"{name}:{member.filename}", content)


def _count_rows(source: zipfile.ZipFile, wanted: Wanted | None, limits: Limits) -> int:
    """How many rows the receipt of an archive with a bad path speaks of; 0 where counting is not safe."""
    members, _ = _pick([m for m in source.infolist() if not m.is_dir()], wanted)
    tables = [m for m in members if m.filename.lower().endswith(".csv") and not unsafe_path(m)]
    try:
        check_claims("", tables, limits)
        if sum(m.file_size for m in tables) > _COUNT:
            return 0
        return sum(physical_rows(inflate("", source, m, limits)) for m in tables)
    except Rejected:
        return 0


def _stand_in(path: Path, name: str) -> RawFile:
    """The bytes to keep of a refused file; of a very large one a note, so that memory stays bounded."""
    size = path.stat().st_size
    if size <= _KEEP:
        return RawFile(name, path.read_bytes())
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return RawFile(name, f"{name}: {size} bytes, sha256 {digest}, not kept\n".encode())
