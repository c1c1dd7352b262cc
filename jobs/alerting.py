"""Alerts as of a judged month, and what the channels are to be told of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from jobs.facts import ALERT, ROLLUP, AlertFacts, RollupFacts, Status
from jobs.house import House
from jobs.partnership import Channel, SourceSettings
from jobs.store.engine import Connection
from jobs.store.findings import (
    AlertRow,
    FindingRow,
    judged_months,
    list_alerts,
    list_findings,
    next_ids,
    note_event,
    save_alert,
)
from jobs.store.outbox import enqueue, keys_in
from rules.lifecycle import Episode, episodes
from rules.model import Month


@dataclass(frozen=True, slots=True)
class Rung:
    """An alert that changed, and the channels that hear of it."""

    facts: AlertFacts
    channels: tuple[str, ...]


def settle(
    connection: Connection, house: House, source: SourceSettings, as_of: Month, *, ring: bool
) -> list[Rung]:
    """Bring every alert of a source to its state as of a judged month; write outbox rows if `ring`.

    Told again from the same findings it changes nothing.
    """
    judged = [m for m in judged_months(connection, source.id) if m <= as_of]
    rows: dict[str, list[FindingRow]] = defaultdict(list)
    for row in list_findings(connection, source.id, as_of):
        rows[row.fingerprint].append(row)
    known = {(a.fingerprint, a.opened): a for a in list_alerts(connection, source=source.id)}
    changed: list[tuple[AlertRow, AlertFacts]] = []
    for fingerprint, found in _loudest_first(rows):
        for episode in episodes((r.month for r in found), judged):
            before = known.pop((fingerprint, episode.opened), None)
            after = _state(connection, source, episode, found, before)
            if after is not None:
                save_alert(connection, after[0])
                note_event(
                    connection, after[0].id, after[0].status, episode.ended or episode.last, house.now()
                )
                changed.append(after)
    changed += _withdraw(connection, house, known.values(), as_of)
    return _tell(connection, house, source, as_of, changed) if ring else [Rung(f, ()) for _, f in changed]


def _loudest_first(rows: dict[str, list[FindingRow]]) -> list[tuple[str, list[FindingRow]]]:
    return sorted(rows.items(), key=lambda item: (item[1][-1].month, -item[1][-1].score, item[0]))


def _state(
    connection: Connection,
    source: SourceSettings,
    episode: Episode,
    found: list[FindingRow],
    before: AlertRow | None,
) -> tuple[AlertRow, AlertFacts] | None:
    """The alert of one episode; None when nothing about it changed."""
    mine = [r for r in found if r.month in episode.fired]
    last = mine[-1]
    facts = replace(
        ALERT.validate_json(last.facts),
        id=before.id if before else next(iter(next_ids(connection, episode.opened))),
        severity=max(r.severity for r in mine),
        status=_status(episode, [r.severity for r in mine]),
        months_running=len(mine),
        owner=before.owner if before else "",
    )
    if before is not None and _substance(ALERT.validate_json(before.facts)) == _substance(facts):
        return None
    facts = replace(facts, revision=before.revision + 1 if before else 1)
    row = AlertRow(
        facts.id, source.id, last.fingerprint, facts.series, facts.area, facts.severity, facts.status,
        episode.opened, episode.last, episode.ended, facts.revision, last.parent, facts.owner,
        ALERT.dump_json(facts).decode(),
    )  # fmt: skip
    return row, facts


def _status(episode: Episode, severities: list[int]) -> Status:
    if episode.ended is not None:
        return "ended"
    if len(severities) == 1:
        return "new"
    return "escalated" if severities[-1] > max(severities[:-1]) else "continuing"


def _substance(facts: AlertFacts) -> AlertFacts:
    """What an officer would call a change: not the revision, nor which edition the same figures came from."""
    source = replace(facts.source, received=None, edition=0, rows=0, quarantined=0, held=0)
    return replace(
        facts, revision=0, extract_sha256="", source=source, children=tuple(map(_substance, facts.children))
    )


def _withdraw(
    connection: Connection, house: House, left: Iterable[AlertRow], as_of: Month
) -> list[tuple[AlertRow, AlertFacts]]:
    """Alerts that a revision left without findings: ended, with the reason, never deleted."""
    gone = []
    for row in left:
        if row.opened > as_of or row.status == "withdrawn":
            continue
        facts = replace(ALERT.validate_json(row.facts), status="withdrawn", revision=row.revision + 1)
        after = replace(
            row, status="withdrawn", ended=row.ended or as_of, revision=row.revision + 1,
            facts=ALERT.dump_json(facts).decode(),
        )  # fmt: skip
        save_alert(connection, after)
        note_event(connection, row.id, "withdrawn", as_of, house.now())
        gone.append((after, facts))
    return gone


def _tell(
    connection: Connection,
    house: House,
    source: SourceSettings,
    as_of: Month,
    changed: list[tuple[AlertRow, AlertFacts]],
) -> list[Rung]:
    """Outbox rows: at most `max_messages` new ones a channel and month, the rest in one line."""
    told: dict[str, list[str]] = {facts.id: [] for _, facts in changed}
    unposted = {r.id for r in house.rules if not r.route.post}
    for channel in house.partnership.channels.values():
        posted = keys_in(connection, channel.id)
        room = channel.max_messages - sum(k.startswith(f"alert:A-{as_of}-") for k in posted)
        lower: list[AlertFacts] = []
        for row, facts in changed:
            key = f"alert:{facts.id}"
            news = (
                facts.rule not in unposted
                and row.parent is None
                and facts.status not in {"ended", "withdrawn"}
                and row.last == as_of
            )
            if key not in posted and not (news and _wanted(house, channel, source, facts)):
                continue
            if key not in posted and room <= 0:
                lower.append(facts)
                continue
            room -= key not in posted
            enqueue(connection, key, channel.id, "alert", ALERT.dump_json(facts).decode(), house.now())
            told[facts.id].append(channel.id)
        if lower:
            _roll_up(connection, house, source, as_of, channel, lower)
    return [Rung(facts, tuple(told[facts.id])) for _, facts in changed]


def _wanted(house: House, channel: Channel, source: SourceSettings, facts: AlertFacts) -> bool:
    place = house.geography
    units = place[facts.area].units
    inside = any(facts.area == a or (units and units <= place[a].units) for a in channel.areas if a != "*")
    return (
        source.classification.rank <= channel.clearance.rank
        and ("*" in channel.areas or inside)
        and ("*" in channel.series or facts.series in channel.series)
        and facts.severity >= channel.min_severity
    )


def _roll_up(
    connection: Connection,
    house: House,
    source: SourceSettings,
    as_of: Month,
    channel: Channel,
    lower: list[AlertFacts],
) -> None:
    names = tuple(f"{f.series_title}, {f.area_name}" for f in lower)
    facts = RollupFacts(str(as_of), len(lower), names, source.short, source.invented)
    enqueue(
        connection, f"rollup:{source.id}:{as_of}", channel.id, "rollup",
        ROLLUP.dump_json(facts).decode(), house.now(),
    )  # fmt: skip
