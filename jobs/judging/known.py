"""What the months before have taught: levels that moved for good, one-offs that people confirmed.

And what their files were like: how many of their rows were set aside.

Only of months before the one judged: a replay or a revised month has no hindsight.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from jobs.facts import ALERT, AlertFacts
from jobs.folder.partnership import SourceSettings
from jobs.house import House
from jobs.store.engine import Connection
from jobs.store.extracts import set_aside
from jobs.store.known import findings_confirmed, findings_of_rules
from rules.context import Context
from rules.model import Month
from rules.spec import Rule

Restart = tuple[str, str, Month]  # series, area, first month of the new level


def context_for(connection: Connection, house: House, source: SourceSettings, month: Month) -> Context:
    """The partnership's context as it stands when a month of a source is judged."""
    found = findings_of_rules(connection, source.id, steps(house.rules), month)
    restarts = (_restart(ALERT.validate_json(row.facts)) for row in found)
    real = (ALERT.validate_json(row.facts) for row in findings_confirmed(connection, source.id, month))
    return replace(
        house.context,
        restarts=tuple(dict.fromkeys(restarts)),
        # A level that stays is no one-off: that is for the step rule to say.
        confirmed=frozenset((f.series, f.area, Month.parse(f.month)) for f in real if f.span == 1),
        aside=_aside(connection, source, month),
    )


def _aside(connection: Connection, source: SourceSettings, month: Month) -> dict[Month, float]:
    """By month the share of rows set aside; of sources judged together the largest of theirs."""
    found: dict[Month, float] = {}
    for part in source.parts or (source.id,):
        for known, share in set_aside(connection, part, month).items():
            found[known] = max(share, found.get(known, 0.0))
    return found


def steps(rules: Iterable[Rule]) -> set[str]:
    """Rules that find a level that moved, and ring only once it has held."""
    return {rule.id for rule in rules if rule.detector == "step"}


def restart(series: str, area: str, month: Month, span: int) -> Restart:
    """The new level begins with the first of the months that the finding covers."""
    return series, area, month + (1 - span)


def _restart(f: AlertFacts) -> Restart:
    return restart(f.series, f.area, Month.parse(f.month), f.span)
