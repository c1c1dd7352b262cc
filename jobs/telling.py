"""What the channels are to be told of alerts that changed: each within its room, the rest in one line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from jobs.clearance import may_see
from jobs.facts import ALERT, ROLLUP, AlertFacts, RollupFacts
from jobs.house import House
from jobs.partnership import Channel, SourceSettings
from jobs.store.engine import Connection
from jobs.store.findings import POSTED, AlertRow, list_alerts, note_event, posted_in
from jobs.store.outbox import enqueue, keys_in
from rules.model import Month
from rules.multiplicity import weight

Changed = tuple[AlertRow, AlertFacts]


@dataclass(frozen=True, slots=True)
class Rung:
    """An alert that changed, and the channels that hear of it."""

    facts: AlertFacts
    channels: tuple[str, ...]


def tell(
    connection: Connection,
    house: House,
    source: SourceSettings,
    as_of: Month,
    changed: Iterable[Changed],
    scores: Mapping[str, float],
) -> list[Rung]:
    """Outbox rows: at most `max_messages` new ones a channel and month, the rest in one line.

    scores: how loud each finding is, by fingerprint. The room goes to those that weigh most.
    """
    changed = sorted(changed, key=lambda c: (-_weight(house, c[0], c[1], scores), c[0].id))
    told: dict[str, list[str]] = {facts.id: [] for _, facts in changed}
    for channel in house.partnership.channels.values():
        posted = keys_in(connection, channel.id)
        room = channel.max_messages - posted_in(connection, channel.id, as_of)
        for row, facts in changed:
            key = f"alert:{facts.id}"
            new = key not in posted
            if new and (room <= 0 or not _news(house, channel, source, as_of, row, facts)):
                continue
            if new:
                room -= 1
                note_event(connection, facts.id, POSTED, as_of, house.now(), actor=channel.id)
            enqueue(connection, key, channel.id, "alert", ALERT.dump_json(facts).decode(), house.now())
            told[facts.id].append(channel.id)
        _roll_up(connection, house, source, as_of, channel)
    return [Rung(facts, tuple(told[facts.id])) for _, facts in changed]


def _weight(house: House, row: AlertRow, facts: AlertFacts, scores: Mapping[str, float]) -> float:
    """What it is worth in a month with too many: loud, about a priority of the partnership, and news."""
    priorities = house.partnership.digest.priorities
    wanted = any(s in priorities for s in (facts.series, *house.lexicon.ancestors(facts.series)))
    return weight(scores.get(row.fingerprint, 0.0), priority=wanted, running=facts.months_running)


def _news(
    house: House, channel: Channel, source: SourceSettings, as_of: Month, row: AlertRow, facts: AlertFacts
) -> bool:
    """Whether an alert that the channel has not seen is for it: of this month, standing alone, and wanted."""
    unposted = {r.id for r in house.rules if not r.route.post}
    standing = facts.rule not in unposted and row.parent is None and row.last == as_of and row.ended is None
    return (
        standing
        and may_see(channel.clearance, source, facts.series, house.lexicon)
        and _inside(house, channel, facts.area)
        and ("*" in channel.series or facts.series in channel.series)
        and facts.severity >= channel.min_severity
    )


def _inside(house: House, channel: Channel, area: str) -> bool:
    """Whether an area is one of the channel's, or lies in one: by its LSOAs, or as its parents say."""
    if "*" in channel.areas:
        return True
    place = house.geography
    units, up = place[area].units, [area]
    while (parent := place[up[-1]].parent) is not None and parent in place.areas:
        up.append(parent)
    return any(a in up or (units and units <= place[a].units) for a in channel.areas if a in place.areas)


def _roll_up(
    connection: Connection, house: House, source: SourceSettings, as_of: Month, channel: Channel
) -> None:
    """One line for every alert of the month that did not fit, told anew whenever one of them changes."""
    posted = keys_in(connection, channel.id)
    rows = [r for r in list_alerts(connection, source=source.id, open_only=True) if r.last == as_of]
    lower = []
    for row in sorted(rows, key=lambda r: r.id):
        facts = ALERT.validate_json(row.facts)
        if f"alert:{row.id}" not in posted and _news(house, channel, source, as_of, row, facts):
            lower.append(f"{facts.series_title}, {facts.area_name}")
    if lower:
        told = RollupFacts(str(as_of), len(lower), tuple(lower), source.short, source.invented)
        enqueue(
            connection, f"rollup:{source.id}:{as_of}", channel.id, "rollup",
            ROLLUP.dump_json(told).decode(), house.now(),
        )  # fmt: skip
