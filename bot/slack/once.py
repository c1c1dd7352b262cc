"""Telling the first of two that are the same: Slack sends again what it thinks was lost."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

MEMORY = 3600.0  # seconds; Slack's last retry of an event comes after an hour at most
_MOST = 50_000


@dataclass
class Once:
    """Remembers ids for `memory` seconds, the newest 50,000. For any number of threads."""

    memory: float = MEMORY
    clock: Callable[[], float] = time.monotonic
    _seen: OrderedDict[str, float] = field(default_factory=OrderedDict, init=False, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)

    def first(self, key: str) -> bool:
        """Whether this id comes for the first time."""
        now = self.clock()
        with self._lock:
            while self._seen and (
                len(self._seen) >= _MOST or next(iter(self._seen.values())) < now - self.memory
            ):
                self._seen.popitem(last=False)
            if key in self._seen:
                return False
            self._seen[key] = now
            return True


def identity(body: Mapping[str, object]) -> str:
    """What makes a request of Slack this one and no other; empty where it has nothing of the kind.

    Events come again with the same event_id; every command, click and form has a trigger of its own.
    """
    for name in ("event_id", "trigger_id"):
        if value := body.get(name):
            return f"{body.get('type', 'command')}:{value}"
    return ""
