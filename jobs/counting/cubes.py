"""Cubes and judgements of one look at the database, each made once."""

from __future__ import annotations

from dataclasses import dataclass, field

from jobs.counting.frames import build_cube
from jobs.folder.partnership import SourceSettings
from jobs.house import House
from jobs.judging.known import context_for
from jobs.store.engine import Connection
from rules.judgement import Judgement, judge
from rules.model import Month


@dataclass(frozen=True)
class Cubes:
    """Bound to one connection: what it holds does not change while it is read."""

    connection: Connection
    house: House
    _made: dict[tuple[str, Month], Judgement | None] = field(default_factory=dict)

    def judged(self, source: SourceSettings, month: Month) -> Judgement | None:
        """A month of a source with what was expected of it; None when it was not published."""
        key = (source.id, month)
        if key not in self._made:
            house = self.house
            cube = build_cube(self.connection, source, house.geography, house.lexicon, month)
            there = cube is not None and cube.last == month
            self._made[key] = (
                judge(cube, context_for(self.connection, house, source, month), month)
                if cube is not None and there
                else None
            )
        return self._made[key]
