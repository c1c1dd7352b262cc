"""What people do with alerts: one door, `perform`. Each deed is one transaction and is done once.

    role? -> alert there? -> may it be seen? -> open? -> the change -> diary, revision, edits, audit

A refusal is written into the audit like a deed. Facts without words: bot/answers/deeds.py says them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace

from jobs.attention import hushing, on_alerts, signing, wishes
from jobs.attention.audit import Given, spoken, write_down
from jobs.attention.clearance import class_of
from jobs.attention.deed import AtHand, Deed, Kind, Matter, Outcome, Result, at_hand
from jobs.attention.people import Actor, Role
from jobs.house import House
from jobs.store.people import handle_once

__all__ = ["NEEDS", "Deed", "Kind", "Outcome", "Result", "perform"]

NEEDS: Mapping[Kind, Role] = {
    "acknowledge": Role.OFFICER,
    "own": Role.OFFICER,
    "release": Role.OFFICER,
    "note": Role.OFFICER,
    "feedback": Role.OFFICER,
    "close": Role.ANALYST,
    "silence": Role.ANALYST,
    "unsilence": Role.ANALYST,
    "subscribe": Role.READER,  # for a channel: analyst
    "unsubscribe": Role.READER,
    "quiet": Role.READER,
    "sign": Role.ANALYST,
}

_HANDLERS: Mapping[Kind, Callable[[Matter], Outcome]] = {
    "acknowledge": on_alerts.acknowledge,
    "own": on_alerts.own,
    "release": on_alerts.release,
    "note": on_alerts.note,
    "feedback": on_alerts.feedback,
    "close": on_alerts.close,
    "silence": hushing.silence,
    "unsilence": hushing.unsilence,
    "subscribe": wishes.subscribe,
    "unsubscribe": wishes.unsubscribe,
    "quiet": wishes.quiet,
    "sign": signing.sign,
}


def perform(house: House, actor: Actor, deed: Deed, query: str = "") -> Outcome:
    """Do it, once: the second time of one interaction changes nothing and says how things stand.

    query: what was typed, for the audit; a click is put into words.
    """
    deed = replace(deed, interaction=_short(deed.interaction))
    with house.store.write() as connection:
        matter = Matter(connection, house, actor, deed)
        if not handle_once(connection, deed.interaction, actor.id, deed.kind, house.now()):
            return _as_it_stands(matter)
        if actor.role.rank < NEEDS[deed.kind].rank:
            outcome = matter.outcome("refused", "role", needs=NEEDS[deed.kind].value)
        else:
            outcome = _HANDLERS[deed.kind](matter)
        write_down(connection, house, actor, deed.kind, query or _words(deed), _given(house, outcome))
    return outcome


def _short(interaction: str) -> str:
    """A platform's id, in the room that there is for it."""
    return interaction if len(interaction) <= 100 else hashlib.sha256(interaction.encode()).hexdigest()


def _as_it_stands(matter: Matter) -> Outcome:
    found = at_hand(matter) if matter.deed.alert else None
    return matter.outcome("repeated", facts=found.facts if isinstance(found, AtHand) else None)


def _given(house: House, outcome: Outcome) -> Given:
    facts, result = outcome.facts, f"{outcome.result}:{outcome.why}".removesuffix(":")
    if facts is None:
        return Given(result, outcome.deed.alert[:20])
    class_ = class_of(house.partnership.source(facts.source.id), facts.series, house.lexicon)
    return Given(result, facts.id, (facts.source.id,), class_)


def _words(deed: Deed) -> str:
    scope = [w for w in (deed.rule, deed.series, deed.area) if w != "*"]
    return spoken(
        [deed.kind, deed.alert, *scope, deed.until, deed.number or None, deed.hours, deed.text, deed.month]
    )
