"""An answer as Slack is told it. Many ask the same, and a kept answer is the same object each time."""

from __future__ import annotations

import pickle
import threading
from collections import OrderedDict
from dataclasses import dataclass, field, replace

from bot.message import Answer, Picture
from bot.renderers.slack import SlackMessage, answer_blocks
from bot.renderers.slack_limits import validate

_MOST = 5_000  # answers, about three kilobytes each


@dataclass(frozen=True, slots=True)
class Said:
    """The words, and the pictures that follow them."""

    drawn: SlackMessage
    pictures: tuple[Picture, ...]


def said(answer: Answer) -> Said:
    """Without its pictures in the words: they come later."""
    drawn = answer_blocks(answer)
    return Said(replace(drawn, checked=not validate(drawn.blocks)), answer.pictures)


@dataclass
class Drawn:
    """Draws an answer once, for as long as others do not crowd it out. For any number of threads.

    An answer never changes, so the object itself is the key; it is held on to, so that no other takes its
    place in memory.
    """

    _done: OrderedDict[int, tuple[Answer, bytes]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, answer: Answer) -> bytes:
        """What `said` gives, pickled."""
        with self._lock:
            if id(answer) in self._done:
                self._done.move_to_end(id(answer))
                return self._done[id(answer)][1]
        drawn = pickle.dumps(said(answer))
        with self._lock:
            self._done[id(answer)] = (answer, drawn)
            while len(self._done) > _MOST:
                self._done.popitem(last=False)
        return drawn
