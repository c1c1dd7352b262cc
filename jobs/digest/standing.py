"""Parts 4 and 12: what was unusual in the month, and which alerts are open in whose hands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from jobs.attention.clearance import Readers
from jobs.facts import ALERT, AlertFacts
from jobs.house import House
from jobs.store.engine import Connection
from jobs.store.findings import AlertRow, list_alerts
from rules.model import Month

_UNUSUAL = 5
_OPEN = 10


def of_the_month(connection: Connection, house: House, month: Month, readers: Readers) -> list[AlertFacts]:
    """Alerts of the month that are nobody's part, loudest first, without those that people quietened."""
    rows = [
        r for r in list_alerts(connection)
        if r.last == month and r.status not in {"withdrawn", "closed"}
    ]  # fmt: skip
    return [f for f in _told(house, rows, readers) if not f.silenced_until]


def both_directions(alerts: list[AlertFacts]) -> tuple[AlertFacts, ...]:
    """The loudest, with room kept for the other direction: improvement is news too."""
    shown = alerts[:_UNUSUAL]
    directions = {a.direction for a in shown}
    other = next((a for a in alerts[_UNUSUAL:] if a.direction not in directions), None)
    return tuple([*shown[:-1], other] if other else shown)


def still_open(
    connection: Connection, house: House, month: Month, readers: Readers
) -> tuple[tuple[AlertFacts, ...], int]:
    """The loudest alerts that are open and began by this month, and how many more there are.

    As people left them when this is asked; the silenced ones too, since somebody has to end a silence.
    Charts and parts stay with the alerts' own messages.
    """
    rows = [r for r in list_alerts(connection, open_only=True) if r.opened <= month]
    told = [replace(f, history=(), children=()) for f in _told(house, rows, readers)]
    return tuple(told[:_OPEN]), len(told[_OPEN:])


def _told(house: House, rows: Iterable[AlertRow], readers: Readers) -> list[AlertFacts]:
    own, known = house.partnership, house.lexicon
    mine = (r for r in rows if r.parent is None and readers.may_see(own.source(r.source), r.series, known))
    return [ALERT.validate_json(r.facts) for r in sorted(mine, key=lambda r: (-r.severity, r.id))]
