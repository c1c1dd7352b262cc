"""One file over the net, resumed where it broke off; it gets its name only when it is whole."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx2
import stamina

from jobs.errors import NotReady, Rejected, Retry, UsageError
from jobs.sources.guard import Guard

Progress = Callable[[int, int | None], None]  # bytes so far, bytes in all where known

_LATER = "try again later; what has arrived is kept and continued"
_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+)\Z")
_BUSY = {408, 425, 429, 500, 502, 503, 504}
_ABSENT = {403, 404, 410}  # the publisher's store answers 403 for what is not there


@dataclass(frozen=True, slots=True)
class Transfer:
    """`url` to `target`; `verify` raises Rejected when what has arrived is not the thing."""

    url: str
    target: Path
    guard: Guard
    verify: Callable[[Path], None]
    progress: Progress | None = None

    def run(self) -> Path:
        """Fetch with retries; Retry when the far side does not recover, NotReady when there is nothing."""
        policy = self.guard.policy

        def again(error: Exception) -> bool | float:
            if not isinstance(error, Retry):
                return False
            return error.after <= policy.longest_wait and error.after if error.after is not None else True

        try:
            for attempt in stamina.retry_context(
                on=again, attempts=policy.attempts, timeout=policy.max_seconds, wait_initial=policy.wait,
                wait_max=policy.longest_wait, wait_jitter=policy.wait,
            ):  # fmt: skip
                with attempt:
                    self._once()
        except OSError as error:
            raise UsageError(
                f"{self.target} cannot be written: {error}", "free space or mend rights"
            ) from error
        return self.target

    @property
    def _part(self) -> Path:
        return self.target.with_name(self.target.name + ".part")

    @property
    def _memo(self) -> Path:
        return self.target.with_name(self.target.name + ".part.json")

    def _once(self) -> None:
        with client(self.guard) as web:
            try:
                self._receive(web)
            except httpx2.TransportError as error:
                raise Retry(
                    f"the download broke off: {str(error) or type(error).__name__}", _LATER
                ) from error
        try:
            self.verify(self._part)
        except Rejected:
            self._discard()
            raise
        self._part.replace(self.target)
        self._memo.unlink(missing_ok=True)

    def _receive(self, web: httpx2.Client) -> None:
        have, validator = self._known()
        headers = {"Range": f"bytes={have}-", "If-Range": validator} if have else {}
        with self.guard.open(web, self.url, headers) as response:
            start, total = self._place(response, have)
            if total is not None and total > self.guard.policy.max_bytes:
                raise _too_large(self.url, self.guard)
            if start == 0:
                self._remember(response)
            with self._part.open("r+b" if start else "wb") as file:
                file.seek(start)
                size = self._write(response, file.write, start, total)
                file.truncate()
        if total is not None and size != total:
            raise Retry(f"the download broke off at {size:,} of {total:,} bytes", _LATER)

    def _write(
        self, response: httpx2.Response, write: Callable[[bytes], object], start: int, total: int | None
    ) -> int:
        size, began = start, time.monotonic()
        for chunk in response.iter_raw():  # as it comes: what waits in a buffer is lost when the line breaks
            size += len(chunk)
            if size > self.guard.policy.max_bytes:
                raise _too_large(self.url, self.guard)
            if time.monotonic() - began > self.guard.policy.max_seconds:
                raise Retry("the download takes too long", _LATER)
            write(chunk)
            if self.progress is not None:
                self.progress(size, total)
        return size

    def _place(self, response: httpx2.Response, have: int) -> tuple[int, int | None]:
        """Where the body starts in the file, and the size of the whole; anything but a body is raised."""
        if response.status_code == 200:
            length = response.headers.get("content-length", "")
            return 0, int(length) if length.isdigit() else None
        if response.status_code not in (206, 416):
            raise failure(response)
        match = _RANGE.match(response.headers.get("content-range", ""))
        same = response.status_code == 206 and not self._changed(response)
        if same and match and int(match[1]) == have > 0:
            return have, int(match[2])
        self._discard()
        raise Retry("the file changed while it was being fetched", _LATER)

    def _known(self) -> tuple[int, str]:
        """Bytes that are here already and how the far side named that version; 0 when they cannot be used."""
        try:
            memo = json.loads(self._memo.read_text(encoding="utf-8"))
            size = self._part.stat().st_size
        except (OSError, ValueError):
            return 0, ""
        validator = str(memo.get("validator", "")) if memo.get("url") == self.url else ""
        return (size, validator) if validator else (0, "")

    def _remember(self, response: httpx2.Response) -> None:
        validator = response.headers.get("etag", "") or response.headers.get("last-modified", "")
        if validator.startswith("W/"):  # "about the same" is no ground to glue two halves together
            validator = ""
        self._memo.write_text(json.dumps({"url": self.url, "validator": validator}), encoding="utf-8")

    def _changed(self, response: httpx2.Response) -> bool:
        _, validator = self._known()
        named = {response.headers.get("etag"), response.headers.get("last-modified")} - {None}
        return bool(named) and validator not in named

    def _discard(self) -> None:
        self._part.unlink(missing_ok=True)
        self._memo.unlink(missing_ok=True)


def client(guard: Guard) -> httpx2.Client:
    """A client that goes only where the guard lets it: no proxies from the environment, no own redirects."""
    return httpx2.Client(
        timeout=guard.policy.timeout, trust_env=False, follow_redirects=False,
        headers={"User-Agent": "tocsin", "Accept-Encoding": "identity"},
    )  # fmt: skip


def failure(response: httpx2.Response) -> Exception:
    """What an answer without the file means: worth another try, not there yet, or a wrong address."""
    where = f"{response.url.host} answered {response.status_code}"
    if response.status_code in _BUSY:
        return Retry(where, _LATER, after=_retry_after(response.headers.get("retry-after", "")))
    if response.status_code in _ABSENT:
        return NotReady(f"{where}: it has not been published", "try again later, or another --month")
    return UsageError(where, "check the address in partnership.toml")


def _retry_after(text: str) -> float | None:
    """Seconds to wait, from a number or a date; None when nothing usable is said."""
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        return max(0.0, (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None


def _too_large(url: str, guard: Guard) -> Rejected:
    what = f"{url} is over {guard.policy.max_bytes:,} bytes"
    return Rejected("too-large", what, "fetch it by hand and give it with --from")
