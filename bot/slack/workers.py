"""The work behind an acknowledgement: a few threads and a queue that has an end."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from bot.slack.faults import note


class Workers:
    """Runs what it is given in `threads` threads; with `room` waiting, the next is turned away."""

    def __init__(self, name: str, threads: int, room: int) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._slots = threading.BoundedSemaphore(threads + room)
        self._taken, self._lock = 0, threading.Lock()

    @property
    def busy(self) -> int:
        """How much is at work or waiting."""
        return self._taken

    def take(self, work: Callable[[], object]) -> bool:
        """Run it soon; False, and it is not run, when there is no room or the program ends."""
        if not self._slots.acquire(blocking=False):
            return False
        with self._lock:
            self._taken += 1
        try:
            self._pool.submit(self._run, work)
        except RuntimeError:  # closed
            self._done()
            return False
        return True

    def close(self) -> None:
        """Finish what is at work; what still waits is left."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def settled(self, within: float = 60.0) -> bool:
        """Wait until nothing is at work or waiting; whether it came to that."""
        ends = time.monotonic() + within
        while self._taken and time.monotonic() < ends:
            time.sleep(0.005)
        return not self._taken

    def _run(self, work: Callable[[], object]) -> None:
        try:
            work()
        except Exception as error:  # noqa: BLE001 - whatever it was, it is noted, and the thread goes on
            note("slack: work failed", error)
        finally:
            self._done()

    def _done(self) -> None:
        with self._lock:
            self._taken -= 1
        self._slots.release()
