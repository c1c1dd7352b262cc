"""What jobs hand to the bot: facts without words. They travel through the outbox as JSON."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Literal

from pydantic import TypeAdapter
from pydantic.dataclasses import dataclass

from rules.claims import Claim
from rules.model import Month, Polarity, Verdict, Window

ROWS = ("rows", "unlocated", "last_rows", "quarantined")  # of SourceFacts: how much a source has sent
Status = Literal["new", "continuing", "escalated", "ended", "withdrawn", "closed"]


@dataclass(frozen=True)
class SourceFacts:
    """Where a figure comes from and how fresh it is."""

    id: str
    title: str
    short: str
    licence: str
    attribution: str
    classification: str
    invented: bool
    last_month: str | None = None  # YYYY-MM
    received: dt.date | None = None
    edition: int = 1
    months: int = 0
    gaps: tuple[str, ...] = ()  # "2014-12..2018-09"
    late: str | None = None  # the month that should be in by now
    revised: tuple[str, ...] = ()  # months replaced by a later edition
    rows: int = 0
    unlocated: int = 0  # rows of the last month without a location
    last_rows: int = 0  # rows of the last month
    held: int = 0
    quarantined: int = 0

    @property
    def counted(self) -> bool:
        """Whether readers may know how many rows there are: of a partner's, they add up what is not told."""
        return self.classification == "public"

    def told(self) -> SourceFacts:
        """These facts as readers may have them."""
        return self if self.counted else replace(self, rows=0, unlocated=0, last_rows=0, quarantined=0)


@dataclass(frozen=True)
class Point:
    """One month of a chart; None where not published or not judged."""

    month: str
    count: int | None
    expected: float | None = None
    lower: float | None = None
    upper: float | None = None
    mark: str = ""  # event or break that falls in the month
    hidden: str = ""  # what stands there instead of a count that is not told: "<5", "withheld"


@dataclass(frozen=True)
class AlertFacts:
    """The current state of one alert: everything its message, `why` and the digest print."""

    id: str
    revision: int
    rule: str
    rule_version: int
    rule_title: str
    why: str  # the rule's reason, one sentence
    severity: int
    status: Status
    months_running: int
    series: str
    series_title: str
    polarity: Polarity
    area: str
    area_name: str
    area_kind: str
    visitor: str
    month: str
    count: int | None  # None where it is not told: see `hidden`. So are the next four
    expected: float | None
    lower: float | None
    upper: float | None
    p: float | None
    verdict: Verdict
    direction: Literal["rise", "fall"]
    basis: Literal["here", "county"]
    baseline_months: int
    baseline_first: str
    baseline_last: str
    confidence: str
    scope: Literal["local", "district", "county"]
    rolling: int | None  # last 12 months; None when one of them is missing
    rolling_before: int | None  # the 12 before
    event: str  # "Download Festival, 10-12 June 2022", or ""
    caveats: tuple[str, ...]
    source: SourceFacts
    extract_sha256: str
    children: tuple[AlertFacts, ...] = ()
    parents: tuple[str, ...] = ()  # fingerprints this one is folded into
    span: int = 1  # months that the count covers, `month` the last
    note: str = ""  # what the detector saw, in one plain sentence
    claims: tuple[Claim, ...] = ()  # every figure of the note and of the area's name

    @property
    def period(self) -> str:
        """The months of the count: `2022-06`, or `2022-01..2022-06`."""
        last = Month.parse(self.month)
        return str(Window.ending(last, self.span))

    @property
    def parts(self) -> tuple[AlertFacts, ...]:
        """The children, once each as readers see them: several rules that rang at one figure are one part.

        Of the alert's own place each rule is told by its name, and stays.
        """
        told: dict[tuple[object, ...], AlertFacts] = {}
        for c in self.children:
            rule = c.rule if c.area == self.area else ""
            seen = (c.series, c.area, c.period, c.count, c.hidden, c.lower, c.upper, c.basis, rule)
            told.setdefault(seen, c)
        return tuple(told.values())

    history: tuple[Point, ...] = ()  # up to 36 months, the alert's month last
    owner: str = ""
    district_count: int | None = None  # the district's count in that month, for the share
    # What people did with it: names as the settings give them, days in the partnership's calendar.
    acknowledged_by: str = ""
    acknowledged: dt.date | None = None
    silenced_until: dt.date | None = None  # the last day; None = not silenced
    silenced_by: str = ""
    silenced_why: str = ""
    closed_by: str = ""
    closed_why: str = ""
    closed_through: str = ""  # YYYY-MM: rung in a later month, it is open again
    notes: int = 0
    useful: int = 0  # people who said so; also the two below
    known: int = 0
    noise: int = 0
    hidden: str = ""  # in place of a count that is not told: "fewer than 5", "5 or more", "withheld"
    waiting_days: int = 0  # working days without an acknowledgement, where it is told once more


@dataclass(frozen=True)
class LateFacts:
    """A source that should be in by now; said once."""

    source: SourceFacts
    month: str
    expected_by: dt.date


@dataclass(frozen=True)
class RollupFacts:
    """Signals beyond a channel's cap: one line, no message each."""

    month: str
    count: int
    names: tuple[str, ...]  # "Burglary, Ibstock Centre"
    source: str
    invented: bool


@dataclass(frozen=True)
class Scoreboard:
    """One series of the digest: this month against usual, this year against last."""

    series: str
    title: str
    polarity: Polarity
    month_count: int | None
    expected: float | None
    lower: float | None
    upper: float | None
    verdict: Verdict
    rolling: int | None
    rolling_before: int | None
    source: str  # id of the source
    narrative: str = ""  # instead of figures: a slot for the partnership's own words
    history: tuple[Point, ...] = ()
    hidden: str = ""  # what stands there instead of a month's count that is not told


@dataclass(frozen=True)
class HotArea:
    """One line of a ranking of areas."""

    code: str
    name: str
    count: int
    people: float | None
    people_basis: str
    rate: float | None
    band: str
    before: int | None  # count in the window before
    rank: int
    rank_before: int | None
    visitor: str = ""


@dataclass(frozen=True)
class SeasonFacts:
    """A series that is usually high in some of the months ahead."""

    series: str
    title: str
    source: str
    months: tuple[str, ...]  # the months ahead that are usually high: "2022-11"
    factors: tuple[float, ...]  # of each: 1.2 = a fifth above an average month
    years: int  # that stand behind every month of the profile, at least
    window: str  # the months compared


@dataclass(frozen=True)
class ReportFacts:
    """A series of which more reports are wanted; None where withheld, not published or not comparable."""

    series: str
    title: str
    source: str
    period: str  # of `count`: a month, or the year of a table
    count: int | None
    lower: float | None
    upper: float | None
    verdict: Verdict | None  # None: a table is not judged
    year: str  # of `rolling`
    rolling: int | None
    rolling_before: int | None  # the 12 months before


@dataclass(frozen=True)
class TargetFacts:
    """A promise of the partnership at this month; no figures where they cannot be told."""

    id: str
    title: str
    series: str
    area_name: str
    source: str
    direction: Literal["increase", "decrease"]
    window: str  # in which it is measured
    so_far: str  # the part of it that is over
    count: int | None = None
    goal: float | None = None
    due: float | None = None  # what would stand here on the way to the goal
    projected: float | None = None  # at the end of the window; also the two below, 95 in 100
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class PeerFacts:
    """The district among the county's districts by rate over 12 months; rank 1 = the highest rate."""

    series: str
    title: str
    source: str
    window: str
    rank: int
    of: int
    low: int  # the ranks that chance allows, from
    high: int  # ... to
    rank_before: int | None  # a year earlier, where that can be told
    count: int
    people: float


@dataclass(frozen=True)
class EventFacts:
    """A happening of the event calendar."""

    name: str
    area_name: str
    month: str  # in which it begins
    held: bool  # False: it was cancelled
    first: dt.date | None = None
    last: dt.date | None = None
    verified: bool = True


@dataclass(frozen=True)
class DigestFacts:
    """The monthly digest."""

    month: str
    partnership: str
    district_name: str
    generated: dt.date
    contact: str
    headline: Scoreboard
    sources: tuple[SourceFacts, ...]
    priorities: tuple[Scoreboard, ...]
    unusual: tuple[AlertFacts, ...]  # up to five, both directions
    more: int  # further alerts of the month, not shown
    hot_window: str  # "2021-08..2022-07"
    hot: tuple[HotArea, ...]
    boxes: tuple[Scoreboard, ...]
    breaks: tuple[str, ...] = ()  # registered breaks inside the months that the 12-month figures compare
    ahead: tuple[SeasonFacts, ...] = ()  # usually high in `ahead_window`
    seasons: int = 0  # series of the digest of which a season is known
    ahead_window: str = ""  # the months ahead
    reports: tuple[ReportFacts, ...] = ()
    targets: tuple[TargetFacts, ...] = ()
    peers: tuple[PeerFacts, ...] = ()
    events: tuple[EventFacts, ...] = ()  # of the month
    events_ahead: tuple[EventFacts, ...] = ()
    open: tuple[AlertFacts, ...] = ()  # the loudest, without charts and parts
    more_open: int = 0


Piece = Literal["whole", "first", "areas", "ahead", "boxes", "promises", "peers", "open", "method", "page"]


@dataclass(frozen=True)
class DigestPost:
    """One message of a digest: the whole, or a piece with the facts that it shows and no others, so that it
    is edited only when one of them changes."""

    piece: Piece
    facts: DigestFacts
    draft: Literal["", "waiting", "signed"] = ""
    by: str = ""  # who signed it off
    channels: tuple[str, ...] = ()  # of a draft: where it is to go, or went


ALERT = TypeAdapter(AlertFacts)
LATE = TypeAdapter(LateFacts)
ROLLUP = TypeAdapter(RollupFacts)
DIGEST = TypeAdapter(DigestFacts)
DIGEST_POST = TypeAdapter(DigestPost)
