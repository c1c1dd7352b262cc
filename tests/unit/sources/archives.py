"""Zips made on the spot, and what becomes of them."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

from jobs.sources.archive import Opened, open_path
from jobs.sources.zips import Limits

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
