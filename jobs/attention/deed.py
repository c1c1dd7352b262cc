"""A deed as a value: what somebody wants done, what came of it, and the checks that all of them share."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from jobs.attention.clearance import class_of, may_see
from jobs.attention.people import Actor
from jobs.facts import ALERT, AlertFacts
from jobs.folder.partnership import SourceSettings
from jobs.folder.postcodes import POSTCODE, plain
from jobs.house import House
from jobs.store.engine import Connection
from jobs.store.findings import AlertRow, get_alert
from jobs.store.outbox import revision_in

LONGEST_NOTE = 1000  # characters
LONGEST_REASON = 200  # it stands in the message

Kind = Literal[
    "acknowledge", "own", "release", "note", "close", "feedback", "silence", "unsilence",
    "subscribe", "unsubscribe", "quiet", "sign",
]  # fmt: skip
Result = Literal["done", "unchanged", "repeated", "refused", "unknown", "wrong"]


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody wants done. `interaction` is the platform's id of the click or command."""

    kind: Kind
    interaction: str
    alert: str = ""
    text: str = ""  # the note, the reason, or useful | known | noise
    rule: str = "*"  # silence without an alert; series and area also subscribe: '*' = any
    series: str = "*"
    area: str = "*"
    until: dt.date | None = None  # silence: the last day
    number: int = 0  # unsilence: the silence, where no alert is given
    severity: int = 1  # subscribe: and above
    hours: str = ""  # quiet: "18:00-08:00", or '' for none
    channel: str = ""  # subscribe, quiet: our id of the channel; '' = the person
    month: str = ""  # sign: of the digest; '' = of the newest draft
    seen: int | None = None  # the revision that was in front of the person
    seen_in: str = ""  # ... of the message in this channel; '' = of the alert


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it, with the alert as it stands now (None: there is none, or it may not be seen).

    why, of refused: role, clearance, owned (by somebody else), channel (not from here); of unknown: alert,
    silence, subscription, channel; of wrong: over (the alert has ended), text (none), long, postcode,
    verdict, end (none), past, far, scope (none), rule, series, area, severity, hours, wider (the silence that
    keeps it quiet is wider: `number`), nobody (the terminal is sent nothing), auto (a digest that needs no
    sign-off), draft (none waits), month (no figures).
    """

    deed: Deed
    result: Result
    why: str = ""
    facts: AlertFacts | None = None
    stale: bool = False  # the alert had changed since the person saw it
    touched: tuple[str, ...] = ()  # ids of the alerts that changed
    needs: str = ""  # refused: the role or clearance that it takes
    number: int = 0  # of the silence
    month: str = ""  # sign: of the digest
    channels: tuple[str, ...] = ()  # sign: those that get it


@dataclass(frozen=True, slots=True)
class Matter:
    """A deed at hand, past its first checks."""

    connection: Connection
    house: House
    actor: Actor
    deed: Deed

    def outcome(
        self, result: Result, why: str = "", *, needs: str = "", facts: AlertFacts | None = None
    ) -> Outcome:
        """An outcome of this deed."""
        return Outcome(self.deed, result, why, facts, needs=needs)


@dataclass(frozen=True, slots=True)
class AtHand:
    """The alert of a deed."""

    row: AlertRow
    facts: AlertFacts
    source: SourceSettings
    stale: bool  # it has changed since the person saw it


def at_hand(matter: Matter, *, open_only: bool = False, lock: bool = True) -> AtHand | Outcome:
    """The alert, or why it is not to be had. Without `lock` for a deed that goes on to lock many: two that
    take them in different orders would wait for each other."""
    house, deed = matter.house, matter.deed
    row = get_alert(matter.connection, deed.alert, lock=lock)
    if row is None:
        return matter.outcome("unknown", "alert")
    facts = ALERT.validate_json(row.facts)
    source = house.partnership.source(row.source)
    if not may_see(matter.actor.clearance, source, facts.series, house.lexicon, matter.actor.named):
        needed = class_of(source, facts.series, house.lexicon)
        return matter.outcome("refused", "clearance", needs=needed.value)
    if open_only and row.ended is not None:
        return matter.outcome("wrong", "over", facts=facts)
    return AtHand(row, facts, source, _stale(matter, row))


def _stale(matter: Matter, row: AlertRow) -> bool:
    deed = matter.deed
    if deed.seen is None:
        return False
    key = f"alert:{row.id}"
    now = revision_in(matter.connection, key, deed.seen_in) if deed.seen_in else row.revision
    return now is not None and now > deed.seen


def said(matter: Matter, longest: int) -> str | Outcome:
    """The words that come with a deed as one harmless line; or what is wrong with them."""
    text = " ".join(plain(matter.deed.text).split())
    if not text:
        return matter.outcome("wrong", "text")
    if len(text) > longest:
        return matter.outcome("wrong", "long")
    return matter.outcome("wrong", "postcode") if POSTCODE.search(text) else text
