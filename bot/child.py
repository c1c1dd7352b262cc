"""A process of this program's own, for work that would hold up everything else; it talks in frames of bytes.

It ends when its standard input does, so that it never outlives the program, however that ends.
"""

from __future__ import annotations

import os
import struct
import subprocess
import sys
from contextlib import suppress
from typing import IO

_SIZE = struct.Struct("!Q")
_PATIENCE = 5.0  # seconds for it to end

Process = subprocess.Popen[bytes]


def begin(module: str) -> Process:
    """Run `work()` of a module, with this interpreter and its search path."""
    # A group of its own: Ctrl-C is for the program, which finishes what is at work. Not a session of its own:
    # Linux shares processor time out between sessions first, and there a worker's niceness would count for
    # nothing. No secrets: it needs none, and what it needs to know it is told.
    plain = {name: value for name, value in os.environ.items() if not name.startswith("TOCSIN_")}
    work = f"import sys; sys.path[:] = sys.argv[1:]; from {module} import work; work()"
    return subprocess.Popen(  # noqa: S603 - this interpreter, and words of ours
        [sys.executable, "-P", "-c", work, *sys.path], env=plain, process_group=0,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip


def end(process: Process) -> None:
    """Let it finish what it is at; kill it when it takes too long."""
    assert process.stdin is not None
    assert process.stdout is not None
    with suppress(OSError):  # what could not be written to a process that has died
        process.stdin.close()
    try:
        process.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    process.stdout.close()  # last: a thread that reads from it holds it until the process has ended


def send(pipe: IO[bytes] | None, content: bytes) -> None:
    """One frame. Raises OSError when nobody reads any more."""
    assert pipe is not None
    pipe.write(_SIZE.pack(len(content)) + content)
    pipe.flush()


def receive(pipe: IO[bytes] | None) -> bytes:
    """The next frame. Raises EOFError at the end, OSError."""
    assert pipe is not None
    return _exactly(pipe, _SIZE.unpack(_exactly(pipe, _SIZE.size))[0])


def pipes() -> tuple[IO[bytes], IO[bytes]]:
    """In the process itself: what it is told, and where it answers. Nothing else writes there by mistake."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return sys.stdin.buffer, answers


def _exactly(pipe: IO[bytes], length: int) -> bytes:
    found = pipe.read(length)
    if len(found) < length:
        raise EOFError
    return found
