"""From a finding to the facts that travel: names, ranges, history, provenance. No words."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from jobs.facts import AlertFacts, Point, SourceFacts
from rules.claims import Claimant
from rules.context import Context
from rules.findings import Finding
from rules.judgement import Judgement
from rules.model import Cube, Event, Month
from rules.spec import Rule

HISTORY = 36
_NAMED = 3  # places named where several are counted together


@dataclass(frozen=True)
class Scene:
    """Everything about one judged month that its findings share."""

    judged: Judgement
    source: SourceFacts
    sha256: str
    rules: Mapping[str, Rule]

    @property
    def context(self) -> Context:
        """Places, series, calendar."""
        return self.judged.context


def describe(finding: Finding, scene: Scene) -> AlertFacts:
    """The facts of one finding as of its own month; id, revision and status are the lifecycle's to fill."""
    context, cube = scene.context, scene.judged.cube
    series, area = context.series[finding.series], context.areas[finding.area]
    told = Claimant(scene.source.id)
    rule, expected = scene.rules[finding.rule], finding.expected
    window = expected.window
    row = _row(cube, finding.series, finding.area)
    return AlertFacts(
        id="", revision=0, rule=rule.id, rule_version=rule.version, rule_title=rule.title, why=rule.why,
        severity=int(finding.severity), status="new", months_running=1,
        series=series.id, series_title=series.title, polarity=series.polarity,
        area=area.code, area_name=_places(finding, context, told),
        area_kind=area.kind.value, visitor=context.visitor(area.code),
        month=str(finding.month), count=finding.count, expected=round(expected.mean, 2),
        lower=expected.lower, upper=expected.upper,
        p=expected.p_high if finding.direction == "rise" else expected.p_low,
        verdict=finding.verdict, direction=finding.direction,
        basis=expected.basis, baseline_months=expected.months,
        baseline_first=str(window.first) if window else "", baseline_last=str(window.last) if window else "",
        confidence=expected.confidence,
        scope=finding.scope,
        rolling=_sum(row, cube, finding.month, 12), rolling_before=_sum(row, cube, finding.month + -12, 12),
        event=event_words(context, finding.event), caveats=finding.caveats, parents=finding.parents,
        span=finding.span, note=finding.note,
        claims=(*told.made, *(replace(c, source=scene.source.id) for c in finding.claims)),
        source=scene.source, extract_sha256=scene.sha256,
        history=_history(finding, scene, row),
        district_count=_whole(cube.at(finding.series, context.district, finding.month)),
    )  # fmt: skip


def _places(finding: Finding, context: Context, told: Claimant) -> str:
    """The area's name; where several are counted together, all of them or how many."""
    name = context.areas[finding.area].name
    if not finding.also:
        return name
    if all(context.areas[a].units <= context.areas[finding.area].units for a in finding.also):
        return f"{told.count('areas counted together', len(finding.also))} areas of {name}"
    names = [name, *(context.areas[a].name for a in finding.also)]
    if len(names) > _NAMED:
        more = told.count("areas not named", len(names) - _NAMED + 1)
        names = [*names[: _NAMED - 1], f"{more} more"]
    return f"{', '.join(names[:-1])} and {names[-1]}"


def event_words(context: Context, uid: str) -> str:
    """Name and months of an event from the calendar, or nothing."""
    found: Event | None = next((e for e in context.events if e.uid == uid), None)
    if found is None:
        return ""
    place = context.areas[found.area].name
    return f"{found.name}, {place}, {days_of(found)}"


def days_of(event: Event) -> str:
    """`10 to 12 June 2022`; months where the calendar has no days."""
    if event.days is None:
        return ", ".join(m.words for m in event.months)
    first, last = event.days
    if first == last:
        return f"{first.day} {Month.of(first).words}"
    if Month.of(first) == Month.of(last):
        return f"{first.day} to {last.day} {Month.of(last).words}"
    return f"{first.day} {Month.of(first).words} to {last.day} {Month.of(last).words}"


def points(
    months: Iterable[Month],
    counts: Mapping[Month, float],
    context: Context,
    series: str,
    area: str,
    usual: Mapping[Month, tuple[float, float, float]] | None = None,
) -> tuple[Point, ...]:
    """A chart's months: counts (None where not published), usual ranges, events and breaks."""
    found = []
    for month in months:
        mean, low, high = (usual or {}).get(month, (math.nan, math.nan, math.nan))
        count, mark = _whole(counts.get(month, math.nan)), _mark(context, series, area, month)
        if math.isnan(mean):
            found.append(Point(str(month), count, mark=mark))
        else:
            found.append(Point(str(month), count, round(mean, 2), low, high, mark))
    return tuple(found)


def _history(finding: Finding, scene: Scene, row: Mapping[Month, float]) -> tuple[Point, ...]:
    judged = scene.judged
    s, a = judged.cube.series.index(finding.series), judged.cube.areas.index(finding.area)
    prediction = judged.here if finding.expected.basis == "here" else judged.share
    mean, low, high = prediction.history(s, a)
    months = [m for m in (finding.month + -(HISTORY - 1)).until(finding.month) if m >= judged.cube.first]
    usual = {
        m: (float(mean[i]), float(low[i]), float(high[i]))
        for m in months
        if not math.isnan(mean[i := m - judged.cube.first])
    }
    if finding.span == 1:
        own = finding.expected
        usual[finding.month] = (own.mean, own.lower, own.upper)
    return points(months, row, scene.context, finding.series, finding.area, usual)


def _mark(context: Context, series: str, area: str, month: Month) -> str:
    events = [e.name for e in context.events_in(area, month)]
    breaks = [b.title for b in context.breaks if b.first == month and b.touches(series, area)]
    return "; ".join(dict.fromkeys([*events, *breaks]))


def _row(cube: Cube, series: str, area: str) -> dict[Month, float]:
    return {cube.first + i: float(n) for i, n in enumerate(cube.row(series, area))}


def _sum(row: Mapping[Month, float], cube: Cube, last: Month, months: int) -> int | None:
    """The sum of the months up to `last`; None when one of them was not published."""
    wanted = (last + (1 - months)).until(last)
    if wanted[0] < cube.first:
        return None
    return _whole(sum(row[m] for m in wanted))


def _whole(value: float) -> int | None:
    return None if math.isnan(value) else int(value)
