"""Commands and clicks that do something: done by `jobs.attention`, said here. The same for every platform."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from bot import claimed, words
from bot.answers import deed_words
from bot.grammar.query import Query
from bot.grammar.verbs import BY_NAME
from bot.message import Answer
from bot.views.handled import handled
from jobs.attention.clearance import class_of
from jobs.attention.deeds import Deed, Kind, Outcome, perform
from jobs.attention.people import Actor
from jobs.attention.reach import ANY
from jobs.facts import AlertFacts
from jobs.house import House
from rules.claims import Claimant
from rules.lifecycle import months_later
from rules.model import Classification

_KINDS: Mapping[str, Kind] = {
    "ack": "acknowledge", "own": "own", "release": "release", "note": "note", "close": "close",
    "useful": "feedback", "known": "feedback", "noise": "feedback",
    "silence": "silence", "unsilence": "unsilence",
    "subscribe": "subscribe", "unsubscribe": "unsubscribe", "quiet": "quiet", "digest": "sign",
}  # fmt: skip


def does(query: Query) -> bool:
    """Whether a command changes anything: such a one is a deed, and audits itself."""
    if query.verb == "digest":
        return query.word == "sign"
    return bool(BY_NAME[query.verb].order) and (query.verb != "quiet" or bool(query.order.hours))


def answer(house: House, query: Query, actor: Actor, interaction: str, text: str) -> Answer:
    """Do what a typed command says, and say what came of it."""
    return act(house, actor, deed_of(house, query, actor, interaction), text)


def act(house: House, actor: Actor, deed: Deed, text: str = "") -> Answer:
    """Do it once and say what came of it. For a click; `text` is what was typed, for the audit."""
    return said(house, perform(house, actor, deed, text))


def deed_of(house: House, query: Query, actor: Actor, interaction: str) -> Deed:
    """The deed that a command asks for."""
    order, kind = query.order, _KINDS[query.verb]
    return Deed(
        kind, interaction, alert=order.alert,
        text=query.verb if kind == "feedback" else order.text,
        rule=order.rule or ANY, series=query.series or ANY,
        area=query.places[0].code if query.places else ANY,
        until=_last_day(house.today, query), number=order.number, severity=order.severity,
        hours="" if order.hours == "off" else order.hours,
        channel=actor.channel if order.here else "",
        month=str(query.window.last) if kind == "sign" and query.window else "",
    )  # fmt: skip


def _last_day(today: dt.date, query: Query) -> dt.date | None:
    """`3m` from today is the day before the same day three months on: three months in all."""
    order = query.order
    if order.until is not None:
        return order.until
    if order.days:
        return today + dt.timedelta(days=order.days - 1)
    return months_later(today, query.months) - dt.timedelta(days=1) if query.months else None


def said(house: House, outcome: Outcome) -> Answer:
    """What came of a deed, with the alert as it stands now."""
    f, deed = outcome.facts, outcome.deed
    lines = [deed_words.sentence(house, outcome)]
    if outcome.stale:
        lines.append("It had changed since you saw it. This is how it stands now.")
    if f is not None:
        lines.append(_now(f))
    told = Claimant("deeds")
    told.count("alerts changed", len(outcome.touched))
    told.rank("silence", outcome.number)
    own = house.partnership.source(f.source.id) if f else None
    class_ = class_of(own, f.series, house.lexicon) if f and own else Classification.PUBLIC
    return Answer(
        deed_words.title(outcome), tuple(lines), footer=deed_words.advice(outcome),
        suggestions=deed_words.next_(outcome),
        claims=(*told.made, *(claimed.of_alert(f) if f else ())),
        sources=(f.source.id,) if f else (),
        state=deed_words.STATES[outcome.result],
        data={"deed": deed.kind, "result": outcome.result, "why": outcome.why, "stale": outcome.stale,
              "alert": f.id if f else "", "revision": f.revision if f else 0,
              "status": f.status if f else "", "owner": f.owner if f else "",
              "touched": list(outcome.touched), "silence": outcome.number,
              "month": outcome.month, "channels": list(outcome.channels)},
        classification=class_,
    )  # fmt: skip


def _now(f: AlertFacts) -> str:
    """The alert in one sentence, with who has done what."""
    status = f"{f.status}, {words.plural(f.months_running, 'month')}" if f.months_running > 1 else f.status
    done = [f"{label.lower()} {value}" for label, value in (*handled(f), ("owner", f.owner or "nobody yet"))]
    return (
        f"{f.series_title} in {f.area_name}: {words.recorded(f.count, f.hidden)} recorded in "
        f"{words.month(f.period)}, {f.verdict.value}; {status}; {'; '.join(done)}."
    )
