"""Stored months replayed under the present rules: what would have rung. Nothing is written or posted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from jobs.house import House
from jobs.judging import joint
from jobs.judging.known import Restart, restart, steps
from jobs.store.engine import Connection
from rules.engine import find
from rules.findings import Finding
from rules.judgement import judge
from rules.lifecycle import Episode, episodes
from rules.model import Cube, Month
from rules.spec import Rule


@dataclass(frozen=True)
class Replay:
    """One source's months under the rules."""

    source: str
    months: tuple[Month, ...]
    findings: tuple[Finding, ...]  # of every month, folded ones included

    @property
    def leading(self) -> list[Finding]:
        """Findings that are nobody's part."""
        return [f for f in self.findings if not f.parents]

    def alerts(self) -> list[tuple[str, Episode]]:
        """What would have been one alert each: a fingerprint's months until two quiet ones."""
        fired: dict[str, list[Month]] = {}
        for f in self.leading:
            fired.setdefault(f.fingerprint, []).append(f.month)
        return [(print_, e) for print_, months in fired.items() for e in episodes(months, self.months)]

    def by_month(self) -> dict[Month, int]:
        """New alerts a month, months without one included."""
        opened = Counter(e.opened for _, e in self.alerts())
        return {m: opened.get(m, 0) for m in self.months}

    def by_rule(self) -> dict[str, int]:
        """Alerts a rule, most first."""
        return dict(Counter(print_.partition("|")[0] for print_, _ in self.alerts()).most_common())


def replay(
    connection: Connection, house: House, first: Month | None, last: Month | None, rule: str | None = None
) -> Iterator[Replay]:
    """Every monthly source and joint, month by month, each judged on what came before it only."""
    for source in (*house.partnership.sources.values(), *joint.joints(house)):
        rules = [r for r in joint.rules_for(house, source) if rule is None or r.id == rule]
        cube = joint.cube_of(connection, house, source) if source.cadence == "monthly" and rules else None
        if cube is None:
            continue
        months = tuple(
            m for m in joint.months_of(connection, house, source)
            if (first is None or m >= first) and (last is None or m <= last)
        )  # fmt: skip
        yield Replay(source.id, months, tuple(_found(rules, cube, house, months)))


def _found(rules: Sequence[Rule], cube: Cube, house: House, months: Iterable[Month]) -> Iterator[Finding]:
    """Month after month, each with the new levels that the months before it brought."""
    restarts: dict[Restart, None] = {}
    moved = steps(rules)
    for month in months:
        context = replace(house.context, restarts=tuple(restarts))
        found = find(rules, judge(cube, context, month))
        restarts |= {restart(f.series, f.area, f.month, f.span): None for f in found if f.rule in moved}
        yield from found
