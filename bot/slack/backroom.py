"""Questions are answered in a process of their own: what takes requests in and sends answers out has its
hands free, and a question that takes long holds up no acknowledgement.

It reads the same folder and the same database. When it is not there, or has died over a question, the program
answers for itself: nothing is lost, and what a command does is done once for an interaction.
"""

from __future__ import annotations

import itertools
import pickle
import threading
import time
from concurrent.futures import Future

import structlog

from bot import child
from bot.responsive import stand_still
from bot.slack import answering
from bot.slack.answering import READY, Given
from bot.slack.drawn import Said
from jobs import log as logging
from jobs.attention.people import Actor
from jobs.house import House

_SECONDS = 60.0  # for one answer
_REST = 30.0  # seconds after a start in which there is no second one

log = structlog.get_logger(__name__)


class Away(Exception):
    """Nobody answers there now."""


class Backroom:
    """The program's side. For any number of threads."""

    def __init__(self, house: House) -> None:
        """`house.now` must be a function that another process can be told of."""
        self._hello = pickle.dumps((house.folder, house.store.url, house.now, logging.level()))
        self._lock, self._numbers = threading.Lock(), itertools.count(READY + 1)
        self._waiting: dict[int, Future[Given]] = {}  # of the process that is at work
        self._process: child.Process | None = None
        self._rests, self._closed = 0.0, False
        self.ready = threading.Event()

    def start(self) -> None:
        """Begin; it is begun by a question otherwise."""
        with self._lock:
            self._at_work()

    def ask(self, text: str, actor: Actor, interaction: str) -> tuple[Said, bool]:
        """The audited answer, and whether it is to be shared.

        Raises Away when there is none; the question may have been written down.
        """
        future: Future[Given] = Future()
        with self._lock:
            process, number = self._at_work(), next(self._numbers)
            waiting = self._waiting
            waiting[number] = future
            try:
                child.send(process.stdin, pickle.dumps((number, text, actor, interaction)))
            except OSError as error:
                waiting.pop(number, None)
                raise Away from error
        try:
            drawn, share = future.result(_SECONDS)
        except TimeoutError:
            waiting.pop(number, None)
            process.kill()  # whatever it is at: the next one starts afresh
            raise Away from None
        return pickle.loads(drawn), share  # noqa: S301 - from our own program

    def close(self) -> None:
        """Take no more questions; what is at work is finished."""
        with self._lock:
            self._closed = True
            process, self._process = self._process, None
        if process is not None:
            child.end(process)

    def _at_work(self) -> child.Process:
        if self._process is not None and self._process.poll() is None:
            return self._process
        if self._closed or time.monotonic() < self._rests:
            raise Away
        self._rests = time.monotonic() + _REST
        if self._process is not None:
            child.end(self._process)
        self._process = child.begin(answering.__name__)
        try:
            child.send(self._process.stdin, self._hello)
        except OSError as error:
            raise Away from error
        self._waiting = {}
        told = (self._process, self._waiting)
        threading.Thread(target=self._listen, args=told, name="slack-backroom", daemon=True).start()
        return self._process

    def _listen(self, process: child.Process, waiting: dict[int, Future[Given]]) -> None:
        """Hand each answer to who waits for it, until there are no more."""
        try:
            while True:
                number, given = pickle.loads(child.receive(process.stdout))  # noqa: S301 - as above
                if number == READY:
                    stand_still()  # here too everything is loaded by now
                    self.ready.set()
                elif future := waiting.pop(number, None):
                    future.set_result(given) if given is not None else future.set_exception(Away())
        except (EOFError, OSError, ValueError):  # ended, killed, or its pipe closed
            if not self._closed:
                log.warning("slack: the process that answers has ended; the program answers for itself")
        with self._lock:  # nobody is in the middle of asking
            left = list(waiting.values())
            waiting.clear()
        for future in left:
            future.set_exception(Away())
