"""`issue`: the first three questions in words, each figure made by a claim as it is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import claimed, words
from bot.answers import target
from jobs.counting.trends import Comparison, Trend
from jobs.figures.issue import Among
from jobs.figures.promises import Promise
from rules.claims import Claimant
from rules.model import Verdict, Window

if TYPE_CHECKING:
    from jobs.house import House

_TARGETS = 2


def over_time(made: Claimant, trend: Trend) -> str:
    """1: the last twelve months against those before; the last month against usual."""
    said = _years(made, trend)
    if trend.last is None:
        return f"Over time: {said}"
    month, count = trend.last
    made.count("last month", count, Window(month, month))
    if trend.expected is None:
        return f"Over time: {said} {month.words}: {count:,}; {Verdict.NO_HISTORY.value} to judge it."
    e = trend.expected
    claimed.expected(made, "last month", e.mean, e.lower, e.upper, e.window)
    made.count("baseline months", e.months, e.window)
    doubt = f" ({e.caveat})" if e.caveat else ""
    usual = words.usual(e.lower, e.upper)
    return f"Over time: {said} {month.words}: {count:,} (usual {usual}), {trend.verdict.value}{doubt}."


def _years(made: Claimant, trend: Trend) -> str:
    if trend.compared is not None:
        return _compared(made, trend.compared)
    if trend.periods:
        window, count = trend.periods[-1]
        made.count("recorded", count, window)
        return f"{count:,} recorded in {window.words}; there is no earlier period to compare."
    return "the last twelve months and the twelve before are not both whole, so they are not compared."


def _compared(made: Claimant, c: Comparison) -> str:
    made.count("now", c.new, c.window)
    made.count("before", c.old, c.base)
    said = f"{c.new:,} recorded in {c.window.words}, {c.old:,} in {c.base.words}"
    if c.broken is not None:
        return f"{said}. The two are not compared: a change of recording lies between them."
    change = words.Change(c.new, c.old)
    made.difference("difference", c.new, c.old, c.window, c.base)
    made.change("change", c.new, c.old, c.window, c.base)
    percent = f", {change.percent}" if change.percent and change.unusual else ""
    return f"{said}: {change.difference}{percent}, {change.verdict}."


def other_crimes(made: Claimant, house: House, among: Among, series: str) -> str:
    """2: its share of the basket that it is part of, and its rank there."""
    own = among.own
    if own is None:
        return "Against other crimes: its own count is withheld or not known."
    if among.parent is None:
        return f"Against other crimes: {_alone(made, house, among, series)}"
    basket = house.lexicon[among.parent].title
    said = ""
    if among.whole:
        made.share(f"share of {basket}", own, among.whole, basket)
        part = words.share(own, among.whole)
        said = f"{own:,} of {among.whole:,} in {basket}" + (f" ({part})" if part else "")
    if among.rank is not None:
        made.rank(f"rank in {basket}", among.rank, among.kinds)
        kinds = f"rank {among.rank} of its {among.kinds} kinds by count"
        said = f"{said}, {kinds}" if said else f"in {basket} {kinds}"
    elif among.kinds > 1:
        said += "; no rank, since figures of other kinds are withheld or not known" if said else ""
    if not said:
        return f"Against other crimes: this source gives nothing else of {basket} to compare with."
    return f"Against other crimes: {said}."


def _alone(made: Claimant, house: House, among: Among, series: str) -> str:
    if among.kinds and among.largest is None:
        return "it is part of no larger count, and figures of its parts are withheld or not known."
    if among.largest is None or among.whole is None or among.largest[1] > among.whole:
        return "it is part of no larger count, and this source gives no parts of it."
    part, count = among.largest
    name = house.lexicon[part].title
    if not among.whole:
        return "it is part of no larger count."
    made.share(f"share of {name}", count, among.whole, house.lexicon[series].title)
    percent = words.share(count, among.whole)
    said = f"it is part of no larger count; its largest part is {name}, {count:,} of {among.whole:,}"
    return f"{said} ({percent})." if percent else f"{said}."


def targets(made: Claimant, house: House, promises: tuple[Promise, ...]) -> str:
    """3: every target, newest first; none is an answer too."""
    if not promises:
        return "Targets: none is set for this series here."
    said = [_target(made, house, p) for p in promises[:_TARGETS]]
    if more := len(promises) - len(said):
        made.count("more targets", more)
        said.append(f"There are {more:,} older ones." if more > 1 else f"There is {more} older one.")
    return f"Targets: {' '.join(said)}"


def _target(made: Claimant, house: House, p: Promise) -> str:
    t = p.target
    name = f"“{t.title}” ({house.geography[t.area].name}, {t.window.words})"
    if p.count is None or p.so_far is None or p.goal is None:
        return f"{name}: {p.standing}. {target.why(house, p)}"
    made.made.extend(target.claims(p))
    if p.over:
        return f"{name}: {p.standing}, {p.count:,} recorded, promised {target.goal_of(p)}."
    stands = "" if p.standing == "open" else f", {p.standing}"
    return (
        f"{name}: not over yet{stands}, {p.count:,} recorded to {p.so_far.last.words}, promised "
        f"{target.goal_of(p)} at the end."
    )


def breaks(trend: Trend) -> tuple[str, ...]:
    """Registered breaks that the comparison over time touches, by name."""
    c = trend.compared
    if c is None:
        return ()
    lines = []
    if c.broken is not None:
        lines.append(f"Between the two years lies: {words.sentence(c.broken.title)}")
    if c.masked is not None:
        lines.append(words.masked(c.masked.title))
    return tuple(lines)
