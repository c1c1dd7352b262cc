"""A rule's own examples, run: the month must fire, or stay quiet, as the file says."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from rules.context import Context
from rules.engine import evaluate
from rules.findings import Finding
from rules.model import Area, AreaKind, Classification, Cube, Event, Month, Polarity, Series
from rules.spec import Example, Rule

_UNIT, _OTHER = "unit", "other"


def failures(rule: Rule) -> Iterator[str]:
    """One sentence for each example that does not come out as it says."""
    for example in rule.example:
        fired = any(f.rule == rule.id for f in run(rule, example))
        if fired != example.fires:
            wanted, got = ("fire", "stayed quiet") if example.fires else ("stay quiet", "fired")
            yield f"{rule.id}: {example.title!r} should {wanted} but {got}"


def run(rule: Rule, example: Example) -> tuple[Finding, ...]:
    """The findings of the example's last month, in a county of one district with one place of each kind."""
    areas = {k.value: Area(k.value, k.value, k, frozenset({_UNIT})) for k in AreaKind}
    county = AreaKind.COUNTY.value
    areas[county] = Area(county, county, AreaKind.COUNTY, frozenset({_UNIT, _OTHER}))
    series = next((s for s in rule.scope.series if s != "leaves"), "example")
    topic = Series(series, series, None, Polarity.BAD, 1, Classification.PUBLIC, 0, series)
    mine, rest = np.array(example.area, dtype=float), np.array(example.county, dtype=float)
    counts = np.array([[mine + rest if code == county else mine for code in areas]])
    first = Month.parse(example.first)
    cube = Cube((series,), tuple(areas), first, counts, np.zeros((1, len(mine))))
    events = tuple(
        Event(f"event-{m}", "an event", AreaKind.SITE.value, (Month.parse(m),), held=True, verified=True)
        for m in example.event_months
    )
    context = Context(areas, {series: topic}, AreaKind.DISTRICT.value, county, events)
    return evaluate([rule], cube, cube.last, context)
