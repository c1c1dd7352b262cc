"""Extracts from the publisher: which months there are, and the archive of one of them."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import httpx2

from jobs.errors import Rejected, Retry, UsageError
from jobs.folder.partnership import SourceSettings
from jobs.sources.guard import Guard, Policy
from jobs.sources.transfer import Progress, Transfer, client, failure
from jobs.sources.zips import BROKEN
from rules.month import Month

_LIST_BYTES = 1024 * 1024


def fetch_archive(
    source: SourceSettings,
    month: Month,
    folder: Path,
    progress: Progress | None = None,
    policy: Policy | None = None,
) -> Path:
    """Fetch the source's archive of `month` into `folder`; one that is there and whole is not fetched again.

    Retry after repeated faults of the far side, NotReady when the month is not published, Refused when the
    way leads off the configured hosts or the public internet, Rejected when it is no archive.
    """
    if source.archive_url is None:
        raise UsageError(f"the source {source.id} has no address to fetch from", "give a file with --from")
    url = source.archive_url.replace("{month}", str(month))
    target = folder / f"{source.id}-{month}.zip"
    folder.mkdir(parents=True, exist_ok=True)
    if target.exists() and _is_zip(target):
        return target
    return Transfer(url, target, Guard.of(url, policy or Policy()), whole_zip, progress).run()


def published_months(source: SourceSettings, policy: Policy | None = None) -> tuple[Month, ...]:
    """The months that the publisher lists, earliest first; Retry when the list cannot be had."""
    if source.dates_url is None:
        raise UsageError(f"the source {source.id} has no list of months", "set its `dates_url`")
    guard = Guard.of(source.dates_url, policy or Policy())
    body = bytearray()
    try:
        with client(guard) as web, guard.open(web, source.dates_url, {}) as response:
            if response.status_code != 200:
                raise failure(response)
            for chunk in response.iter_raw(64 * 1024):
                body += chunk
                if len(body) > _LIST_BYTES:
                    raise ValueError("too long")
        return tuple(sorted({Month.parse(entry["date"]) for entry in json.loads(body)}))
    except httpx2.TransportError as error:
        raise Retry(f"the list of months cannot be had: {error}", "try again later") from error
    except (ValueError, TypeError, KeyError) as error:
        what = f"{source.dates_url} answered something else than a list of months"
        raise Retry(what, "try again later, or say --month") from error


def _is_zip(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path):
            return True
    except BROKEN:
        return False


def whole_zip(path: Path) -> None:
    """The list of members stands at the end of a zip, so half a one does not open."""
    if not _is_zip(path):
        what = f"what arrived as {path.name.removesuffix('.part')} is no whole archive"
        raise Rejected("not-zip", what, "open the address in a browser to see what it says; try again later")
