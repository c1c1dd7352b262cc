"""Cubes and judgements, each made once a look at the database, and the latest of them kept for the next."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace

from jobs.counting.frames import build_cube
from jobs.folder.partnership import SourceSettings
from jobs.house import House
from jobs.judging.known import context_for
from jobs.store.engine import Connection
from jobs.store.kept import kept
from rules.judgement import Judgement, judge
from rules.model import Cube, Month

_FEW = 6  # judgements kept, some ten megabytes each: most questions are about one, events about each source's


class _Few:
    """The last few judgements asked for, of one state of the extracts. For any number of threads."""

    def __init__(self) -> None:
        self._made: OrderedDict[Hashable, Judgement | None] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, key: Hashable, make: Callable[[], Judgement | None]) -> Judgement | None:
        """What is kept under the key, or else made now; two that ask at once may both make it."""
        with self._lock:
            if key in self._made:
                self._made.move_to_end(key)
                return self._made[key]
        made = make()
        with self._lock:
            self._made[key] = made
            while len(self._made) > _FEW:
                self._made.popitem(last=False)
        return made


@dataclass(frozen=True)
class Cubes:
    """Bound to one connection: what it holds does not change while it is read."""

    connection: Connection
    house: House
    _made: dict[tuple[str, Month, bool], Judgement | None] = field(default_factory=dict)

    def judged(self, source: SourceSettings, month: Month, *, ordinary: bool = False) -> Judgement | None:
        """A month of a source with what was expected of it; None when it was not published.

        ordinary: as if no event were on in it; months of earlier events are in no baseline all the same.
        """
        key = (source.id, month, ordinary)
        if key not in self._made:
            self._made[key] = self._kept(source, month, ordinary=ordinary)
        return self._made[key]

    def _kept(self, source: SourceSettings, month: Month, *, ordinary: bool) -> Judgement | None:
        context = context_for(self.connection, self.house, source, month)
        if ordinary:
            context = replace(context, events=tuple(e for e in context.events if month not in e.months))
        # What people and earlier months have taught is no extract: it is part of the key.
        taught = (context.restarts, context.confirmed, tuple(sorted(context.aside.items())))

        def make() -> Judgement | None:
            cube = self._cube(source, month)
            return None if cube is None or cube.last != month else judge(cube, context, month)

        few = kept(self.connection, ("judgements", self.house.itself), _Few)
        return few.take((source.id, month, ordinary, *taught), make)

    def _cube(self, source: SourceSettings, month: Month) -> Cube | None:
        return build_cube(self.connection, source, self.house.geography, self.house.lexicon, month)
