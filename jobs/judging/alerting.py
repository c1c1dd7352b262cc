"""Alerts as of a judged month: opened, continued, ended, withdrawn."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from jobs.attention.handling import carried
from jobs.attention.people import shown_name
from jobs.attention.silences import with_silence
from jobs.facts import ALERT, AlertFacts, Status
from jobs.folder.partnership import SourceSettings
from jobs.house import House
from jobs.judging.telling import Changed, Rung, tell
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
from jobs.store.silences import SilenceRow, standing_silences
from rules.lifecycle import Episode, episodes
from rules.model import Month


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
    known: dict[str, list[AlertRow]] = defaultdict(list)
    # Locked: what a person does with an alert meanwhile must not be lost in what is written here.
    for alert in sorted(list_alerts(connection, source=source.id, lock=True), key=lambda a: a.opened):
        known[alert.fingerprint].append(alert)
    plan = [
        (found, episode, _same(known[fingerprint], episode))
        for fingerprint, found in _loudest_first(rows)
        for episode in episodes((r.month for r in found), judged)
    ]
    # What a revision left without findings goes first: a fingerprint has one open alert at any moment.
    changed = _withdraw(connection, house, [a for left in known.values() for a in left], as_of)
    standing = standing_silences(connection, house.today)
    for found, episode, before in plan:
        after = _state(connection, house, source, episode, found, before, standing)
        if after is not None:
            save_alert(connection, after[0])
            note_event(connection, after[0].id, after[0].status, episode.ended or episode.last, house.now())
            changed.append(after)
    if not ring:
        return [Rung(facts, ()) for _, facts in changed]
    scores = {fingerprint: found[-1].score for fingerprint, found in rows.items()}
    return tell(connection, house, source, as_of, changed, scores)


def _same(known: list[AlertRow], episode: Episode) -> AlertRow | None:
    """The alert that this episode was known as, taken from the list: one whose months overlap its own.

    A revised month may move an alert's beginning or its end; it stays the alert that people have seen.
    """
    for alert in known:
        if alert.opened <= episode.last and episode.opened <= alert.last:
            known.remove(alert)
            return alert
    return None


def _loudest_first(rows: dict[str, list[FindingRow]]) -> list[tuple[str, list[FindingRow]]]:
    return sorted(rows.items(), key=lambda item: (item[1][-1].month, -item[1][-1].score, item[0]))


def _state(
    connection: Connection,
    house: House,
    source: SourceSettings,
    episode: Episode,
    found: list[FindingRow],
    before: AlertRow | None,
    standing: list[SilenceRow],
) -> Changed | None:
    """The alert of one episode; None when nothing about it changed."""
    mine = [r for r in found if r.month in episode.fired]
    last = mine[-1]
    told = ALERT.validate_json(before.facts) if before else None
    facts = replace(
        ALERT.validate_json(last.facts),
        id=before.id if before else next(iter(next_ids(connection, episode.opened))),
        severity=max(r.severity for r in mine),
        status=_status(episode, [r.severity for r in mine]),
        months_running=len(mine),
        owner=shown_name(house.partnership, before.owner) if before else "",
    )
    facts = with_silence(house, standing, source, carried(facts, told, episode), house.today)
    ended = episode.ended if facts.status != "closed" or before is None else before.ended or episode.last
    if before is not None and told is not None and _substance(told) == _substance(facts):
        # Nothing an officer would see; a month judged late may still move when it began or ended.
        own = replace(before, opened=episode.opened, last=episode.last, ended=ended)
        if own != before:
            save_alert(connection, own)
        return None
    facts = replace(facts, revision=before.revision + 1 if before else 1)
    row = AlertRow(
        facts.id, source.id, last.fingerprint, facts.series, facts.area, facts.severity, facts.status,
        episode.opened, episode.last, ended, facts.revision, last.parent, before.owner if before else "",
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


def _withdraw(connection: Connection, house: House, left: Iterable[AlertRow], as_of: Month) -> list[Changed]:
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
