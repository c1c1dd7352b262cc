"""What people did with an alert, as a change of its facts. Pure: who may, and what is told, is elsewhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

from jobs.facts import AlertFacts
from rules.lifecycle import Episode, stays_closed
from rules.model import Month


def carried(facts: AlertFacts, told: AlertFacts | None, episode: Episode) -> AlertFacts:
    """What people did with the alert before, in its facts as they are judged now.

    An acknowledgement is of the severity that was seen: more severe, it waits for another. A close holds
    until the rule fires in a later month.
    """
    if told is None:
        return facts
    facts = replace(
        facts, acknowledged_by=told.acknowledged_by, acknowledged=told.acknowledged, notes=told.notes,
        useful=told.useful, known=told.known, noise=told.noise, waiting_days=told.waiting_days,
    )  # fmt: skip
    if facts.severity > told.severity:
        facts = replace(facts, acknowledged_by="", acknowledged=None)
    if stays_closed(episode, Month.parse(told.closed_through) if told.closed_through else None):
        facts = replace(
            facts, status="closed", closed_by=told.closed_by, closed_why=told.closed_why,
            closed_through=told.closed_through,
        )  # fmt: skip
    return facts


def acknowledged(facts: AlertFacts, by: str, day: dt.date) -> AlertFacts:
    """Somebody has seen it. The first one stays: who comes later changes nothing."""
    if facts.acknowledged_by:
        return facts
    return replace(facts, acknowledged_by=by, acknowledged=day, waiting_days=0)


def closed(facts: AlertFacts, by: str, why: str, through: Month) -> AlertFacts:
    """A person's end of it, for the months that it rang so far."""
    return replace(facts, status="closed", closed_by=by, closed_why=why, closed_through=str(through))


def with_feedback(facts: AlertFacts, verdicts: Mapping[str, int]) -> AlertFacts:
    """How many people found it useful, known already, or noise."""
    counts = (verdicts.get(v, 0) for v in ("useful", "known", "noise"))
    useful, known, noise = counts
    return replace(facts, useful=useful, known=known, noise=noise)
