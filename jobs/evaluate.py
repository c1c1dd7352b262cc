"""The month judged: stored counts to findings, findings to alerts, alerts to the outbox."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from jobs.alerting import Rung, settle
from jobs.describe import Scene, describe
from jobs.facts import ALERT, AlertFacts
from jobs.frames import build_cube
from jobs.freshness import published_months, source_facts
from jobs.house import House
from jobs.partnership import SourceSettings
from jobs.store.findings import FindingRow, judged_months, list_findings, replace_findings
from jobs.store.read import fingerprint_of_data, list_extracts
from rules.engine import evaluate as judge_month
from rules.judgement import judge
from rules.model import Cube, Finding, Month


@dataclass(frozen=True)
class Judged:
    """What one month of one source came to."""

    source: str
    month: Month
    findings: tuple[AlertFacts, ...]  # as of that month
    rung: tuple[Rung, ...]  # alerts that changed, and where they went


def evaluate(
    house: House,
    *,
    only: tuple[Month, Month] | None = None,
    ring_all: bool = False,
    progress: Callable[[str, Month], None] | None = None,
) -> Iterator[Judged]:
    """Judge what has not been judged on its present data, source by source, month by month.

    `only` bounds the months. The first time a history is judged, only its newest month rings, unless
    `ring_all` (a replay); afterwards every month newer than the last judged does.
    """
    for source in house.partnership.sources.values():
        if source.cadence == "monthly":
            with house.store.write() as connection:
                yield from evaluate_within(
                    connection, house, source, only=only, ring_all=ring_all, progress=progress
                )


def evaluate_within(
    connection: Connection,
    house: House,
    source: SourceSettings,
    *,
    only: tuple[Month, Month] | None = None,
    ring_all: bool = False,
    progress: Callable[[str, Month], None] | None = None,
) -> list[Judged]:
    """The same for one source inside the caller's transaction."""
    stale = _stale(connection, house, source, only)
    cube = build_cube(connection, source, house.geography, house.lexicon, None) if stale else None
    if cube is None:
        return []
    known = judged_months(connection, source.id)
    frontier = max(known, default=None)
    newest = max(stale)
    found: list[Judged] = []
    for month, data in stale.items():
        if progress:
            progress(source.id, month)
        facts = _judge(connection, house, source, cube, month, data)
        rung: list[Rung] = []
        # Old months are told again first; what became of their alerts is settled once, at the frontier.
        if frontier is None or month > frontier or month == newest:
            as_of = month if frontier is None else max(month, frontier)
            ring = ring_all or month == newest or frontier is not None
            rung = settle(connection, house, source, as_of, ring=ring)
        found.append(Judged(source.id, month, facts, tuple(rung)))
    return found


def _stale(
    connection: Connection, house: House, source: SourceSettings, only: tuple[Month, Month] | None
) -> dict[Month, str]:
    """Months whose data, rules or calendar changed since they were judged, with their new fingerprint."""
    known = judged_months(connection, source.id)
    law = house.law_fingerprint
    found = {}
    for month in published_months(connection, source):
        if only and not only[0] <= month <= only[1]:
            continue
        data = hashlib.sha256(
            f"{law}|{fingerprint_of_data(connection, source.id, month)}".encode()
        ).hexdigest()
        if known.get(month) != data:
            found[month] = data
    return found


def _judge(
    connection: Connection, house: House, source: SourceSettings, cube: Cube, month: Month, data: str
) -> tuple[AlertFacts, ...]:
    """Findings of one month, stored as facts in place of what was found before."""
    context = house.context
    found = judge_month(house.rules, cube, month, context)
    extracts = [
        e for e in list_extracts(connection, source=source.id)
        if e.state == "current" and e.first and e.last and e.first <= month <= e.last
    ]  # fmt: skip
    scene = Scene(
        judged=judge(cube, context, month),
        source=replace(source_facts(connection, source, until=month), gaps=(), revised=()),
        sha256=extracts[-1].sha256 if extracts else "",
        rules={r.id: r for r in house.rules},
    )
    facts = {f.fingerprint: describe(f, scene) for f in found}
    rows = [_row(f, facts, source.id) for f in found]
    replace_findings(connection, source.id, month, data, rows, house.now())
    return tuple(facts.values())


def _row(finding: Finding, facts: dict[str, AlertFacts], source: str) -> FindingRow:
    nested = replace(
        facts[finding.fingerprint],
        children=tuple(replace(facts[c], history=()) for c in finding.children),
    )
    return FindingRow(
        finding.fingerprint, finding.month, source, int(finding.severity), finding.score,
        ALERT.dump_json(nested).decode(), finding.parents[0] if finding.parents else None,
    )  # fmt: skip


def stored_findings(connection: Connection, source: str, month: Month) -> list[AlertFacts]:
    """What was found in a month, loudest first."""
    rows = [r for r in list_findings(connection, source, month) if r.month == month]
    return [ALERT.validate_json(r.facts) for r in rows]
