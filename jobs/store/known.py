"""What earlier months left behind that later ones must know."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, Select, or_, select

from jobs.store.findings import FindingRow
from jobs.store.tables import alerts, feedback, findings
from rules.model import Month

_REAL = ("useful", "known")  # verdicts of people who say that something did happen


def findings_of_rules(
    connection: Connection, source: str, rules: Collection[str], before: Month
) -> list[FindingRow]:
    """What some rules found in the months before one, oldest first."""
    if not rules:
        return []
    named = or_(*(findings.c.fingerprint.startswith(f"{rule}|", autoescape=True) for rule in sorted(rules)))
    return _rows(connection, select(findings).where(named), source, before)


def findings_confirmed(connection: Connection, source: str, before: Month) -> list[FindingRow]:
    """Findings of earlier months behind alerts that somebody called useful or known, and nobody noise."""
    of = feedback.c.alert_id == alerts.c.id
    real = select(feedback.c.alert_id).where(of, feedback.c.verdict.in_(_REAL)).exists()
    noise = select(feedback.c.alert_id).where(of, feedback.c.verdict.not_in(_REAL)).exists()
    query = (
        select(findings)
        .join(
            alerts,
            (alerts.c.source == findings.c.source)
            & (alerts.c.fingerprint == findings.c.fingerprint)
            & findings.c.month.between(alerts.c.opened, alerts.c.last),
        )
        .where(real, ~noise)
    )
    return _rows(connection, query, source, before)


def _rows(
    connection: Connection, query: Select[tuple[object, ...]], source: str, before: Month
) -> list[FindingRow]:
    own = (findings.c.source == source) & (findings.c.month < before.key)
    rows = connection.execute(query.where(own).order_by(findings.c.month, findings.c.fingerprint)).mappings()
    return [
        FindingRow(r["fingerprint"], Month.from_key(r["month"]), r["source"], r["severity"], r["score"],
                   r["facts"], r["parent"])
        for r in rows
    ]  # fmt: skip
