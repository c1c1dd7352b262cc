"""An archive, a source that points at a far side on this machine, and limits that keep the tests fast."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

from jobs.folder.partnership import SourceSettings
from jobs.sources.download import fetch_archive
from jobs.sources.guard import Policy
from rules.month import Month
from tests.unit.sources.far_side import FarSide
from tests.unit.sources.world import source

JUNE = Month(2022, 6)


HERE = Policy(allow_private=True, attempts=4, wait=0.001, longest_wait=0.05, timeout=5)


def archive(size: int = 5000) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("2022-06/2022-06-leicestershire-street.csv", bytes(i * i % 251 for i in range(size)))
    return out.getvalue()


ZIP = archive()


def at(far: FarSide | str, **more: Any) -> SourceSettings:
    base = far if isinstance(far, str) else far.url
    urls = {"archive_url": f"{base}/archive/{{month}}.zip", "dates_url": f"{base}/dates"}
    return source("police-street", **{"id": "police", "forces": ("leicestershire",), **urls, **more})


def get(far: FarSide, folder: Path, policy: Policy = HERE) -> Path:
    return fetch_archive(at(far), JUNE, folder, policy=policy)
