"""Numbers that speak: a figure never travels without its numerator, denominator and window."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from rules.month import Window

Unit = Literal["count", "difference", "per_1000", "percent", "ratio", "z", "rank", "share", "modelled"]

PERCENT_BASE = 30  # product.md: a percentage only on a base of 30 or more
# Below this a change between two years is "within usual variation". z = 2(sqrt new - sqrt old) has variance 2
# when nothing changed (each root about 1/4), not 1: 3 is 2.1 standard deviations, p = .034 two-sided. So one
# unchanged pair of years in thirty is called more than usual variation, and more where counts are
# over-dispersed. It chooses words for a change that somebody asked about; no alert rests on it alone.
UNUSUAL_Z = 3.0


@dataclass(frozen=True, slots=True)
class Claim:
    """A printed figure with what it was computed from. Sentences are written from it: f"{claim:,.0f}".

    `value` is numerator (over denominator where there is one) in `unit`; `window` says which months the
    numerator covers (None: the figure is of no months, as the number of areas), `base_window` which months
    the denominator does when they differ, or those that a `modelled` value was learned from; `source` is the
    source id. The value is recomputable from the rest: see `recompute`. ValueError for a share above one.
    """

    name: str
    value: float
    unit: Unit
    numerator: float
    denominator: float | None
    window: Window | None
    source: str
    base_window: Window | None = None
    basis: str = ""  # what the denominator is, in words: "residents, mid-2020 estimate"

    def __post_init__(self) -> None:
        # A part counted by other rules than its whole (area sums above the district) is no part of it.
        if self.unit == "share" and not 0 <= self.numerator <= (self.denominator or 0):
            raise ValueError(f"{self.name}: {self.numerator:,g} of {self.denominator or 0:,g} is no share")

    def __format__(self, spec: str) -> str:
        """The value in people's form: what a sentence prints."""
        return format(self.value, spec)

    def recompute(self) -> float:
        """The value again, from numerator and denominator alone."""
        return _RECOMPUTE[self.unit](self.numerator, self.denominator)

    def as_json(self) -> dict[str, object]:
        """A flat mapping for `--json`; windows as text."""
        return {
            "name": self.name,
            "value": self.value,
            "unit": self.unit,
            "numerator": self.numerator,
            "denominator": self.denominator,
            "window": str(self.window) if self.window else None,
            "base_window": str(self.base_window) if self.base_window else None,
            "basis": self.basis,
            "source": self.source,
        }


def _change(new: float, old: float | None) -> float:
    return 100 * (new - old) / old if old else math.nan


def _per(scale: float, top: float, bottom: float | None) -> float:
    return scale * top / bottom if bottom else math.nan


_RECOMPUTE: dict[str, Callable[[float, float | None], float]] = {
    "count": lambda n, _: n,
    "rank": lambda n, _: n,
    "modelled": lambda n, _: n,
    "difference": lambda n, d: n - (d or 0.0),
    "per_1000": lambda n, d: _per(1000, n, d),
    "share": lambda n, d: _per(100, n, d),
    "ratio": lambda n, d: _per(1, n, d),
    "percent": _change,
    "z": lambda n, d: 2 * (math.sqrt(n) - math.sqrt(d or 0.0)),
}


@dataclass(frozen=True, slots=True)
class Claimant:
    """Makes claims about one source, so that callers name it once; `made` has them in order."""

    source: str
    window: Window | None = None
    made: list[Claim] = field(default_factory=list)

    def _keep(
        self,
        name: str,
        unit: Unit,
        n: float,
        d: float | None = None,
        window: Window | None = None,
        base: Window | None = None,
        basis: str = "",
    ) -> Claim:
        value = _RECOMPUTE[unit](n, d)
        claim = Claim(name, value, unit, n, d, window or self.window, self.source, base, basis)
        self.made.append(claim)
        return claim

    def count(self, name: str, n: float, window: Window | None = None, basis: str = "") -> Claim:
        """`n` things recorded in the window."""
        return self._keep(name, "count", n, window=window, basis=basis)

    def rank(self, name: str, n: float, among: float | None = None, window: Window | None = None) -> Claim:
        """Place `n` (1 = highest) among so many."""
        return self._keep(name, "rank", n, among, window)

    def modelled(self, name: str, value: float, basis: str = "", learned: Window | None = None) -> Claim:
        """What a model or a spread says: an expected count, an end of its range, a probability.

        It is no quotient of two counts; `learned` are the months behind it.
        """
        return self._keep(name, "modelled", value, base=learned, basis=basis)

    def rate(self, name: str, n: float, people: float, basis: str, window: Window | None = None) -> Claim:
        """`n` per 1,000 of `people`; `basis` says who they are and of which year. ValueError without any."""
        if not people > 0:
            raise ValueError(f"{name}: no rate without people to divide by")
        return self._keep(name, "per_1000", n, people, window, basis=basis)

    def ratio(self, name: str, n: float, d: float, basis: str, window: Window | None = None) -> Claim:
        """`n` for each of `d`, as the mean count of so many areas. ValueError over nothing."""
        if not d > 0:
            raise ValueError(f"{name}: no ratio over nothing")
        return self._keep(name, "ratio", n, d, window, basis=basis)

    def share(self, name: str, part: float, whole: float, basis: str, window: Window | None = None) -> Claim:
        """`part` as a percentage of `whole`. ValueError where it is more than the whole, or of nothing."""
        if not whole > 0:
            raise ValueError(f"{name}: no share of nothing")
        return self._keep(name, "share", part, whole, window, basis=basis)

    def difference(
        self, name: str, new: float, old: float, window: Window | None = None, base: Window | None = None
    ) -> Claim:
        """`new` less `old`: a change in things, or an excess over what was expected."""
        return self._keep(name, "difference", new, old, window, base)

    def change(self, name: str, new: float, old: float, window: Window, base: Window | None) -> Claim | None:
        """The percentage change from `old`; None on a base under 30, where a percentage only misleads."""
        return self._keep(name, "percent", new, old, window, base) if old >= PERCENT_BASE else None

    def z(self, name: str, new: float, old: float, window: Window, base: Window) -> Claim:
        """2(sqrt(new) - sqrt(old)): about normal when nothing changed (Freeman and Tukey 1950).

        Each root has a variance of about 1/4, so it has 2. See UNUSUAL_Z for how often a threshold errs.
        """
        return self._keep(name, "z", new, old, window, base)
