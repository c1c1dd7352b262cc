"""Bots killed with SIGKILL at random instants, on both databases: nothing lost, nothing doubled."""

from __future__ import annotations

import multiprocessing
import os
import random
import time
from collections import Counter
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from jobs.house import House
from jobs.schedule import newest_out
from jobs.store import ledger, letters
from jobs.store.engine import Store
from rules.model import Month
from tests.integration import killed
from tests.integration.conftest import write_partnership
from tests.integration.killed import FarSide
from tests.postgres import PostgresServer

Wall = dict[tuple[str, str], str]  # channel, key -> text
_MONTHS = 6
_KILLS = int(os.environ.get("TOCSIN_BOT_KILLS", "6"))


@pytest.fixture(scope="module")
def spawn():
    """Start a bot in a process of its own; forked from one that has everything imported already."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["__main__", killed.__name__])
    started: list[BaseProcess] = []

    def start(*args: object) -> BaseProcess:
        process = context.Process(target=killed.work, args=args, daemon=True)
        process.start()
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.join()


def is_settled(store: Store, last: Month) -> bool:
    with store.read() as connection:
        done = {e.period for e in ledger.entries(connection, "digest") if e.state == "done"}
        return str(last) in done and {s.state for s in letters.standings(connection)} == {"sent"}


def kill_and_settle(
    spawn, store: Store, folder: Path, *, bots: int, seed: int, server: PostgresServer | None = None
) -> tuple[FarSide, Wall]:
    """Kill bots `_KILLS` times and let the last ones finish; the far side, and what ought to be there.

    With a `server` it is killed instead, and begun again; the bots are left to find out by themselves.
    """
    house = House(write_partnership(folder, police=(2, 14)), store)
    last = newest_out(house.partnership.source("police"), house.today)
    months = (last + (1 - _MONTHS)).until(last)
    with store.write() as connection:
        for job in ("pull:police", "digest"):
            ledger.mark_done(connection, job, str(months[0] + -1), house.now(), "the test begins here")
    url = store.url.render_as_string(hide_password=False)
    chance = random.Random(seed)
    with FarSide(seed).open() as far:
        alive = [spawn(url, str(folder), far.port) for _ in range(bots)]
        for kill in range(4 * _KILLS):
            # On, until a kill has fallen between an intent and its record: it is what is tried here.
            if kill >= _KILLS and (server is not None or far.finds or is_settled(store, last)):
                break
            _busy(far)
            time.sleep(chance.uniform(0, 0.05))
            if server is not None:
                server.kill()
                server.restart()
                continue
            alive[kill % bots].kill()
            alive[kill % bots].join()
            alive[kill % bots] = spawn(url, str(folder), far.port)
        deadline = time.monotonic() + 120
        while not is_settled(store, last) and time.monotonic() < deadline:
            time.sleep(0.02)
        for process in alive:
            process.kill()
            process.join()
    with store.read() as connection:
        left = [s for s in letters.standings(connection) if s.state != "sent"]
    assert is_settled(store, last), f"not settled two minutes after the last kill: {left}"
    return far, _expected(months)


def _busy(far: FarSide) -> None:
    """Until a bot talks to the far side: a kill while it starts up would try nothing."""
    before, deadline = far.requests, time.monotonic() + 1
    while far.requests == before and time.monotonic() < deadline:
        time.sleep(0.002)


def judge(far: FarSide, expected: Wall, *, looked: bool = True) -> None:
    posts = Counter(far.posts)
    assert sorted(expected.keys() - posts.keys()) == [], "lost"
    assert sorted(at for at, n in posts.items() if n > 1) == [], "doubled"
    assert far.wall == expected, "the newest text stands on the wall, and nothing else does"
    for channel in killed.CHANNELS:
        alerts = [key for c, key in far.posts if c == channel and key.startswith("alert")]
        assert alerts == sorted(alerts), "in order"
    if looked:
        assert far.finds > 0, "no kill fell between an intent and its record: the test proves nothing"


@pytest.mark.slow
def test_a_bot_killed_at_random_instants_loses_and_doubles_nothing(spawn, store: Store, tmp_path):
    judge(*kill_and_settle(spawn, store, tmp_path / "partnership", bots=1, seed=1))


@pytest.mark.slow
def test_nor_do_two_bots_on_one_database(spawn, postgres_store: Store, tmp_path):
    judge(*kill_and_settle(spawn, postgres_store, tmp_path / "partnership", bots=2, seed=2))


def _expected(months: list[Month]) -> Wall:
    wall: Wall = {}
    for month in [months[0] + -1, *months]:
        told = str(min(month + 1, months[-1]))
        for n in range(killed.ALERTS):
            for channel in killed.CHANNELS:
                wall[channel, f"alert:{month}:{n}"] = killed.text(str(month), n, told)
    wall |= {(killed.CHANNELS[0], f"digest:{m}"): f"digest {m}" for m in months}
    return wall
