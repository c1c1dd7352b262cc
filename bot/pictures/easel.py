"""Drawing in a process of its own: matplotlib holds the interpreter's lock, and acknowledgements need it.

One worker for the whole program, started by the first picture. A worker that dies or takes too long costs its
picture, and the next picture gets a new one.
"""

from __future__ import annotations

import atexit
import os
import pickle
import threading
from collections.abc import Callable

from bot import child

SECONDS = 60.0  # for one picture; the first one of a worker brings the libraries
_GOOD, _BAD = b"+", b"-"  # before a picture, before the reason for none
_POLITE = 10  # the worker's niceness: answers come first


class NotDrawn(Exception):
    """No picture, and why. For good: the same picture would fail again, or has cost a worker already."""


class Easel:
    """Draws one picture at a time. For any number of threads."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self.seconds = seconds
        self._lock = threading.Lock()
        self._worker: child.Process | None = None

    @property
    def worker(self) -> int | None:
        """The process id of the worker at work or waiting."""
        return self._worker.pid if self._worker is not None else None

    def draw(self, picture: Callable[[], bytes]) -> bytes:
        """The PNG. `picture`: a partial of a function and values that can be pickled. Raises NotDrawn."""
        try:
            order = pickle.dumps(picture)
        except (pickle.PicklingError, AttributeError, TypeError) as error:
            raise NotDrawn(f"it cannot be handed to another process: {error}") from error
        with self._lock:
            return self._drawn(order)

    def close(self) -> None:
        """End the worker; another picture would start one again."""
        with self._lock:
            self._end()

    def _drawn(self, order: bytes) -> bytes:
        worker = self._at_work()
        late = threading.Timer(self.seconds, worker.kill)
        late.start()
        try:
            child.send(worker.stdin, order)
            said = child.receive(worker.stdout)
        except (OSError, EOFError) as error:
            self._end()
            raise NotDrawn("the process that draws has died, or took too long") from error
        finally:
            late.cancel()
        if said[:1] != _GOOD:
            raise NotDrawn(said[1:].decode())
        return said[1:]

    def _at_work(self) -> child.Process:
        if self._worker is not None and self._worker.poll() is not None:
            self._end()
        if self._worker is None:
            self._worker = child.begin(__name__)
        return self._worker

    def _end(self) -> None:
        worker, self._worker = self._worker, None
        if worker is not None:
            child.end(worker)


EASEL = Easel()
"""The program's own."""
atexit.register(EASEL.close)


def work() -> None:
    """Draw what standard input says until it ends."""
    os.nice(_POLITE)
    orders, pictures = child.pipes()
    while True:
        try:
            order = child.receive(orders)
        except EOFError:
            return
        try:
            said = _GOOD + bytes(memoryview(pickle.loads(order)()))  # noqa: S301 - from our own program
        except Exception as error:  # noqa: BLE001 - handed on in words
            said = _BAD + f"{type(error).__name__}: {error}".encode()
        child.send(pictures, said)
