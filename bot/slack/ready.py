"""Answers worked out before they are asked for: in the days after a month has come in, many ask the same.

What the answers are kept by changes when an extract lands, and the first to ask would wait for all of it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from threading import Event, Thread

import structlog

from bot.answers.desk import Desk
from bot.message import Answer
from bot.responsive import stand_still
from bot.slack.faults import note
from bot.slack.told import told
from jobs.errors import NotReady
from jobs.store.kept import Version, version_of
from rules.model import AreaKind, Window

_LOOK = 20.0  # seconds between two looks whether something has landed
_MOST = 2_000  # questions
_KINDS = (AreaKind.DISTRICT, AreaKind.TOWN, AreaKind.MSOA, AreaKind.WARD, AreaKind.SITE)

log = structlog.get_logger(__name__)


@dataclass
class Ready:
    """Asks what people are likely to ask, as a public reader, whenever other extracts stand."""

    desk: Desk
    keep: Callable[[Answer], object]  # what else is done with each answer
    done: Callable[[], None] = lambda: None  # called each time when everything has been asked
    _seen: Version = field(default=(), init=False)
    _closed: Event = field(default_factory=Event, init=False)
    _thread: Thread = field(init=False)

    def __post_init__(self) -> None:
        self._thread = Thread(target=self._run, name="slack-ready", daemon=True)

    def start(self) -> None:
        """Begin; people may ask meanwhile."""
        self._thread.start()

    def close(self) -> None:
        """End after the question that is being asked."""
        self._closed.set()
        if self._thread.is_alive():
            self._thread.join()

    def get(self, pause: float = 1.0) -> None:
        """Ask everything once; after each question a pause of so many times what it took."""
        for text in likely(self.desk):
            began = time.perf_counter()
            self.keep(told(partial(self.desk.ask, text)))
            if self._closed.wait(pause * (time.perf_counter() - began)):
                return
        stand_still()
        self.done()

    def _run(self) -> None:
        while not self._closed.is_set():
            try:
                if (now := self._version()) != self._seen:
                    self.get()
                    self._seen = now
            except NotReady:
                log.info("slack: nothing has been loaded that could be made ready")
            except Exception as error:  # noqa: BLE001 - noted; whoever asks waits a little longer
                note("slack: answers could not be made ready", error)
            self._closed.wait(_LOOK)

    def _version(self) -> Version:
        with self.desk.house.store.read() as connection:
            return version_of(connection)


def likely(desk: Desk) -> Iterator[str]:
    """The series of the last two years in the district, then in other windows; then each place of it in each
    series that has some.

    The first lot also reads the counts of four years, which most windows are made of; the second the bands of
    the windows, which all places share.
    """
    house, found = desk.house, [""]
    yield "hotspots"
    for series in house.lexicon:
        text = f"hotspots {series.id} 24m"
        yield text
        answer = told(partial(desk.ask, text))  # kept: it costs nothing
        if answer.state == "ok":
            found.append(series.id)
            yield from (f"hotspots {series.id} {window}" for window in _windows(str(answer.data["window"])))
    places = list(house.geography.of_kind(*_KINDS, inside=house.partnership.district))
    asked = [f"hotspots {desk.gazetteer.typing(p.code)} {s}".strip() for s in found for p in places]
    yield from asked[:_MOST]


def _windows(known: str) -> list[str]:
    """What people name: the month that has come in, the one before it, half a year, the last whole years."""
    last = Window.parse(known).last
    year = last.year if last.number == 12 else last.year - 1
    return [str(last), str(last + -1), "6m", str(year), str(year - 1)]
