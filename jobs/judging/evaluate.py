"""The month judged: stored counts to findings, findings to alerts, alerts to the outbox."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

from jobs.facts import ALERT, AlertFacts
from jobs.folder.partnership import SourceSettings
from jobs.house import House
from jobs.judging import joint
from jobs.judging.alerting import settle
from jobs.judging.describe import Scene, describe
from jobs.judging.known import context_for
from jobs.judging.telling import Rung
from jobs.judging.veiled import Veil
from jobs.store.engine import Connection
from jobs.store.findings import FindingRow, judged_months, replace_findings
from rules.engine import find
from rules.findings import Finding
from rules.judgement import judge
from rules.model import Cube, Month


@dataclass(frozen=True)
class Judged:
    """What one month of one source came to."""

    source: str
    month: Month
    findings: tuple[AlertFacts, ...]  # as of that month
    rung: tuple[Rung, ...]  # alerts that changed, and where they went


def evaluate(
    house: House, *, only: tuple[Month, Month] | None = None, ring_all: bool = False
) -> Iterator[Judged]:
    """Judge what has not been judged on its present data: month by month, each in its own transaction.

    `only` bounds the months. The first time a history is judged, only its newest month rings, unless
    `ring_all` (a replay); afterwards every month newer than the last judged does.
    """
    with house.store.read() as connection:
        benches = [
            bench
            for source in (*house.partnership.sources.values(), *joint.joints(house))
            if source.cadence == "monthly" and (bench := _bench(connection, house, source, only, ring_all))
        ]
    for month in sorted({m for b in benches for m in b.stale}):
        for bench in benches:
            if month in bench.stale:
                with house.store.write() as connection:
                    judged = _one(connection, house, bench, month)
                yield judged


def evaluate_within(connection: Connection, house: House, source: SourceSettings) -> list[Judged]:
    """One source inside the caller's transaction: what follows from an extract is in with it, or not.

    What it is judged together with comes after its own.
    """
    found = []
    for each in (source, *joint.joints(house, source)):
        bench = _bench(connection, house, each, None, ring_all=False)
        found += [_one(connection, house, bench, month) for month in bench.stale] if bench else []
    return found


@dataclass(frozen=True)
class _Bench:
    """A source's counts and the months of it that are to be judged."""

    source: SourceSettings
    cube: Cube
    stale: dict[Month, str]  # month -> fingerprint of what it is judged on
    frontier: Month | None  # the newest month judged before
    ring_all: bool


def _bench(
    connection: Connection,
    house: House,
    source: SourceSettings,
    only: tuple[Month, Month] | None,
    ring_all: bool,
) -> _Bench | None:
    stale = _stale(connection, house, source, only)
    cube = joint.cube_of(connection, house, source) if stale else None
    if cube is None:
        return None
    return _Bench(source, cube, stale, max(judged_months(connection, source.id), default=None), ring_all)


def _one(connection: Connection, house: House, bench: _Bench, month: Month) -> Judged:
    """One month: findings, then what became of the alerts."""
    source, newest, frontier = bench.source, max(bench.stale), bench.frontier
    facts = _judge(connection, house, source, bench.cube, month, bench.stale[month])
    # Old months are told again first; what became of their alerts is settled once, at the frontier.
    if frontier is not None and month <= frontier and month != newest:
        return Judged(source.id, month, facts, ())
    as_of = month if frontier is None else max(month, frontier)
    ring = bench.ring_all or month == newest or frontier is not None
    rung = settle(connection, house, source, as_of, ring=ring)
    return Judged(source.id, month, facts, tuple(rung))


def _stale(
    connection: Connection, house: House, source: SourceSettings, only: tuple[Month, Month] | None
) -> dict[Month, str]:
    """Months whose data, rules or calendar changed since they were judged, with their new fingerprint."""
    known = judged_months(connection, source.id)
    found = {}
    for month in joint.months_of(connection, house, source):
        if only and not only[0] <= month <= only[1]:
            continue
        data = hashlib.sha256(joint.fingerprint(connection, house, source, month).encode()).hexdigest()
        if known.get(month) != data:
            found[month] = data
    return found


def _judge(
    connection: Connection, house: House, source: SourceSettings, cube: Cube, month: Month, data: str
) -> tuple[AlertFacts, ...]:
    """Findings of one month; stored, as they may be told, in place of what was found before."""
    judged = judge(cube, context_for(connection, house, source, month), month)
    found = find(joint.rules_for(house, source), judged)
    scene = Scene(
        judged=judged,
        source=joint.facts_of(connection, house, source, month),
        sha256=joint.extract_of(connection, house, source, month),
        rules={r.id: r for r in house.rules},
    )
    facts = {f.fingerprint: describe(f, scene) for f in found}
    veil = Veil(connection, house, source)
    told = {p: veil.over(f) for p, f in facts.items() if not veil.hides(f)}
    by_print = {f.fingerprint: f for f in found}
    rows = [_row(f, told, by_print, source.id) for f in found if f.fingerprint in told]
    replace_findings(connection, source.id, month, data, rows, house.now())
    return tuple(facts.values())


def _below(finding: Finding, found: dict[str, Finding]) -> Iterator[str]:
    """Everything folded into a finding, nearest first: its parts, and theirs."""
    for child in finding.children:
        yield child
        yield from _below(found[child], found)


def _row(
    finding: Finding, facts: dict[str, AlertFacts], found: dict[str, Finding], source: str
) -> FindingRow:
    below = tuple(replace(facts[c], history=()) for c in _below(finding, found) if c in facts)
    nested = replace(facts[finding.fingerprint], children=below)
    return FindingRow(
        finding.fingerprint, finding.month, source, int(finding.severity), finding.score,
        ALERT.dump_json(nested).decode(), finding.parents[0] if finding.parents else None,
    )  # fmt: skip
