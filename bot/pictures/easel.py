"""Drawing in a process of its own: matplotlib holds the interpreter's lock, and acknowledgements need it.

One worker for the whole program, started by the first picture. It is told what to draw on its standard input
and ends when that does, so that it never outlives the program, however that ends. A worker that dies or takes
too long costs its picture, and the next picture gets a new one.
"""

from __future__ import annotations

import atexit
import os
import pickle
import struct
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import IO

SECONDS = 60.0  # for one picture; the first one of a worker brings the libraries
_WORK = "import sys; sys.path[:] = sys.argv[1:]; from bot.pictures.easel import work; work()"
_ORDER = struct.Struct("!Q")  # how many bytes follow
_HEAD = struct.Struct("!?Q")  # whether it is a picture, and how many bytes follow
_POLITE = 10  # the worker's niceness: answers come first
_PATIENCE = 5.0  # seconds for a worker to end


class NotDrawn(Exception):
    """No picture, and why. For good: the same picture would fail again, or has cost a worker already."""


class Easel:
    """Draws one picture at a time. For any number of threads."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self.seconds = seconds
        self._lock = threading.Lock()
        self._worker: subprocess.Popen[bytes] | None = None

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
        assert worker.stdin is not None
        assert worker.stdout is not None
        late = threading.Timer(self.seconds, worker.kill)
        late.start()
        try:
            worker.stdin.write(_ORDER.pack(len(order)) + order)
            worker.stdin.flush()
            good, length = _HEAD.unpack(_exactly(worker.stdout, _HEAD.size))
            said = _exactly(worker.stdout, length)
        except (OSError, EOFError) as error:
            self._end()
            raise NotDrawn("the process that draws has died, or took too long") from error
        finally:
            late.cancel()
        if not good:
            raise NotDrawn(said.decode())
        return said

    def _at_work(self) -> subprocess.Popen[bytes]:
        if self._worker is not None and self._worker.poll() is not None:
            self._end()
        if self._worker is None:
            # A session of its own: Ctrl-C is for the program, which finishes what is at work. No secrets:
            # who draws needs none.
            plain = {name: value for name, value in os.environ.items() if not name.startswith("TOCSIN_")}
            self._worker = subprocess.Popen(  # noqa: S603 - this interpreter, and words of ours
                [sys.executable, "-P", "-c", _WORK, *sys.path], env=plain, start_new_session=True,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            )  # fmt: skip
        return self._worker

    def _end(self) -> None:
        worker, self._worker = self._worker, None
        if worker is None:
            return
        for pipe in (worker.stdin, worker.stdout):
            assert pipe is not None
            with suppress(OSError):  # what could not be written to a worker that has died
                pipe.close()
        try:
            worker.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            worker.kill()
            worker.wait()


EASEL = Easel()
"""The program's own."""
atexit.register(EASEL.close)


def _exactly(pipe: IO[bytes], length: int) -> bytes:
    found = pipe.read(length)
    if len(found) < length:
        raise EOFError
    return found


def work() -> None:
    """Draw what standard input says until it ends. Nothing else may write to the pipe of the pictures."""
    os.nice(_POLITE)
    orders, pictures = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    while head := orders.read(_ORDER.size):
        try:
            order = _exactly(orders, _ORDER.unpack(head)[0])
            good, said = True, bytes(memoryview(pickle.loads(order)()))  # noqa: S301 - from our own program
        except Exception as error:  # noqa: BLE001 - handed on in words
            good, said = False, f"{type(error).__name__}: {error}".encode()
        pictures.write(_HEAD.pack(good, len(said)) + said)
        pictures.flush()
