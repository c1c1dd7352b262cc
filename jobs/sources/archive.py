"""What an operator points at, file by file: a folder, a zip, a CSV, an XLSX. Nothing is unpacked to disk."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import structlog

from jobs.errors import Rejected, UsageError
from jobs.sources.base import RawFile
from jobs.sources.paths import PLAIN, TABLES, UNREADABLE, files_in, in_order, is_folder, passed_over
from jobs.sources.received import printable
from jobs.sources.zips import BROKEN, Limits, check_claims, inflate, open_zip, safe_rows

Wanted = Callable[[str], bool]  # asked with the last part of a file's name
Said = Callable[[str, str], None]  # told the name of a file that is passed over, and why

_KEEP = 64 * 1024 * 1024  # of a refused archive larger than this only name, size and hash are kept


@dataclass(frozen=True, slots=True)
class Opened:
    """A file to read (`raw`), or one that is refused before any reader sees it (`rejected`), never both."""

    name: str  # for people and the database: always text, whatever the disk calls the file
    raw: RawFile | None
    rejected: Rejected | None = None
    content: bytes = b""  # what to keep of a refused file: its bytes; of a very large one a note instead


def say(name: str, why: str) -> None:
    """Log a file that is passed over."""
    structlog.get_logger().info("file passed over", file=name, why=why)


def open_path(
    path: Path,
    wanted: Wanted | None = None,
    *,
    limits: Limits | None = None,
    said: Said = say,
    may_be_empty: bool = False,
) -> Iterator[Opened]:
    """Every extract at `path`, by the month in its name and then by name, one in memory at a time.

    `wanted` picks members of archives and files of folders by their base name (a file named outright is read
    in any case); members that are not wanted are never inflated. UsageError when there is nothing to open,
    unless it is a folder that `may_be_empty` (an inbox, before anything has arrived).
    """
    opener = _Opener(wanted, limits or Limits(), said, may_be_empty)
    return opener.folder(path) if is_folder(path) else opener.file(path, printable(path.name))


@dataclass(frozen=True, slots=True)
class _Opener:
    wanted: Wanted | None
    limits: Limits
    said: Said
    may_be_empty: bool

    def folder(self, folder: Path) -> Iterator[Opened]:
        found = False
        for path in files_in(folder):
            name = printable(path.relative_to(folder).as_posix())
            if why := passed_over(name):
                self.said(name, why)
            elif name.lower().endswith(UNREADABLE):
                error = Rejected("unknown-format", f"{name} cannot be read", "save it as CSV UTF-8 or .xlsx")
                yield _refused(path, name, error)
                found = True
            elif not name.lower().endswith(".zip") and self.wanted and not self.wanted(path.name):
                self.said(name, "not a file that this source reads")
            else:
                yield from self.file(path, name)
                found = True
        if not found and not self.may_be_empty:
            what = f"the folder {printable(str(folder))} holds no extract of this source"
            raise UsageError(what, PLAIN)

    def file(self, path: Path, name: str) -> Iterator[Opened]:
        try:
            if name.lower().endswith(".zip"):
                yield from self._archive(path, name)
            elif path.stat().st_size > self.limits.member_bytes:
                what = f"{name} is over {self.limits.member_bytes:,} bytes"
                yield _refused(
                    path, name, Rejected("too-large", what, "is it the right file? split it by month")
                )
            else:
                yield Opened(name, RawFile(name, path.read_bytes()))
        except OSError as error:
            why = error.strerror or error
            raise UsageError(f"{printable(str(path))} cannot be read: {why}", "mend its rights") from error

    def _archive(self, path: Path, name: str) -> Iterator[Opened]:
        try:
            source = zipfile.ZipFile(path)
        except BROKEN as error:
            what = f"{name} is not a whole zip archive: {error}"
            yield _refused(path, name, Rejected("not-zip", what, "fetch it again"))
            return
        with source:
            members = source.infolist()
            try:
                members = self._pick(name, open_zip(name, source, self.limits))
                _check_kinds(name, members)
                check_claims(name, members, self.limits)
                yield from self._members(name, source, members)
            except Rejected as error:
                if error.reason == "zip-path":
                    tables = [m for m in members if self._is_table(m)]
                    error.physical_rows = safe_rows(source, tables, self.limits)
                yield _refused(path, name, error)

    def _is_table(self, member: zipfile.ZipInfo) -> bool:
        base = member.filename.rsplit("/", 1)[-1]
        return base.lower().endswith(".csv") and (self.wanted is None or self.wanted(base))

    def _pick(self, name: str, files: list[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
        """The members to read, in order; the publisher's archive has thousands of others, only counted."""
        members, others = [], 0
        for member in sorted(files, key=lambda m: in_order(m.filename)):
            base = member.filename.rsplit("/", 1)[-1]
            if why := passed_over(member.filename):
                self.said(f"{name}:{printable(member.filename)}", why)
            elif self.wanted is None or self.wanted(base) or base.lower().endswith(".zip"):
                members.append(member)
            else:
                others += 1
        if others:
            self.said(name, f"{others:,} of its files are not what this source reads")
        return members

    def _members(
        self, name: str, source: zipfile.ZipFile, members: list[zipfile.ZipInfo]
    ) -> Iterator[Opened]:
        total = 0
        for member in members:
            content = inflate(name, source, member, self.limits)
            total += len(content)
            if total > self.limits.total_bytes:
                what = f"{name} unpacks to over {self.limits.total_bytes:,} bytes"
                raise Rejected("zip-size", what, "send it in parts")
            inner = f"{name}:{printable(member.filename)}"
            yield Opened(inner, RawFile(inner, content))


def _check_kinds(name: str, members: list[zipfile.ZipInfo]) -> None:
    if not members:
        raise Rejected("nothing-wanted", f"{name} holds no file of this source", PLAIN)
    for member in members:
        inner = printable(member.filename)
        if inner.lower().endswith(".zip"):
            raise Rejected("zip-nested", f"{name} holds another archive, {inner}", "unpack it once")
        if not inner.lower().endswith(TABLES):
            what = f"{name} holds {inner}, which cannot be read"
            raise Rejected("unknown-format", what, "save it as CSV UTF-8 or .xlsx")


def _refused(path: Path, name: str, error: Rejected) -> Opened:
    """With the bytes to keep; of a very large file a note in their place, so that memory stays bounded."""
    size = path.stat().st_size
    if size <= _KEEP:
        return Opened(name, None, error, path.read_bytes())
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return Opened(name, None, error, f"{name}: {size} bytes, sha256 {digest}, not kept\n".encode())
