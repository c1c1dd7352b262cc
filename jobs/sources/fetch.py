"""What `tocsin pull` fetches: an address that was given, or the source's own archive."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import httpx2

from jobs.errors import NotReady, UsageError
from jobs.folder.partnership import SourceSettings
from jobs.sources.download import fetch_archive, published_months, whole_zip
from jobs.sources.guard import Guard, Policy
from jobs.sources.transfer import Progress, Transfer
from rules.month import Month

_BY_HAND = "fetch the file by hand and give it with --from"


def fetch(
    source: SourceSettings,
    origin: str | None,
    month: Month | None,
    folder: Path,
    *,
    today: dt.date,
    progress: Progress | None = None,
    policy: Policy | None = None,
) -> Path:
    """The address `origin`, else the source's archive of `month`, else of the latest month by `today`.

    Raises what `fetch_archive` raises; UsageError when there is no address to fetch from.
    """
    if origin is not None:
        return fetch_url(origin, folder, progress, policy)
    if month is None:
        known = [m for m in published_months(source, policy) if m <= Month.of(today)]
        if not known:
            raise NotReady(f"{source.short} lists no month up to {Month.of(today)}", "say --month")
        month = known[-1]
    return fetch_archive(source, month, folder, progress, policy)


def fetch_url(url: str, folder: Path, progress: Progress | None = None, policy: Policy | None = None) -> Path:
    """Fetch one address that an operator gave: a .zip, .csv or .xlsx, by the name at its end."""
    guard = Guard.of(url, policy or Policy())
    name = httpx2.URL(url).path.rsplit("/", 1)[-1]
    if not name.lower().endswith((".zip", ".csv", ".xlsx")) or name.startswith("."):
        raise UsageError(f"{url[:120]} does not end in .zip, .csv or .xlsx", _BY_HAND)
    folder.mkdir(parents=True, exist_ok=True)
    verify = whole_zip if name.lower().endswith((".zip", ".xlsx")) else _anything
    return Transfer(url, folder / name, guard, verify, progress).run()


def _anything(_: Path) -> None:
    """A table is judged by its reader."""
