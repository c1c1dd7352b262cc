"""Telling the first of two; threads that have an end."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.slack.once import Once, identity
from bot.slack.workers import Workers


def test_the_first_is_first_however_many_come_at_once() -> None:
    once = Once()
    with ThreadPoolExecutor(16) as pool:
        firsts = list(pool.map(lambda n: once.first(f"id-{n % 50}"), range(800)))
    assert sum(firsts) == 50


def test_it_forgets_what_is_old() -> None:
    now = [0.0]
    once = Once(10, clock=lambda: now[0])
    assert once.first("a")
    now[0] = 9
    assert not once.first("a")
    now[0] = 11
    assert once.first("a")


def test_what_makes_a_request_this_one() -> None:
    assert identity({"type": "event_callback", "event_id": "Ev1"}) == "event_callback:Ev1"
    assert identity({"command": "/x", "trigger_id": "1.2"}) == "command:1.2"
    assert identity({"type": "block_actions", "trigger_id": "1.2"}) != identity(
        {"type": "x", "trigger_id": "1.2"}
    )
    assert identity({"type": "url_verification"}) == ""


def test_work_is_done_elsewhere_and_turned_away_when_there_is_too_much() -> None:
    workers, gate = Workers("test", threads=1, room=1), threading.Event()
    assert workers.take(gate.wait)
    assert workers.take(gate.wait)
    assert not workers.take(gate.wait)
    assert workers.busy == 2
    gate.set()
    assert workers.settled()
    assert workers.take(lambda: None)
    workers.close()
    assert not workers.take(lambda: None)


def test_a_defect_is_noted_without_its_words_and_the_thread_goes_on(
    capsys: pytest.CaptureFixture[str],
) -> None:
    workers, done = Workers("test", threads=1, room=5), threading.Event()

    def broken() -> None:
        raise ValueError("what somebody typed")

    workers.take(broken)
    workers.take(done.set)
    assert done.wait(5)
    workers.close()
    said = capsys.readouterr().err
    assert "ValueError" in said
    assert "test_once_and_workers.py" in said
    assert "what somebody typed" not in said


def test_closing_waits_for_what_is_at_work() -> None:
    workers, over = Workers("test", threads=1, room=1), threading.Event()

    def slow() -> None:
        time.sleep(0.1)
        over.set()

    workers.take(slow)
    workers.close()
    assert over.is_set()
