"""Bots killed with SIGKILL while they talk to Slack: one visible message each, with the newest text.

TOCSIN_KILLS sets how often (`TOCSIN_KILLS=50` is the long run).
"""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import time
from collections import Counter
from multiprocessing.process import BaseProcess

import pytest

from jobs.clock import utc_now
from jobs.store import letters, outbox
from jobs.store.engine import Store
from tests.integration import killed_slack
from tests.integration.killed_slack import CHANNEL
from tests.wire.faults import held
from tests.wire.slack import SlackStandIn, slack_stand_in

_KILLS = int(os.environ.get("TOCSIN_KILLS", "8"))
_AHEAD = 3600.0


@pytest.fixture
def spawn():
    """Start a bot in a process of its own; forked from one that has everything imported already."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["__main__", killed_slack.__name__])
    started: list[BaseProcess] = []

    def start(store: Store, api: str, ahead: float) -> BaseProcess:
        url = store.url.render_as_string(hide_password=False)
        process = context.Process(target=killed_slack.work, args=(url, api, ahead), daemon=True)
        process.start()
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.join()


@pytest.fixture
def slack():
    with slack_stand_in(CHANNEL) as far:
        yield far


def put(
    store: Store,
    key: str,
    count: int,
    *,
    picture: bool = False,
    file: bool = False,
    thread: str | None = None,
) -> None:
    payload = json.dumps({"title": key, "count": count, "picture": picture, "file": file})
    with store.write() as connection:
        outbox.enqueue(connection, key, CHANNEL, "alert", payload, utc_now(), thread=thread)


def states(store: Store) -> Counter[str]:
    with store.read() as connection:
        return Counter({s.state: s.count for s in letters.standings(connection)})


def settle(store: Store) -> None:
    """Until everything is sent."""
    deadline = time.monotonic() + 20
    while set(states(store)) != {"sent"} and time.monotonic() < deadline:
        time.sleep(0.01)
    assert set(states(store)) == {"sent"}


def lines(slack: SlackStandIn) -> list[str]:
    """Keys of the replies in all threads."""
    channel = slack.channels[CHANNEL]
    return [r["metadata"]["event_payload"]["key"] for m in channel.top for r in channel.thread(m["ts"])]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("door", "taken", "edited"),
    [
        ("chat.postMessage", True, False),
        ("chat.postMessage", False, False),
        ("files.completeUploadExternal", True, False),
        ("chat.postMessage", True, True),
        ("chat.update", True, True),
        ("chat.update", False, True),
    ],
)
def test_killed_between_a_request_and_its_record(spawn, slack, sqlite_store, door, taken, edited):
    put(sqlite_store, "A-1", 1, picture=True)
    if edited:
        first = spawn(sqlite_store, slack.api, 0.0)
        settle(sqlite_store)
        first.kill()
        first.join()
        put(sqlite_store, "A-1", 2, picture=True)
    slack.fail(door, held(taken=taken))
    victim = spawn(sqlite_store, slack.api, 0.0)
    assert slack.taken.wait(20), "the request never came"
    victim.kill()
    victim.join()
    assert states(sqlite_store) == {"sending": 1}, "the intent is there, the outcome is not"
    spawn(sqlite_store, slack.api, _AHEAD)
    settle(sqlite_store)
    wall = slack.wall(CHANNEL)
    assert {key: [m["text"] for m in shown] for key, shown in wall.items()} == {
        "A-1": [f"{1 + edited} recorded in A-1."]
    }
    assert lines(slack) == (["A-1#2"] if edited else [])


@pytest.mark.slow
def test_killed_at_random_instants(spawn, slack: SlackStandIn, store: Store):
    chance = random.Random(7)
    slack.pause = lambda: chance.uniform(0, 0.008)
    expected: dict[str, int] = {}
    unknown = 0
    for kill in range(_KILLS):
        for n in range(4):
            key = f"A-{chance.randrange(3 * _KILLS)}"
            expected[key] = expected.get(key, 0) + 1
            put(store, key, expected[key], picture=n == 0)
        before = len(slack.requests)
        victim = spawn(store, slack.api, _AHEAD * kill)
        wait(lambda before=before: len(slack.requests) > before)
        time.sleep(chance.uniform(0, 0.06))
        victim.kill()
        victim.join()
        wait(lambda: slack.busy == 0)
        time.sleep(0.05)  # what was still in a socket has been read
        wait(lambda: slack.busy == 0)
        unknown += states(store)["sending"]
    spawn(store, slack.api, _AHEAD * _KILLS)
    settle(store)
    wall = slack.wall(CHANNEL)
    assert {key: len(shown) for key, shown in wall.items() if len(shown) > 1} == {}, "doubled"
    assert {key: wall[key][0]["text"] for key in wall} == {
        key: f"{count} recorded in {key}." for key, count in expected.items()
    }, "lost, or not the newest"
    assert [key for key, n in Counter(lines(slack)).items() if n > 1] == [], "a line twice in a thread"
    assert unknown > 0, "no kill fell between an intent and its record: the test proves nothing"


@pytest.mark.slow
def test_killed_in_the_middle_of_threads(spawn, slack: SlackStandIn, store: Store):
    """A digest a round: a message, two replies, a file; the replies of an earlier one change meanwhile."""
    chance = random.Random(11)
    slack.pause = lambda: chance.uniform(0, 0.008)
    newest: dict[str, int] = {}
    unknown = 0
    for kill in range(_KILLS):
        digest = f"D-{kill}"
        put(store, digest, 1)
        for part in ("areas", "method"):
            newest[f"{digest}:{part}"] = 1
            put(store, f"{digest}:{part}", 1, thread=digest)
        put(store, f"{digest}:page", 1, thread=digest, file=True)
        changed = f"D-{chance.randrange(kill + 1)}:areas"
        newest[changed] += 1
        put(store, changed, newest[changed], thread=changed.partition(":")[0])
        before = len(slack.requests)
        victim = spawn(store, slack.api, _AHEAD * kill)
        wait(lambda before=before: len(slack.requests) > before)
        time.sleep(chance.uniform(0, 0.12))
        victim.kill()
        victim.join()
        wait(lambda: slack.busy == 0)
        time.sleep(0.05)  # what was still in a socket has been read
        wait(lambda: slack.busy == 0)
        unknown += states(store)["sending"]
    spawn(store, slack.api, _AHEAD * _KILLS)
    settle(store)
    assert sorted(slack.wall(CHANNEL)) == sorted(f"D-{n}" for n in range(_KILLS)), "in the channel"
    for key, (top,) in slack.wall(CHANNEL).items():
        thread = slack.channels[CHANNEL].thread(top["ts"])
        texts = sorted(m["text"] for m in thread if "files" not in m)
        assert texts == sorted(f"{newest[f'{key}:{p}']} recorded in {key}:{p}." for p in ("areas", "method"))
        assert [f["name"] for m in thread for f in m.get("files", [])] == [f"{key}:page.html"]
    assert unknown > 0, "no kill fell between an intent and its record: the test proves nothing"


def wait(done) -> None:
    deadline = time.monotonic() + 5
    while not done() and time.monotonic() < deadline:
        time.sleep(0.002)
