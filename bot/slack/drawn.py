"""Answers as they were drawn: many ask the same, and an answer that is kept is the same object each time."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field

from bot.message import Answer
from bot.renderers.slack import SlackMessage, answer_blocks

_MOST = 500  # answers, a few kilobytes each


@dataclass
class Drawn:
    """Draws an answer once, for as long as others do not crowd it out. For any number of threads.

    An answer never changes, so the object itself is the key; it is held on to, so that no other takes its
    place in memory. What is given out is shared: callers do not change it.
    """

    _done: OrderedDict[int, tuple[Answer, SlackMessage]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, answer: Answer) -> SlackMessage:
        """Without its pictures, which come later."""
        with self._lock:
            if id(answer) in self._done:
                self._done.move_to_end(id(answer))
                return self._done[id(answer)][1]
        drawn = answer_blocks(answer)
        with self._lock:
            self._done[id(answer)] = (answer, drawn)
            while len(self._done) > _MOST:
                self._done.popitem(last=False)
        return drawn
