"""Silence and unsilence: one alert, or a rule, series and area; always with who, why and until when."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from jobs.attention.deed import LONGEST_REASON, AtHand, Matter, Outcome, at_hand, said
from jobs.attention.reach import ANY
from jobs.attention.silences import reaching, settle_silences
from jobs.facts import ALERT
from jobs.store.findings import get_alert
from jobs.store.silences import SilenceRow, add_silence, lift_silence, standing_silences
from rules.lifecycle import LONGEST_SILENCE, Silence, months_later


def silence(matter: Matter) -> Outcome:
    """Keep quiet what an alert is about, or a rule, series and area, until a day within twelve months."""
    deed, house, connection = matter.deed, matter.house, matter.connection
    why = said(matter, LONGEST_REASON)
    if isinstance(why, Outcome):
        return why
    last = _last_day(matter)
    if isinstance(last, Outcome):
        return last
    found = at_hand(matter, open_only=True, lock=False) if deed.alert else _scope(matter)
    if isinstance(found, Outcome):
        return found
    rule, series, area = deed.rule, deed.series, deed.area
    if found is not None:
        rule, series, area = found.facts.rule, found.facts.series, found.facts.area
    number = add_silence(
        connection, found.row.id if found else "", rule, series, area, matter.actor.clearance,
        Silence(matter.actor.id, why, house.today, last), house.now(),
    )  # fmt: skip
    return _settled(matter, found, number)


def unsilence(matter: Matter) -> Outcome:
    """End a silence before its time: of one alert, or one by its number. What rings still is told."""
    deed, connection = matter.deed, matter.connection
    standing = standing_silences(connection, matter.house.today)
    if not deed.alert:
        mine = [s for s in standing if s.id == deed.number and _may_see_all_of(matter, s)]
        return _lifted(matter, None, mine)
    found = at_hand(matter, lock=False)
    if isinstance(found, Outcome):
        return found
    about = reaching(matter.house, standing, found.source, found.facts)
    own = [s for s in about if s.alert]
    if about and not own:
        # A wider silence keeps others quiet, too: it is ended by its number, knowingly.
        return replace(matter.outcome("wrong", "wider", facts=found.facts), number=about[0].id)
    return _lifted(matter, found, own)


def _lifted(matter: Matter, found: AtHand | None, silences: list[SilenceRow]) -> Outcome:
    if not silences:
        return matter.outcome("unknown", "silence", facts=found.facts if found else None)
    for each in silences:
        lift_silence(matter.connection, each.id, matter.actor.id)
    return _settled(matter, found, silences[0].id)


def _settled(matter: Matter, found: AtHand | None, number: int) -> Outcome:
    """What follows for every alert that it reaches."""
    rung = settle_silences(
        matter.connection, matter.house, actor=matter.actor.id, ref=matter.deed.interaction
    )
    row = get_alert(matter.connection, found.row.id) if found else None
    facts = ALERT.validate_json(row.facts) if row else None
    done = matter.outcome("done", facts=facts)
    touched = tuple(r.facts.id for r in rung)
    return replace(done, stale=found.stale if found else False, touched=touched, number=number)


def _last_day(matter: Matter) -> dt.date | Outcome:
    until, today = matter.deed.until, matter.house.today
    if until is None:
        return matter.outcome("wrong", "end")
    if until < today:
        return matter.outcome("wrong", "past")
    return matter.outcome("wrong", "far") if until > months_later(today, LONGEST_SILENCE) else until


def _scope(matter: Matter) -> Outcome | None:
    """What is wrong with a rule, series and area; None when they are known, and not all of them `any`."""
    deed, house = matter.deed, matter.house
    if (deed.rule, deed.series, deed.area) == (ANY, ANY, ANY):
        return matter.outcome("wrong", "scope")
    if deed.series != ANY and deed.series not in house.lexicon:
        return matter.outcome("wrong", "series")
    if deed.area != ANY and deed.area not in house.geography.areas:
        return matter.outcome("wrong", "area")
    if deed.rule != ANY and deed.rule not in {r.id for r in house.rules}:
        return matter.outcome("wrong", "rule")
    return None


def _may_see_all_of(matter: Matter, silence: SilenceRow) -> bool:
    """Who sees less than its maker does not know of the silence."""
    return silence.clearance.rank <= matter.actor.clearance.rank
