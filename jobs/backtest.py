"""Stored months replayed under the present rules: what would have rung. Nothing is written or posted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from jobs.frames import build_cube
from jobs.house import House
from jobs.store.engine import Connection
from rules.engine import find
from rules.findings import Finding
from rules.judgement import judge
from rules.lifecycle import Episode, episodes
from rules.model import Month


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
    """Every monthly source, month by month, each judged on what came before it only."""
    rules = [r for r in house.rules if rule is None or r.id == rule]
    for source in house.partnership.sources.values():
        if source.cadence != "monthly":
            continue
        cube = build_cube(connection, source, house.geography, house.lexicon, last)
        if cube is None:
            continue
        months = tuple(
            m for m in cube.first.until(cube.last)
            if (first is None or m >= first) and cube.published(m)
        )  # fmt: skip
        found = [f for m in months for f in find(rules, judge(cube, house.context, m))]
        yield Replay(source.id, months, tuple(found))
