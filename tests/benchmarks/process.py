"""A command run to its end, with the time and the memory that the operating system counted for it alone."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")


@dataclass(frozen=True)
class Cost:
    """Of one process."""

    seconds: float  # by the clock on the wall
    megabytes: float  # the most it ever held
    output: str

    def then(self, other: Cost) -> Cost:
        """One after the other."""
        megabytes = max(self.megabytes, other.megabytes)
        return Cost(self.seconds + other.seconds, megabytes, self.output + other.output)


def measure(command: Sequence[str], **environment: str) -> Cost:
    """Run a command in the root of the checkout; RuntimeError with its last words when it fails."""
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        variables: Mapping[str, str] = {**os.environ, **environment}
        started = time.perf_counter()
        process = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=errors, env=variables)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        errors.seek(0)
        if process.returncode:
            raise RuntimeError(f"{' '.join(command[:4])} ... failed: {errors.read()[-500:]}")
        unit = 1024**2 if sys.platform == "darwin" else 1024  # macOS counts bytes, Linux kilobytes
        return Cost(seconds, usage.ru_maxrss / unit, output.read())
