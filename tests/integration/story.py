"""Months judged by hand in a small house: what fired is made up, alerts and messages are settled for real."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from jobs.facts import ALERT, ROLLUP, AlertFacts, SourceFacts
from jobs.folder.partnership import SourceSettings
from jobs.judging.alerting import settle
from jobs.judging.telling import Rung
from jobs.store.engine import Connection
from jobs.store.findings import AlertRow, FindingRow, list_alerts, replace_findings
from jobs.store.tables import outbox
from rules.model import Month
from tests.integration.small_county import HOME_UNITS, NOON, SmallHouse
from tests.unit.facts_samples import alert

A, B, C = HOME_UNITS[0], HOME_UNITS[1], HOME_UNITS[6]


@dataclass(frozen=True)
class Fired:
    """What a rule found in a place in a month; everything else is made up."""

    area: str = A
    series: str = "burglary"
    severity: int = 1
    count: int = 9
    score: float = 5.0
    parent: str | None = None
    more: Mapping[str, Any] = field(default_factory=dict)

    @property
    def print(self) -> str:
        return f"month-spike|{self.series}|{self.area}"


@dataclass(frozen=True)
class Story:
    """A house in which months are judged by hand, and alerts settled for real."""

    house: SmallHouse
    connection: Connection
    source: SourceSettings

    def judge(self, month: str, *found: Fired, edition: int = 1) -> None:
        """The findings of a month, in place of those that it had."""
        said = SourceFacts(
            self.source.id, self.source.title, self.source.short, "invented", "",
            self.source.classification.value, False, last_month=month, edition=edition, received=NOON.date(),
        )  # fmt: skip
        rows = []
        for f in found:
            facts = alert(
                id="", revision=0, series=f.series, series_title=f.series, area=f.area,
                area_name=self.house.geography[f.area].name, severity=f.severity, month=month, count=f.count,
                parents=(f.parent,) if f.parent else (), source=said, history=(), **f.more,
            )  # fmt: skip
            told = ALERT.dump_json(facts).decode()
            own = self.source.id
            rows.append(FindingRow(f.print, Month.parse(month), own, f.severity, f.score, told, f.parent))
        replace_findings(
            self.connection, self.source.id, Month.parse(month), f"{month}:{edition}", rows, NOON
        )

    def settle(self, as_of: str, *, ring: bool = True) -> list[Rung]:
        return settle(self.connection, self.house, self.source, Month.parse(as_of), ring=ring)

    def told(self, month: str, *found: Fired) -> list[Rung]:
        """A month judged and settled, as it comes in."""
        self.judge(month, *found)
        return self.settle(month)

    def alerts(self) -> list[AlertRow]:
        return sorted(list_alerts(self.connection, source=self.source.id), key=lambda a: a.id)

    def posts(self, channel: str = "all") -> dict[str, tuple[str, int]]:
        """Key -> kind and revision of everything ever put up in a channel."""
        rows = self.connection.execute(
            select(outbox).where(outbox.c.channel == channel).order_by(outbox.c.id)
        )
        return {r.key: (r.kind, r.revision) for r in rows}

    def shown(self, key: str, channel: str = "all") -> AlertFacts:
        where = (outbox.c.key == key) & (outbox.c.channel == channel)
        return ALERT.validate_json(
            self.connection.execute(select(outbox.c.payload).where(where)).scalar_one()
        )

    def rolled_up(self, month: str, channel: str = "all") -> tuple[int, set[str]]:
        where = (outbox.c.key == f"rollup:{self.source.id}:{month}") & (outbox.c.channel == channel)
        payload = self.connection.execute(select(outbox.c.payload).where(where)).scalar_one()
        facts = ROLLUP.validate_json(payload)
        return facts.count, set(facts.names)
