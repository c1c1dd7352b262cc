"""Pictures are drawn in a process of their own, which may die and takes nobody with it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from bot.pictures.charts import series_chart
from bot.pictures.easel import SECONDS, Easel, NotDrawn
from jobs.facts import Point

POINTS = tuple(Point(f"2022-{m:02}", 20 + m % 7, 22.0, 12.0, 33.0) for m in range(1, 13))
CHART = partial(series_chart, POINTS, "Invented", "recorded a month", "invented")
PNG = partial(bytes, b"\x89PNG and so on")
TALKATIVE = partial(eval, "(print('a library says something'), b'drawn')[1]")


@pytest.fixture
def easel() -> Iterator[Easel]:
    made = Easel()
    yield made
    made.close()


def gone(pid: int) -> bool:
    """Whether the process ends within half a minute."""
    ends = time.monotonic() + 30
    while time.monotonic() < ends:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
            return True  # dead, and nobody has asked yet
        time.sleep(0.02)
    return False


def test_the_same_picture_as_drawn_here_by_one_worker(easel: Easel) -> None:
    before = easel.worker
    assert before is None, "nothing is started before there is something to draw"
    assert easel.draw(CHART) == CHART()
    worker = easel.worker
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(easel.draw, [PNG, TALKATIVE] * 4)) == [PNG(), b"drawn"] * 4
    assert worker not in (None, os.getpid())
    assert easel.worker == worker


@pytest.mark.parametrize(
    ("picture", "why"),
    [
        (partial(bytes.fromhex, "no such font"), "ValueError: non-hexadecimal"),
        (lambda: b"", "cannot be handed to another process"),
        (partial(os._exit, 3), "has died"),
        (partial(os.kill, 0, 0), "TypeError"),  # gives nothing that could be sent
    ],
)
def test_what_cannot_be_drawn_costs_its_own_picture(easel: Easel, picture: partial[bytes], why: str) -> None:
    with pytest.raises(NotDrawn, match=why):
        easel.draw(picture)
    assert easel.draw(PNG) == PNG()


def test_a_worker_that_was_killed_while_it_waited_is_replaced(easel: Easel) -> None:
    easel.draw(PNG)
    first = easel.worker
    assert first is not None
    os.kill(first, signal.SIGKILL)
    assert gone(first)
    assert easel.draw(PNG) == PNG()
    assert easel.worker != first


def test_who_takes_too_long_is_ended(easel: Easel) -> None:
    easel.draw(PNG)
    slow = easel.worker
    assert slow is not None
    easel.seconds = 0.2
    with pytest.raises(NotDrawn, match="took too long"):
        easel.draw(partial(time.sleep, 3600))  # type: ignore[arg-type]  # draws nothing
    assert gone(slow)
    easel.seconds = SECONDS
    assert easel.draw(PNG) == PNG()


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_the_worker_ends_with_the_program_however_that_ends(how: signal.Signals) -> None:
    code = (
        "import time; from functools import partial; from bot.pictures.easel import EASEL\n"
        "EASEL.draw(partial(bytes, b'x')); print(EASEL.worker, flush=True); time.sleep(3600)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        worker = int(program.stdout.readline())
        program.send_signal(how)
    assert gone(worker)


def test_it_is_told_no_secrets(easel: Easel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_SLACK_BOT_TOKEN", "xoxb-invented")
    seen = partial(eval, "repr(dict(__import__('os').environ)).encode()")
    assert b"xoxb-invented" not in easel.draw(seen)
