"""The deeds about one alert. Each takes the alert as it stands and leaves its next revision."""

from __future__ import annotations

from dataclasses import dataclass, replace

from jobs.attention import handling
from jobs.attention.deed import LONGEST_NOTE, LONGEST_REASON, AtHand, Matter, Outcome, at_hand, said
from jobs.attention.people import Role, shown_name
from jobs.facts import AlertFacts
from jobs.judging.telling import revise, show
from jobs.store.findings import judged_months, note_event
from jobs.store.people import give_feedback, verdicts_on
from rules.model import Month

_VERDICTS = ("useful", "known", "noise")


def acknowledge(matter: Matter) -> Outcome:
    """Somebody has seen it."""
    found = at_hand(matter, open_only=True)
    if isinstance(found, Outcome):
        return found
    return _done(matter, found, handling.acknowledged(found.facts, _name(matter), matter.house.today))


def own(matter: Matter) -> Outcome:
    """Take it on; who takes it on has seen it. From somebody else's hands it takes an analyst."""
    found = at_hand(matter, open_only=True)
    if isinstance(found, Outcome):
        return found
    if _of_another(matter, found):
        return matter.outcome("refused", "owned", needs=Role.ANALYST.value, facts=found.facts)
    seen = handling.acknowledged(found.facts, _name(matter), matter.house.today)
    return _done(matter, found, replace(seen, owner=_name(matter)), _Row(owner=matter.actor.id))


def release(matter: Matter) -> Outcome:
    """Let go of it: nobody's again."""
    found = at_hand(matter)
    if isinstance(found, Outcome):
        return found
    if _of_another(matter, found):
        return matter.outcome("refused", "owned", needs=Role.ANALYST.value, facts=found.facts)
    return _done(matter, found, replace(found.facts, owner=""), _Row(owner=""))


def note(matter: Matter) -> Outcome:
    """Add words to its diary; the message says how many there are."""
    text = said(matter, LONGEST_NOTE)
    if isinstance(text, Outcome):
        return text
    found = at_hand(matter)
    if isinstance(found, Outcome):
        return found
    return _done(matter, found, replace(found.facts, notes=found.facts.notes + 1), _Row(detail=text))


def close(matter: Matter) -> Outcome:
    """A person's end of it, with the reason. It opens again when its rule fires in a later month."""
    why = said(matter, LONGEST_REASON)
    if isinstance(why, Outcome):
        return why
    found = at_hand(matter, open_only=True)
    if isinstance(found, Outcome):
        return found
    ended = max(judged_months(matter.connection, found.row.source), default=found.row.last)
    closed = handling.closed(found.facts, _name(matter), why, found.row.last)
    return _done(matter, found, closed, _Row(detail=why, ended=ended))


def feedback(matter: Matter) -> Outcome:
    """Useful, known already, or noise: one verdict of each person, who may change it."""
    deed = matter.deed
    if deed.text not in _VERDICTS:
        return matter.outcome("wrong", "verdict")
    found = at_hand(matter)
    if isinstance(found, Outcome):
        return found
    connection, row = matter.connection, found.row
    give_feedback(connection, row.id, matter.actor.id, found.facts.rule, deed.text, matter.house.now())
    verdicts = verdicts_on(connection, row.id)
    return _done(matter, found, handling.with_feedback(found.facts, verdicts), _Row(detail=deed.text))


@dataclass(frozen=True, slots=True)
class _Row:
    """What changes beside the facts; None = stays."""

    owner: str | None = None
    ended: Month | None = None
    detail: str = ""


def _done(matter: Matter, found: AtHand, facts: AlertFacts, also: _Row | None = None) -> Outcome:
    """The next revision, in the diary and wherever the alert is up; nothing of it when nothing changed."""
    also = also or _Row()
    if facts == found.facts:
        return replace(matter.outcome("unchanged", facts=facts), stale=found.stale)
    row = found.row if also.owner is None else replace(found.row, owner=also.owner)
    row = row if also.ended is None else replace(row, ended=also.ended)
    connection, house, deed = matter.connection, matter.house, matter.deed
    note_event(
        connection, row.id, deed.kind, row.last, house.now(), matter.actor.id,
        ref=deed.interaction, detail=also.detail,
    )  # fmt: skip
    row, facts = revise(connection, row, facts)
    show(connection, house, found.source, facts)
    return replace(matter.outcome("done", facts=facts), stale=found.stale, touched=(row.id,))


def _of_another(matter: Matter, found: AtHand) -> bool:
    """Whether it is in the hands of somebody else, from whom this person may not take it."""
    return found.row.owner not in ("", matter.actor.id) and matter.actor.role.rank < Role.ANALYST.rank


def _name(matter: Matter) -> str:
    return shown_name(matter.house.partnership, matter.actor.id)
