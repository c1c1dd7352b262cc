"""The only door to the law: rules, a cube, a month and a context in; findings out."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from rules.context import Context
from rules.detectors.choose import Hit
from rules.detectors.registry import DETECTORS
from rules.findings import Finding
from rules.guards import guarded
from rules.judgement import Judgement, judge, verdict
from rules.model import AreaKind, Breadth, Cube, Month, Severity, Verdict
from rules.spec import Rule

_WIDTH: dict[AreaKind, Breadth] = {AreaKind.COUNTY: "county", AreaKind.DISTRICT: "district"}
_LEVEL_WEIGHT = {AreaKind.COUNTY: 1.5, AreaKind.DISTRICT: 1.5, AreaKind.SITE: 1.2}


def evaluate(rules: Sequence[Rule], cube: Cube, month: Month, context: Context) -> tuple[Finding, ...]:
    """Every rule on every series and area in its scope; children folded into parents; loudest first."""
    return find(rules, judge(cube, context, month)) if cube.first <= month <= cube.last else ()


def find(rules: Sequence[Rule], judged: Judgement) -> tuple[Finding, ...]:
    """The same for a month that has been judged already."""
    found = [
        kept for rule in rules for hit in DETECTORS[rule.detector].detect(rule, judged)
        if (kept := guarded(judged, _finding(rule, judged, hit))) is not None
    ]  # fmt: skip
    return tuple(sorted(_fold(found, judged.context), key=lambda f: (-f.score, f.fingerprint)))


def _finding(rule: Rule, judged: Judgement, hit: Hit) -> Finding:
    context = judged.context
    series = context.series[judged.cube.series[hit.series]]
    area = context.areas[judged.cube.areas[hit.area]]
    here = judged.expected(hit.series, hit.area, "here")
    share = judged.expected(hit.series, hit.area, "county")
    expected = hit.expected or here or share
    assert expected is not None, "a detector fired where nothing was expected"
    said = verdict(expected, rule.direction)
    strong = said in {Verdict.MUCH_HIGHER, Verdict.MUCH_LOWER}
    severity = min(
        3, rule.route.severity + int(strong and series.harm >= 2) + int(strong and series.harm >= 3)
    )
    events = context.events_in(area.code, judged.month)
    evidence = min(-math.log10(max(hit.p, 1e-12)), 12.0)
    return Finding(
        rule=rule.id, rule_version=rule.version, series=series.id, area=area.code, month=judged.month,
        count=int(judged.counts[hit.series, hit.area]) if hit.count is None else hit.count,
        span=hit.span, expected=expected, verdict=said,
        severity=Severity(severity), direction=rule.direction,
        score=severity * evidence * _LEVEL_WEIGHT.get(area.kind, 1.0),
        scope=_WIDTH.get(area.kind, "local"),
        against=share if expected is not share else None,
        event=hit.event or (events[0].uid if events else ""),
        note=hit.note,
        caveats=tuple(c for c in (expected.caveat, series.note) if c),
        also=tuple(judged.cube.areas[a] for a in hit.also),
        claims=hit.claims,
    )  # fmt: skip


def _within(f: Finding, g: Finding, context: Context) -> bool:
    """Whether f is part of g: about the same, in a smaller place, or in the same place and less loud."""
    if f.series != g.series or f.direction != g.direction:
        return False
    if f.area == g.area:
        return (g.score, f.rule) > (f.score, g.rule)
    own = context.areas[f.area].units
    return bool(own) and own < context.areas[g.area].units


def _makes(part: Finding, whole: Finding) -> bool:
    """Whether the district's movement is at least half of the county's."""
    excess, total = part.count - part.expected.mean, whole.count - whole.expected.mean
    return part.scope == "district" and part.direction == whole.direction and abs(excess) >= abs(total) / 2


def _fold(found: list[Finding], context: Context) -> Iterator[Finding]:
    """A finding whose area lies inside that of another about the same series and direction is its child.

    The parent is the smallest such area, so that a chain county > district > MSOA > LSOA hangs together.
    An event finding keeps its place's own news: the month's spike there folds into it.
    """
    children: dict[str, list[str]] = {}
    parents: dict[str, str] = {}
    for f in found:
        around = [g for g in found if g is not f and _within(f, g, context)]
        # Everybody rising is one county-wide finding, told as such; a local rise beyond it stands alone,
        # and one that makes most of the county's rise is the news.
        around = [g for g in around if g.scope != "county"]
        if f.scope == "county":
            around = [g for g in found if g.series == f.series and _makes(g, f)]
        if around:
            nearest = min(around, key=lambda g: (len(context.areas[g.area].units), g.fingerprint))
            parents[f.fingerprint] = nearest.fingerprint
            children.setdefault(nearest.fingerprint, []).append(f.fingerprint)
    for f in found:
        up = parents.get(f.fingerprint)
        yield replace(f, parents=(up,) if up else (), children=tuple(sorted(children.get(f.fingerprint, ()))))
