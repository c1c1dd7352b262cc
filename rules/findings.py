"""What a baseline says about a count, and what a rule made of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from rules.claims import Claim
from rules.model import Basis, Breadth, Direction, Month, Severity, Verdict, Window


@dataclass(frozen=True, slots=True)
class Expected:
    """What one baseline says about one count."""

    mean: float
    lower: float  # 95 % predictive range
    upper: float
    dispersion: float  # variance / mean of the predictive distribution, >= 1
    p_high: float  # P(this many or more), mid-p
    p_low: float
    months: int  # usable baseline months
    window: Window | None  # first to last usable baseline month
    basis: Basis
    confidence: str = "normal"  # or "low", with the reason in `caveat`
    caveat: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule fired for a series in an area in a month. Evidence included, words not."""

    rule: str
    rule_version: int
    series: str
    area: str
    month: Month
    count: int
    span: int  # months that the count covers, `month` the last
    expected: Expected
    verdict: Verdict
    severity: Severity
    direction: Direction
    score: float
    scope: Breadth  # how wide the movement is
    against: Expected | None = None  # the other verdict, where there is one
    event: str = ""  # uid of a matching event
    note: str = ""  # what the detector saw, in one plain sentence
    caveats: tuple[str, ...] = ()
    claims: tuple[Claim, ...] = ()
    parents: tuple[str, ...] = ()  # fingerprints this one is folded into
    children: tuple[str, ...] = ()
    facts: Mapping[str, float | int | str] = field(default_factory=dict)
    also: tuple[str, ...] = ()  # areas counted together with `area`; where inside it, these and not all of it

    @property
    def fingerprint(self) -> str:
        """rule | series | area: one open alert each."""
        return f"{self.rule}|{self.series}|{self.area}"
