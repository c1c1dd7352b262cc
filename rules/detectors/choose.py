"""Which series and areas a rule looks at, and what a detector gives back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from rules.baselines.pooled import Ints
from rules.claims import Claim, Claimant
from rules.findings import Expected
from rules.judgement import Judgement
from rules.model import AreaKind, Window
from rules.spec import Rule


@dataclass(frozen=True, slots=True)
class Hit:
    """Indices into the cube and the p-value that decided."""

    series: int
    area: int
    p: float
    event: str = ""
    expected: Expected | None = None  # where the detector has a baseline of its own
    note: str = ""
    count: int | None = None  # where it is not the month's own: a sum over `span` months
    span: int = 1
    also: tuple[int, ...] = ()  # areas counted together with `area` (inside it: these, and not all of it)
    claims: tuple[Claim, ...] = ()  # every figure of the note


def figures(judged: Judgement, months: int) -> Claimant:
    """For the figures of a note, over the `months` months that end with the one judged.

    A note prints the claims themselves, so that it has no figure without one. Whose they are is not known
    here: the source is filled in where the finding becomes facts.
    """
    return Claimant("", Window.ending(judged.month, months))


def earlier(judged: Judgement, months: int) -> Window:
    """The `months` months before those of `figures`."""
    return Window.ending(judged.month + -months, months)


def topics(rule: Rule, judged: Judgement) -> Iterator[int]:
    """Indices of the rule's series; `leaves` = those of the cube without children in the cube."""
    scope = rule.scope
    key = ("topics", scope.series, scope.except_series)
    yield from judged.once(key, lambda: list(_topics(rule, judged)))


def _topics(rule: Rule, judged: Judgement) -> Iterator[int]:
    series = judged.context.series
    names = judged.cube.series
    parents = {series[n].parent for n in names if n in series}
    for i, name in enumerate(names):
        wanted = name in rule.scope.series or ("leaves" in rule.scope.series and name not in parents)
        if wanted and name not in rule.scope.except_series:
            yield i


def places(rule: Rule, judged: Judgement) -> Iterator[int]:
    """Indices of the rule's areas: of its levels, inside the district (the county is always ours)."""
    yield from judged.once(("places", rule.scope.levels), lambda: list(_places(rule, judged)))


def _places(rule: Rule, judged: Judgement) -> Iterator[int]:
    context = judged.context
    for i, code in enumerate(judged.cube.areas):
        area = context.areas[code]
        # A place without LSOAs of its own (a fire ground) is ours when it lies in our district.
        ours = area.units <= context.home if area.units else area.parent == context.district
        if area.kind in rule.scope.levels and (area.kind is AreaKind.COUNTY or ours):
            yield i


def levels(rule: Rule, judged: Judgement) -> Iterator[Ints]:
    """`places`, those of one kind at a time: many looks are judged together within their level."""
    chosen = list(places(rule, judged))
    kinds = [judged.context.areas[judged.cube.areas[a]].kind for a in chosen]
    for kind in dict.fromkeys(kinds):
        yield np.array([a for a, k in zip(chosen, kinds, strict=True) if k is kind], dtype=np.intp)


def families(rule: Rule, judged: Judgement) -> Iterator[tuple[Ints, Ints]]:
    """Looks that are judged together, `topics` x `places`, as indices to cut an array with.

    Together are places of one level and series of one: those that are sums of others in the cube, or those
    that are not. A sum is no further look at what it is made of but one from higher up (the levels of a
    hierarchy are families of their own: Yekutieli 2008, J. Am. Statist. Assoc. 103, 309-316).
    """
    names, known = judged.cube.series, judged.context.series
    parents = {known[n].parent for n in names if n in known}
    chosen = list(topics(rule, judged))
    for sums in (False, True):
        series = [s for s in chosen if (names[s] in parents) is sums]
        for level in levels(rule, judged) if series else ():
            s, a = np.ix_(np.array(series, dtype=np.intp), level)
            yield s, a
