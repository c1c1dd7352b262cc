"""What of a closed source's alert is stored to be told: facts in, facts out, where findings are stored.

The rules judge the true counts. Told are only figures that the source's plan tells (`jobs/counting/planned`):
everything later (messages, `why`, lists, digest) reads the stored facts and cannot tell more.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from jobs.attention.clearance import class_of
from jobs.counting.families import closed
from jobs.counting.feeds import Feed, feeds
from jobs.counting.planned import released
from jobs.counting.released import Cell, Released
from jobs.facts import AlertFacts, Point
from jobs.folder.partnership import SourceSettings
from jobs.house import House
from jobs.store.engine import Connection
from rules.claims import Claim, Claimant
from rules.disclosure import Mark
from rules.model import AreaKind, Classification, Month, Window

_WHOLE = (AreaKind.DISTRICT.value, AreaKind.COUNTY.value)
_NAMES = ("areas counted together", "areas not named")  # claims that stand in an area's name


@dataclass(frozen=True)
class Veil:
    """One look at one source; its plans are made once."""

    connection: Connection
    house: House
    source: SourceSettings
    _plans: dict[str, Released | None] = field(default_factory=dict)

    def hides(self, facts: AlertFacts) -> bool:
        """Whether nothing at all may be told: a sensitive series in a place smaller than a district."""
        class_ = class_of(self.source, facts.series, self.house.lexicon)
        return class_ is Classification.SENSITIVE and facts.area_kind not in _WHOLE

    def over(self, facts: AlertFacts) -> AlertFacts:
        """The facts as they may be told."""
        if not closed(self.source):
            return facts
        last = Month.parse(facts.month)
        cell = self._cell(facts, Window.ending(last, facts.span))
        years = [self._cell(facts, Window.ending(m, 12)).value for m in (last, last + -12)]
        rolling, before = (None if math.isnan(n) else int(n) for n in years)
        judged = cell.mark.told and facts.span == 1 and facts.area_kind in _WHOLE
        return replace(
            facts,
            count=int(cell.value) if cell.mark.told else None,
            hidden=self._said(facts.series, cell),
            expected=_rounded(facts.expected, round) if judged else None,
            lower=_rounded(facts.lower, math.floor) if judged else None,
            upper=_rounded(facts.upper, math.ceil) if judged else None,
            p=None, rolling=rolling, rolling_before=before, note="", district_count=None,
            caveats=tuple(c for c in facts.caveats if not re.search(r"\d", c)),
            claims=(*_of_name(facts.claims), *self._threshold(facts, cell)),
            history=self._history(facts) if judged else (),
            source=facts.source.told(),
        )  # fmt: skip

    def _cell(self, facts: AlertFacts, window: Window) -> Cell:
        plan = self._plan(facts.series)
        known = plan is not None and all(m in plan.family.periods.get(facts.series, ())
                                         for m in window.first.until(window.last))  # fmt: skip
        if plan is None or not known or plan.family.span != 1:
            return Cell(math.nan, Mark.CROSSED)
        return plan.figure(facts.series, facts.area, window)

    def _plan(self, series: str) -> Released | None:
        """The plan of the series' family; none for sources judged together, whose figures are of several."""
        if series not in self._plans:
            own = self._feed(series)
            self._plans[series] = released(self.connection, own) if own is not None else None
        return self._plans[series]

    def _feed(self, series: str) -> Feed | None:
        found = feeds(self.connection, self.house, series, None)
        return next((f for f in found if f.source.id == self.source.id and f.span == 1), None)

    def _said(self, series: str, cell: Cell) -> str:
        below = self._below(series)
        if cell.mark.told:
            return ""
        return {Mark.SMALL: f"fewer than {below}", Mark.COVER: f"{below} or more"}.get(cell.mark, "withheld")

    def _below(self, series: str) -> int:
        plan = self._plan(series)
        return plan.family.below if plan is not None else self.house.partnership.suppress_below

    def _threshold(self, facts: AlertFacts, cell: Cell) -> tuple[Claim, ...]:
        if cell.mark not in (Mark.SMALL, Mark.COVER):
            return ()
        return (Claimant(self.source.id).count("smallest figure told", self._below(facts.series)),)

    def _history(self, facts: AlertFacts) -> tuple[Point, ...]:
        """The months as they are told; a usual range for the last alone."""
        return tuple(self._point(facts, p, last=p.month == facts.month) for p in facts.history)

    def _point(self, facts: AlertFacts, p: Point, *, last: bool) -> Point:
        plan, month = self._plan(facts.series), Month.parse(p.month)
        cell = self._cell(facts, Window(month, month))
        bare = Point(p.month, int(cell.value) if cell.mark.told else None, mark=p.mark)
        if p.count is not None and plan is not None and not cell.mark.told:
            bare = replace(bare, hidden=plan.family.said(cell.mark))
        if not last:
            return bare
        return replace(
            bare, expected=_rounded(p.expected, round), lower=_rounded(p.lower, math.floor),
            upper=_rounded(p.upper, math.ceil),
        )  # fmt: skip


def _rounded(value: float | None, whole: Callable[[float], int]) -> float | None:
    """Decimals would tell more of the months behind them."""
    return None if value is None else float(whole(value))


def _of_name(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    return tuple(c for c in claims if c.name in _NAMES)
