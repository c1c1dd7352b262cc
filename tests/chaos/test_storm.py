"""A month in which everything rings: many alerts on fifty channels, and people who ask meanwhile."""

from __future__ import annotations

import threading
import time
from collections import Counter
from dataclasses import dataclass, field

from bot.answers.desk import Desk
from bot.delivery import Delivery
from bot.message import Message
from jobs.clock import utc_now
from jobs.house import House
from jobs.store.engine import Store
from jobs.store.outbox import enqueue
from tests.cli import NWL
from tests.integration.test_delivery import build

_CHANNELS = 50
_PACE = 1.0  # seconds between two messages of one channel, as Slack has it


@dataclass
class Room:
    """A channel that takes a message in 20 ms."""

    pace: float = _PACE
    takes: float = 0.02
    timeout: float = 5.0
    can_find: bool = True
    may_repeat: bool = False
    posts: list[str] = field(default_factory=list)

    def post(self, message: Message) -> str:
        time.sleep(self.takes)
        self.posts.append(message.key)
        return message.key

    def edit(self, reference: str, message: Message) -> str:
        raise AssertionError(f"nothing changed, and yet {message.key} is edited at {reference}")

    def find(self, message: Message) -> str | None:
        raise AssertionError(f"nothing was unclear, and yet {message.key} is looked for")


def unpaced(store: Store, messages: int, letter: str) -> float:
    """Seconds a message that this machine and this database need by themselves: one channel, no pace."""
    with store.write() as connection:
        for n in range(messages):
            enqueue(connection, f"{letter}-{n:03d}", "alone", "alert", f"{n}", utc_now())
    room = Room(pace=0.0, takes=0.0)
    begun = time.monotonic()
    Delivery(store, {"alone": room}, {"alert": build}).drain()
    assert len(room.posts) == messages
    return (time.monotonic() - begun) / messages


def test_a_storm_takes_no_longer_than_the_pace_allows(store: Store, full: bool, note) -> None:
    """A real clock: fifty channels side by side, a message a second each, while questions are answered.

    The floor is what the pace asks for; where all the messages one after another cost this machine more than
    that, even without a pace, it is what they cost. The figures say both.
    """
    alerts = 100 if full else 25
    rooms = {f"c{n:02d}": Room() for n in range(_CHANNELS)}
    with store.write() as connection:
        for n in range(alerts):
            for channel in rooms:
                enqueue(connection, f"A-{n:03d}", channel, "alert", f"{n}", utc_now())
    desk = Desk(House(NWL, store))
    desk.ask("hotspots coalville")  # what is read once is not what an answer costs
    before = unpaced(store, _CHANNELS, "B")
    stop, answered = threading.Event(), []
    worker = threading.Thread(target=Delivery(store, rooms, {"alert": build}).run, args=(stop, 0.05))
    begun = time.monotonic()
    worker.start()
    try:
        limit = begun + 2 * alerts + 10
        while sum(len(r.posts) for r in rooms.values()) < alerts * _CHANNELS and time.monotonic() < limit:
            asked = time.monotonic()
            desk.ask("hotspots coalville")
            answered.append(time.monotonic() - asked)
            time.sleep(0.2)
        took = time.monotonic() - begun
    finally:
        stop.set()
        worker.join()
    wanted = [f"A-{n:03d}" for n in range(alerts)]
    counted = Counter((c, key) for c, r in rooms.items() for key in r.posts)
    paced = (alerts - 1) * _PACE + 0.02
    machine = alerts * _CHANNELS * max(before, unpaced(store, _CHANNELS, "C"))
    floor = max(paced, machine)
    note(
        rounds=alerts * _CHANNELS, lost=alerts * _CHANNELS - len(counted),
        doubled=sum(n > 1 for n in counted.values()), seconds=round(took, 1),
        pace=round(paced, 1), machine=round(machine, 1),
        over=round(100 * (took / floor - 1), 1), answers=len(answered), slowest=round(max(answered), 3),
    )  # fmt: skip
    assert all(room.posts == wanted for room in rooms.values()), "each once, in order"
