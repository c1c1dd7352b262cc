"""Where an operator points: what is a folder, what may be an extract, and in which order files are read."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from jobs.errors import UsageError
from jobs.sources.received import printable
from jobs.sources.zips import month_in

TABLES = (".csv", ".xlsx")
UNREADABLE = (".xls", ".xlsb", ".xlsm", ".ods", ".tsv", ".gz", ".7z", ".rar", ".json", ".parquet")
PLAIN = "give a .csv, .xlsx or .zip file, or a folder that holds them"


def is_folder(path: Path) -> bool:
    """Whether `path` is a folder, else a file of a kind that can be opened; UsageError when it is neither."""
    shown = printable(str(path))
    try:
        kind = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        raise UsageError(f"there is nothing at {shown}", "check the path; " + PLAIN) from None
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise UsageError(f"{shown} cannot be read: {why}", "check the path and its rights") from error
    if stat.S_ISDIR(kind):
        return True
    # A pipe called .csv would keep the program waiting for ever.
    if not stat.S_ISREG(kind) or not path.name.lower().endswith((*TABLES, ".zip")):
        raise UsageError(f"{shown} is neither a table nor an archive that can be read", PLAIN)
    return False


def files_in(folder: Path) -> list[Path]:
    """Every file below a folder, in order; UsageError when a part of it cannot be read."""

    def unreadable(error: OSError) -> None:
        shown = printable(os.fsdecode(error.filename or folder))
        raise UsageError(f"{shown} cannot be read: {error.strerror}", "mend its rights")

    paths = [Path(at, n) for at, _, names in os.walk(folder, onerror=unreadable) for n in names]
    return sorted((p for p in paths if p.is_file()), key=lambda p: in_order(p.relative_to(folder).as_posix()))


def in_order(name: str) -> tuple[str, str]:
    """The key to sort file names by: the month in it, then the name."""
    return month_in(name), name


def passed_over(name: str) -> str:
    """Why a file in a folder or archive is plainly no extract; '' when it may be one."""
    base = name.rsplit("/", 1)[-1].lower()
    if any(part.startswith((".", "~$")) or part == "__MACOSX" for part in name.split("/")):
        return "hidden"
    if base.startswith(("readme", "sha256sums", "licence", "license")):
        return "a note, not an extract"
    if not base.endswith((*TABLES, *UNREADABLE, ".zip")):
        return "not a .csv, .xlsx or .zip"
    return ""
