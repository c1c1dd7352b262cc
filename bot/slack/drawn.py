"""An answer as Slack is told it. Many ask the same, and a kept answer is the same object each time."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field

from bot.message import Answer, Picture
from bot.renderers.slack import SlackMessage, answer_blocks

_MOST = 500  # answers, a few kilobytes each


@dataclass(frozen=True, slots=True)
class Said:
    """The words, and the pictures that follow them."""

    state: str
    drawn: SlackMessage
    pictures: tuple[Picture, ...]


def said(answer: Answer) -> Said:
    """Without its pictures in the words: they come later."""
    return Said(answer.state, answer_blocks(answer), answer.pictures)


@dataclass
class Drawn:
    """Draws an answer once, for as long as others do not crowd it out. For any number of threads.

    An answer never changes, so the object itself is the key; it is held on to, so that no other takes its
    place in memory. What is given out is shared: callers do not change it.
    """

    _done: OrderedDict[int, tuple[Answer, Said]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, answer: Answer) -> Said:
        """What `said` gives."""
        with self._lock:
            if id(answer) in self._done:
                self._done.move_to_end(id(answer))
                return self._done[id(answer)][1]
        drawn = said(answer)
        with self._lock:
            self._done[id(answer)] = (answer, drawn)
            while len(self._done) > _MOST:
                self._done.popitem(last=False)
        return drawn
