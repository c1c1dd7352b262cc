"""The readers by the name that a source gives in its settings, and which files they want."""

from __future__ import annotations

from collections.abc import Callable
from fnmatch import fnmatch

from jobs.folder.partnership import SourceSettings
from jobs.sources.base import RawFile, ReadContext, Reader, Reading
from jobs.sources.counts import read_counts
from jobs.sources.forces import kind_in, slug_in
from jobs.sources.incidents import read_incidents
from jobs.sources.police import read_police
from jobs.sources.zips import month_of
from rules.month import Month

READERS: dict[str, Reader] = {
    "police-street": read_police,
    "incidents": read_incidents,
    "counts": read_counts,
}


def read(raw: RawFile, context: ReadContext) -> Reading:
    """Read one file with the reader of its source; Rejected when it cannot be used."""
    return READERS[context.source.reader](raw, context)


def wanted(source: SourceSettings, month: Month | None = None) -> Callable[[str], bool]:
    """Which files of a folder or archive the source reads, by base name; with `month` only that month's.

    A name that says nothing (of force or month) is wanted: the reader judges by the content.
    """

    def by_name(name: str) -> bool:
        if month is not None and month_of(name) not in (None, month):
            return False
        if source.reader != "police-street":
            return any(fnmatch(name.lower(), layout.files.lower()) for layout in source.layouts)
        return kind_in(name) in (None, "street") and slug_in(name) in (None, *source.forces)

    return by_name
