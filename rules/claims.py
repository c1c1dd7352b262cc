"""Numbers that speak: a figure never travels without its numerator, denominator and window."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from rules.month import Window

Unit = Literal["count", "per_1000", "percent", "ratio", "z", "rank", "share"]

PERCENT_BASE = 30  # product.md: a percentage only on a base of 30 or more
UNUSUAL_Z = 3.0  # below this a change between two years is "within usual variation"


@dataclass(frozen=True, slots=True)
class Claim:
    """A printed figure with what it was computed from.

    `value` is numerator (over denominator where there is one) in `unit`; `window` says which months the
    numerator covers, `base_window` which months the denominator does when they differ; `source` is the
    source id. The value is recomputable from the rest: see `recompute`.
    """

    name: str
    value: float
    unit: Unit
    numerator: float
    denominator: float | None
    window: Window
    source: str
    base_window: Window | None = None
    basis: str = ""  # what the denominator is, in words: "residents, mid-2020 estimate"

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
            "window": str(self.window),
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
    "per_1000": lambda n, d: _per(1000, n, d),
    "share": lambda n, d: _per(100, n, d),
    "ratio": lambda n, d: _per(1, n, d),
    "percent": _change,
    "z": lambda n, d: 2 * (math.sqrt(n) - math.sqrt(d or 0.0)),
}


@dataclass(frozen=True, slots=True)
class Claimant:
    """Makes claims about one source, so that callers name it once."""

    source: str
    window: Window
    made: list[Claim] = field(default_factory=list)

    def _keep(self, claim: Claim) -> Claim:
        self.made.append(claim)
        return claim

    def count(self, name: str, n: float, window: Window | None = None) -> Claim:
        """`n` things recorded in the window."""
        return self._keep(Claim(name, n, "count", n, None, window or self.window, self.source))

    def rate(self, name: str, n: float, people: float, basis: str, window: Window | None = None) -> Claim:
        """`n` per 1,000 of `people`; `basis` says who they are and of which year."""
        value = 1000 * n / people
        return self._keep(
            Claim(name, value, "per_1000", n, people, window or self.window, self.source, basis=basis)
        )

    def share(self, name: str, part: float, whole: float, basis: str, window: Window | None = None) -> Claim:
        """`part` as a percentage of `whole`."""
        value = 100 * part / whole
        return self._keep(
            Claim(name, value, "share", part, whole, window or self.window, self.source, basis=basis)
        )

    def change(self, name: str, new: float, old: float, window: Window, base: Window) -> Claim | None:
        """The percentage change from `old`; None on a base under 30, where a percentage only misleads."""
        if old < PERCENT_BASE:
            return None
        value = 100 * (new - old) / old
        return self._keep(Claim(name, value, "percent", new, old, window, self.source, base_window=base))

    def z(self, name: str, new: float, old: float, window: Window, base: Window) -> Claim:
        """2(sqrt(new) - sqrt(old)): about standard normal when nothing changed (Freeman and Tukey 1950)."""
        value = 2 * (math.sqrt(new) - math.sqrt(old))
        return self._keep(Claim(name, value, "z", new, old, window, self.source, base_window=base))
