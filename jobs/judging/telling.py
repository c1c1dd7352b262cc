"""What channels and people are told of alerts that changed: each within its room, the rest in one line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from jobs.attention.clearance import may_see
from jobs.attention.people import clearance_of, named_in
from jobs.attention.subscriptions import Listener, listeners
from jobs.facts import ALERT, ROLLUP, AlertFacts, RollupFacts
from jobs.folder.partnership import SourceSettings
from jobs.house import House
from jobs.store.engine import Connection
from jobs.store.findings import POSTED, AlertRow, list_alerts, note_event, posted_in, save_alert
from jobs.store.outbox import channels_with, enqueue, keys_in
from rules.model import Month
from rules.multiplicity import weight

Changed = tuple[AlertRow, AlertFacts]
ESCALATION = "escalation"  # the outbox key of an alert that is told once more begins with it


@dataclass(frozen=True, slots=True)
class Rung:
    """An alert that changed, and the channels that hear of it."""

    facts: AlertFacts
    channels: tuple[str, ...]


def revise(connection: Connection, row: AlertRow, facts: AlertFacts) -> Changed:
    """Store an alert's new state as its next revision; what the row says beside it stays as given."""
    facts = replace(facts, revision=row.revision + 1)
    after = replace(row, revision=facts.revision, status=facts.status, facts=ALERT.dump_json(facts).decode())
    save_alert(connection, after)
    return after, facts


def show(connection: Connection, house: House, source: SourceSettings, facts: AlertFacts) -> list[str]:
    """Edit an alert's message wherever it is up: the message is the current state. The channels."""
    payload, shown = ALERT.dump_json(facts).decode(), []
    for key in (f"alert:{facts.id}", f"{ESCALATION}:{facts.id}"):
        for channel in channels_with(connection, key):
            # Who lost the clearance since keeps the message that was allowed then, and hears no more.
            clearance = clearance_of(house.partnership, channel)
            named = named_in(house.partnership, channel)
            if may_see(clearance, source, facts.series, house.lexicon, named):
                enqueue(connection, key, channel, "alert", payload, house.now())
                shown.append(channel)
    return list(dict.fromkeys(shown))


def tell(
    connection: Connection,
    house: House,
    source: SourceSettings,
    as_of: Month,
    changed: Iterable[Changed],
    scores: Mapping[str, float],
) -> list[Rung]:
    """Outbox rows: edits, and at most `max_messages` new ones a listener and month, the rest in one line.

    scores: how loud each finding is, by fingerprint. The room goes to those that weigh most.
    """
    changed = sorted(changed, key=lambda c: (-_weight(house, c[0], c[1], scores), c[0].id))
    told = {facts.id: show(connection, house, source, facts) for _, facts in changed}
    for listener in listeners(connection, house):
        posted = keys_in(connection, listener.id)
        room = listener.max_messages - posted_in(connection, listener.id, as_of)
        for row, facts in changed:
            key = f"alert:{facts.id}"
            if key in posted or room <= 0 or not _news(house, listener, source, as_of, row, facts):
                continue
            room -= 1
            note_event(connection, facts.id, POSTED, as_of, house.now(), actor=listener.id)
            payload, due = ALERT.dump_json(facts).decode(), listener.due(house, facts.severity)
            enqueue(connection, key, listener.id, "alert", payload, house.now(), due=due)
            told[facts.id].append(listener.id)
        _roll_up(connection, house, source, as_of, listener)
    return [Rung(facts, tuple(told[facts.id])) for _, facts in changed]


def _weight(house: House, row: AlertRow, facts: AlertFacts, scores: Mapping[str, float]) -> float:
    """What it is worth in a month with too many: loud, about a priority of the partnership, and news."""
    priorities = house.partnership.digest.priorities
    wanted = any(s in priorities for s in (facts.series, *house.lexicon.ancestors(facts.series)))
    return weight(scores.get(row.fingerprint, 0.0), priority=wanted, running=facts.months_running)


def _news(
    house: House, listener: Listener, source: SourceSettings, as_of: Month, row: AlertRow, facts: AlertFacts
) -> bool:
    """Whether an alert that the listener has not seen is for it: of this month, standing alone, not silenced,
    and wanted."""
    unposted = {r.id for r in house.rules if not r.route.post}
    standing = facts.rule not in unposted and row.parent is None and row.last == as_of and row.ended is None
    return standing and facts.silenced_until is None and listener.wants(house, source, facts)


def _roll_up(
    connection: Connection, house: House, source: SourceSettings, as_of: Month, listener: Listener
) -> None:
    """One line for every alert of the month that did not fit, told anew whenever one of them changes."""
    posted = keys_in(connection, listener.id)
    rows = [r for r in list_alerts(connection, source=source.id, open_only=True) if r.last == as_of]
    lower = []
    for row in sorted(rows, key=lambda r: r.id):
        facts = ALERT.validate_json(row.facts)
        if f"alert:{row.id}" not in posted and _news(house, listener, source, as_of, row, facts):
            lower.append(f"{facts.series_title}, {facts.area_name}")
    if lower:
        told = RollupFacts(str(as_of), len(lower), tuple(lower), source.short, source.invented)
        enqueue(
            connection, f"rollup:{source.id}:{as_of}", listener.id, "rollup",
            ROLLUP.dump_json(told).decode(), house.now(), due=listener.due(house, severity=1),
        )  # fmt: skip
