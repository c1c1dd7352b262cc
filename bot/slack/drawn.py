"""An answer as Slack is told it. Many ask the same, and a kept answer is the same object each time."""

from __future__ import annotations

import pickle
import weakref
from dataclasses import dataclass, field, replace

from bot.message import Answer, Picture
from bot.renderers.slack import SlackMessage, answer_blocks
from bot.renderers.slack_limits import validate


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
    """Draws an answer once, for as long as somebody keeps it. For any number of threads.

    An answer never changes, so the object itself is the key. What is drawn goes when the answer does: an
    answer that nobody keeps (streets, extracts that were replaced) takes no room here.
    """

    _done: dict[int, tuple[weakref.ref[Answer], bytes]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self._done)

    def of(self, answer: Answer) -> bytes:
        """What `said` gives, pickled."""
        key = id(answer)
        if done := self._done.get(key):
            return done[1]
        drawn = pickle.dumps(said(answer))
        # Called before the object's place in memory is given to another: the key is not taken by then.
        self._done[key] = (weakref.ref(answer, lambda _: self._done.pop(key, None)), drawn)
        return drawn
