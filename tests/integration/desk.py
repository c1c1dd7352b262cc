"""People at work in a small house: months come in, each in its transaction, and deeds are done for real."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any

from jobs.actions import housekeeping
from jobs.attention.deeds import Deed, Outcome, perform
from jobs.attention.people import Actor, Person, Platform, Role
from jobs.attention.workdays import Escalation
from jobs.facts import ALERT, AlertFacts
from jobs.folder.partnership import SourceSettings
from jobs.store.audit import Line, list_lines
from jobs.store.engine import Store
from jobs.store.findings import get_alert, list_alerts
from jobs.store.outbox import keys_in
from jobs.store.people import Entry, diary
from rules.model import Classification, Month
from tests.integration import small_county as small
from tests.integration.small_county import SmallHouse
from tests.integration.story import Fired, Story

_clicks = count(1)
PUBLIC, PARTNER, SENSITIVE = Classification.PUBLIC, Classification.PARTNER, Classification.SENSITIVE
KNOWN = {
    "Uofficer": Person(id="Uofficer", name="Officer One (invented)", role=Role.OFFICER, clearance=SENSITIVE),
    "Uanalyst": Person(id="Uanalyst", role=Role.ANALYST, clearance=SENSITIVE),
    "Ureader": Person(id="Ureader", role=Role.READER, clearance=PARTNER),
}


def who(
    id_: str,
    role: Role,
    clearance: Classification = PUBLIC,
    channel: str = "all",
    platform: Platform = "slack",
) -> Actor:
    """Somebody in a channel."""
    return Actor(id_, role, clearance, channel, platform)


OFFICER, ANALYST = who("Uofficer", Role.OFFICER), who("Uanalyst", Role.ANALYST)
READER, OTHER = who("Ureader", Role.READER), who("Uother", Role.OFFICER)


@dataclass(frozen=True)
class Desk:
    """The house with one source, and what people do in it."""

    house: SmallHouse
    source: SourceSettings

    @classmethod
    def at(
        cls, store: Store, *channels: Any, source: SourceSettings | None = None, **escalation: Any
    ) -> Desk:
        """A desk with these channels and the people of `KNOWN`."""
        own = source or small.source("open")
        house = small.house(store, own, channels=channels or (small.channel(),))
        known = {"people": KNOWN, "escalation": Escalation.model_validate(escalation)}
        house.__dict__["partnership"] = house.partnership.model_copy(update=known)
        return cls(house, own)

    @contextmanager
    def story(self) -> Iterator[Story]:
        """One transaction."""
        with self.house.store.write() as connection:
            yield Story(self.house, connection, self.source)

    def told(self, month: str, *found: Fired) -> None:
        """A month comes in."""
        with self.story() as story:
            story.told(month, *found)

    def do(self, kind: Any, alert: str = "", by: Actor = ANALYST, **more: Any) -> Outcome:
        """A click: each with an id of its own, unless given."""
        deed = Deed(kind, more.pop("interaction", f"click-{next(_clicks)}"), alert, **more)
        return perform(self.house, by, deed)

    def goes_to(self, moment: dt.datetime | dt.date) -> None:
        """The clock moves; a date is its noon in UTC."""
        if not isinstance(moment, dt.datetime):
            moment = dt.datetime.combine(moment, dt.time(12), dt.UTC)
        self.house.clock.now = moment

    def morning(self) -> str:
        """The daily job."""
        return housekeeping(self.house, "", str(self.house.today))

    def facts(self, alert: str) -> AlertFacts:
        """An alert as it is stored."""
        with self.house.store.read() as connection:
            row = get_alert(connection, alert)
        assert row is not None
        return ALERT.validate_json(row.facts)

    def ended(self, alert: str) -> Month | None:
        """When it ended."""
        with self.house.store.read() as connection:
            return next(a.ended for a in list_alerts(connection) if a.id == alert)

    def up_in(self, channel: str = "all") -> set[str]:
        """What was ever put up in a channel."""
        with self.house.store.read() as connection:
            return keys_in(connection, channel)

    def shown(self, alert: str, channel: str = "all") -> AlertFacts:
        """An alert as its message in a channel has it."""
        with self.house.store.read() as connection:
            return Story(self.house, connection, self.source).shown(f"alert:{alert}", channel)

    def revision(self, alert: str, channel: str = "all") -> int:
        """Of its message."""
        with self.house.store.read() as connection:
            return Story(self.house, connection, self.source).posts(channel)[f"alert:{alert}"][1]

    def diary(self, alert: str) -> list[Entry]:
        """Its diary."""
        with self.house.store.read() as connection:
            return diary(connection, alert)

    def audit(self) -> list[Line]:
        """The audit, newest first."""
        with self.house.store.read() as connection:
            return list_lines(connection)
