"""How Python is set while people wait for an answer: short turns, and no long looks for rubbish.

Python looks through all that lives every now and then, for 0.1 s where a geography and thousands of answers
live, and answers nobody meanwhile. What is dropped is freed at once all the same; a look only finds what
refers to itself.
"""

from __future__ import annotations

import gc
import sys

_TURN = 0.001  # seconds that a thread may go on while others wait
_NEW = 5_000  # objects between two looks at the newest: one of about a millisecond
_ROUNDS = (200, 1_000)  # such looks until one at what they left; of those until one at everything


def short_turns() -> None:
    """For a process whose threads each have little to do, and somebody who waits for it."""
    sys.setswitchinterval(_TURN)


def stand_still() -> None:
    """Call it when what was to be loaded is there: one look through everything, and it is left alone from now
    on, until the next call."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW, *_ROUNDS)
