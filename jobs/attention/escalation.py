"""What a new day brings: silences that end, and severe alerts that nobody acknowledged, told once more."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

from jobs.attention.clearance import may_see
from jobs.attention.silences import settle_silences
from jobs.attention.subscriptions import listener
from jobs.attention.workdays import working_days_since
from jobs.facts import ALERT
from jobs.house import House
from jobs.judging.telling import ESCALATION, revise, show
from jobs.store.engine import Connection
from jobs.store.findings import AlertRow, list_alerts, note_event
from jobs.store.outbox import enqueue
from jobs.store.people import first_posted, forget_interactions

_MEMORY = dt.timedelta(days=30)  # for clicks: Slack sends one again for an hour at most
UNACKNOWLEDGED = "unacknowledged"  # an event of an alert


def attend(house: House) -> list[str]:
    """See to silences, then to alerts that wait; what was done, if anything. Twice a day changes nothing."""
    with house.store.write() as connection:
        changed = [r.facts.id for r in settle_silences(connection, house)]
        told = escalate(connection, house)
        forget_interactions(connection, house.now() - _MEMORY)
    said = (("silences seen to", changed), ("told once more", told))
    return [f"{what}: {', '.join(ids)}" for what, ids in said if ids]


def escalate(connection: Connection, house: House) -> list[str]:
    """Tell once more every severe alert that is up, rings, and has waited long enough; their ids.

    The days count from the first post. An alert that is owned or silenced is in somebody's hands. To be run
    once a local day; told again it changes nothing.
    """
    rules, zone = house.partnership.escalation, ZoneInfo(house.partnership.timezone)
    posted, told = first_posted(connection), []
    for row in list_alerts(connection, open_only=True, lock=True):
        at = posted.get(row.id)
        if at is None or row.severity < rules.severity or row.owner:
            continue
        waited = working_days_since(at.astimezone(zone).date(), house.today, rules.days_off)
        if waited >= rules.working_days and _once_more(connection, house, row, waited):
            told.append(row.id)
    return told


def _once_more(connection: Connection, house: House, row: AlertRow, waited: int) -> bool:
    facts = ALERT.validate_json(row.facts)
    if facts.acknowledged_by or facts.silenced_until or facts.waiting_days:
        return False
    source = house.partnership.source(row.source)
    note_event(connection, row.id, UNACKNOWLEDGED, row.last, house.now())
    _, facts = revise(connection, row, replace(facts, waiting_days=waited))
    show(connection, house, source, facts)
    payload = ALERT.dump_json(facts).decode()
    for channel in house.partnership.channels.values():
        named = channel.sensitive_series
        if channel.operator and may_see(channel.clearance, source, facts.series, house.lexicon, named):
            due = listener(connection, house, channel.id).due(house, facts.severity)
            key = f"{ESCALATION}:{row.id}"
            enqueue(connection, key, channel.id, "alert", payload, house.now(), due=due)
    return True
