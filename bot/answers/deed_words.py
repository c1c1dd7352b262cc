"""The sentences that follow a deed: what was done, what was not and why, and what can be done instead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from bot.words import day, month, plural
from jobs.attention.deeds import Outcome, Result
from jobs.attention.reach import ANY
from jobs.house import House

_LONGEST = "1,000 characters for a note, 200 for a reason"

STATES: Mapping[Result, Literal["ok", "unknown", "refused"]] = {
    "done": "ok", "unchanged": "ok", "repeated": "ok",
    "refused": "refused", "unknown": "unknown", "wrong": "unknown",
}  # fmt: skip

_TITLES: Mapping[Result, str] = {
    "done": "Done", "unchanged": "Nothing to change", "repeated": "Done already", "refused": "Not allowed",
    "unknown": "Nothing like it", "wrong": "Not done",
}  # fmt: skip

_WRONG: Mapping[str, str] = {
    "over": "The alert has ended. Notes and feedback are still taken.",
    "text": "Say why: the reason is kept and shown. Put it in quotes.",
    "long": f"That is too long: {_LONGEST}.",
    "postcode": "Full postcodes are not kept. Use the name of a street or an area.",
    "verdict": "Feedback is useful, known or noise.",
    "end": "A silence must end. Give a period such as 3m, or until and a day.",
    "past": "That day is past.",
    "far": "A silence lasts 12 months at most. It can be renewed.",
    "scope": "Say what is to be silenced: an alert, a series, an area or a rule.",
    "rule": "There is no rule of that name.",
    "series": "There is no series of that name.",
    "area": "There is no area of that code.",
    "severity": "A severity is 1, 2 or 3.",
    "hours": "Quiet hours are written 18:00-08:00.",
    "auto": "The digest needs no sign-off here: it goes out by itself. See digest.mode in partnership.toml.",
    "draft": "No draft of a digest waits. Name the month to sign one off that has not gone out.",
    "nobody": "The terminal is sent no messages. Say here, and name a channel with --channel.",
}

_UNKNOWN: Mapping[str, str] = {
    "silence": "No silence of that kind is in force.",
    "subscription": "There is no such subscription.",
    "channel": "This is no channel of the partnership's settings.",
}


def title(outcome: Outcome) -> str:
    """The alert and how it went."""
    f = outcome.facts
    about = f"{f.id}: {f.series_title} in {f.area_name}" if f else ""
    return f"{_TITLES[outcome.result]}. {about}" if about else _TITLES[outcome.result]


def sentence(house: House, outcome: Outcome) -> str:
    """What came of it, in one sentence or two."""
    deed, f = outcome.deed, outcome.facts
    if outcome.result == "done":
        return _done(house, outcome)
    if outcome.result == "repeated":
        return "This was done before. Nothing has changed."
    if outcome.result == "unchanged":
        if deed.kind == "acknowledge" and f:
            return f"{f.acknowledged_by} has acknowledged it already."
        if deed.kind == "sign":
            return f"The digest of {month(outcome.month)} has gone out already."
        return "It is so already."
    if outcome.result == "refused":
        return _refused(outcome)
    if outcome.why == "alert":
        return f"There is no alert {deed.alert}."
    if outcome.why == "month":
        return f"There are no figures for a digest of {month(outcome.month)}."
    if outcome.why == "wider":
        return f"It is kept quiet by silence {outcome.number}, which is about more than this alert."
    return {**_WRONG, **_UNKNOWN}[outcome.why]


def _done(house: House, outcome: Outcome) -> str:
    deed, f = outcome.deed, outcome.facts
    if deed.kind in ("silence", "unsilence"):
        return _hushed(house, outcome)
    if deed.kind in ("subscribe", "unsubscribe", "quiet"):
        return _wished(house, outcome)
    if deed.kind == "sign":
        where = ", ".join(outcome.channels) or "no channel: none has `digest = true`"
        return f"The digest of {month(outcome.month)} is signed off. It goes to {where}."
    assert f is not None
    return {
        "acknowledge": f"Acknowledged by {f.acknowledged_by}.",
        "own": f"{f.owner} has taken it on.",
        "release": "It is nobody's again.",
        "note": "The note is kept with the alert.",
        "close": f"Closed by {f.closed_by}: {f.closed_why}. It opens again if it rings in a later month.",
        "feedback": f"Noted as {deed.text}. You can change your mind.",
    }[deed.kind]


def _hushed(house: House, outcome: Outcome) -> str:
    deed, alerts = outcome.deed, plural(len(outcome.touched), "alert")
    if deed.kind == "unsilence":
        return f"Silence {outcome.number} is lifted; {alerts} changed. What rings still is told."
    assert deed.until is not None
    about = f"alert {deed.alert}" if deed.alert else scope(house, deed.rule, deed.series, deed.area)
    return (
        f"Silence {outcome.number}: {about}, until {day(deed.until)}, because: {deed.text}. "
        f"{alerts} changed. New findings are kept and listed, and not posted."
    )


def _wished(house: House, outcome: Outcome) -> str:
    deed = outcome.deed
    who = f"The channel {deed.channel}" if deed.channel else "You"
    if deed.kind == "quiet":
        hours = f"wait from {deed.hours.replace('-', ' to ')}" if deed.hours else "wait at no hour"
        return f"{who}: new messages {hours}."
    about = scope(house, ANY, deed.series, deed.area)
    if deed.kind == "unsubscribe":
        return f"{who}: no longer subscribed to {about}."
    level = f", severity {deed.severity} of 3 and above" if deed.severity > 1 else ""
    return f"{who}: subscribed to {about}{level}, as far as the clearance goes."


def _refused(outcome: Outcome) -> str:
    if outcome.why == "clearance":
        what = "The digest" if outcome.deed.kind == "sign" else "This alert"
        return f"{what} is for {outcome.needs} readers."
    if outcome.why == "owned" and outcome.facts:
        return f"{outcome.facts.owner} has taken it on. Only an {outcome.needs} can move it."
    if outcome.why == "channel":
        return "A channel is set from within the channel."
    return f"This takes the role {outcome.needs}."


def scope(house: House, rule: str, series: str, area: str) -> str:
    """`Drugs in Coalville, rule month-spike`; what is `*` is not named."""
    what = "every series" if series == ANY else house.lexicon[series].title
    where = f" in {house.geography[area].name}" if area in house.geography.areas else ""
    return f"{what}{where}{'' if rule == ANY else f', rule {rule}'}"


def advice(outcome: Outcome) -> tuple[str, ...]:
    """Who can help, where somebody was refused."""
    if outcome.result != "refused":
        return ()
    if outcome.why == "clearance":
        return ("Ask in a channel that has this clearance, or ask the partnership's analyst.",)
    return ("Roles are given in partnership.toml, under people. Ask the partnership's analyst.",)


def next_(outcome: Outcome) -> tuple[str, ...]:
    """What to type next."""
    deed = outcome.deed
    if outcome.facts is not None:
        return (f"why {outcome.facts.id}", "alerts open")
    if deed.kind in ("subscribe", "unsubscribe", "quiet"):
        return ("subscriptions", f"help {deed.kind}")
    if deed.kind == "sign":
        return (f"digest {outcome.month}".strip(), "audit")
    if deed.kind in ("silence", "unsilence"):
        return ("silences", f"help {deed.kind}")
    return ("alerts open",)
