"""The process behind bot.slack.backroom: a question on standard input, its answer on standard output."""

from __future__ import annotations

import pickle
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from threading import Lock, Thread
from typing import IO

from bot import child
from bot.answers.desk import Desk
from bot.responsive import short_turns
from bot.slack.drawn import Drawn
from bot.slack.faults import note
from bot.slack.ready import Ready
from bot.slack.told import answered
from jobs import log as logging
from jobs.house import House
from jobs.store.engine import Store

Given = tuple[bytes, bool]  # what Drawn gives, and whether it is to be shared
READY = 0  # the number of no question: likely answers have been worked out
_THREADS = 3  # a question that takes long holds up no other


def work() -> None:
    """Answer until standard input ends."""
    orders, answers = child.pipes()
    folder, url, now, level = pickle.loads(child.receive(orders))  # noqa: S301 - from our own program
    logging.configure(level)
    desk = Desk(House(folder, Store(url), now))
    window = _Window(desk, orders, answers)
    _ = desk.gazetteer.names
    ready = Ready(desk, window.drawn.of, partial(window.say, READY))
    short_turns()
    ready.start()
    threads = [Thread(target=window.serve, name=f"slack-answer-{i}") for i in range(_THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ready.close()


@dataclass
class _Window:
    """Where questions come in and answers go out, for any number of threads."""

    desk: Desk
    orders: IO[bytes]
    answers: IO[bytes]
    drawn: Drawn = field(default_factory=Drawn)
    _reading: Lock = field(default_factory=Lock)
    _writing: Lock = field(default_factory=Lock)

    def serve(self) -> None:
        """Whoever has read a question answers it: handing it on to another thread costs time."""
        with suppress(EOFError, OSError):  # the program has ended
            while True:
                with self._reading:
                    order = child.receive(self.orders)
                self._answer(order)

    def say(self, number: int, given: Given | None = None) -> None:
        """The answer to the question of this number; None: there is none."""
        content = pickle.dumps((number, given))
        with self._writing:
            child.send(self.answers, content)

    def _answer(self, order: bytes) -> None:
        number, *question = pickle.loads(order)  # noqa: S301 - from our own program
        try:
            answer, share = answered(self.desk, *question)
            self.say(number, (self.drawn.of(answer), share))
        except Exception as error:  # noqa: BLE001 - noted; the program answers for itself
            note("slack: an answer could not be handed over", error)
            self.say(number)
