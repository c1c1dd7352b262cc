"""A rule's own examples, run: the month must fire, or stay quiet, as the file says."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from rules.context import Context
from rules.engine import evaluate
from rules.findings import Finding
from rules.model import Area, AreaKind, Classification, Cube, Event, Month, Polarity, Series
from rules.month import Window
from rules.spec import Example, Rule
from rules.targets import Target

_HOME = ("mine", "near", "other")
# Several, so that no single one is most of the county: its share of the rest would be no share at all.
_RESTS = tuple(f"rest{i}" for i in range(1, 5))
_REST = (*_RESTS, *(f"peer{i}" for i in range(1, 7)))


def failures(rule: Rule) -> Iterator[str]:
    """One sentence for each example that does not come out as it says."""
    for example in rule.example:
        fired = any(f.rule == rule.id for f in run(rule, example))
        if fired != example.fires:
            wanted, got = ("fire", "stayed quiet") if example.fires else ("stay quiet", "fired")
            yield f"{rule.id}: {example.title!r} should {wanted} but {got}"


def run(rule: Rule, example: Example) -> tuple[Finding, ...]:
    """The findings of the example's last month, in a small county made for it."""
    main = next((s for s in rule.scope.series if s != "leaves"), "example")
    given = {f"{main}@mine": example.area, f"{main}@rest": example.county, **example.counts}
    given = dict(_each(given))
    series = tuple(dict.fromkeys(key.partition("@")[0] for key in given))
    months = len(next(iter(given.values())))
    more = sorted({place for _, _, place in (k.partition("@") for k in given)} - {*_HOME, *_REST, "rest"})
    units = {u: i for i, u in enumerate((*_HOME, *more, *_REST))}
    small = np.zeros((len(series), len(units), months))
    for key, counts in given.items():
        name, _, place = key.partition("@")
        for unit in _RESTS if place == "rest" else (place,):
            small[series.index(name), units[unit]] = np.array(counts) / (
                len(_RESTS) if place == "rest" else 1
            )
    areas = _areas(more)
    member = np.array([[float(u in a.units) for u in units] for a in areas.values()])
    first = Month.parse(example.first)
    cube = Cube(
        series, tuple(areas), first, np.einsum("au,sut->sat", member, small), np.zeros((len(series), months))
    )
    context = Context(
        areas,
        {s: _series(s, example.parents.get(s), good=s in example.good) for s in series},
        AreaKind.DISTRICT.value,
        AreaKind.COUNTY.value,
        _events(example),
        targets=_targets(example, main),
        neighbours={"mine": frozenset({"near"}), "near": frozenset({"mine"})},
        people={code: 1000.0 * len(area.units) for code, area in areas.items()},
    )
    return evaluate([rule], cube, cube.last, context)


def _each(given: dict[str, tuple[int, ...]]) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Lists that are given, `home1..home9` told apart; a later key overrides an earlier one."""
    for key, counts in given.items():
        name, _, place = key.partition("@")
        first, dots, last = place.partition("..")
        if not dots and counts:
            yield key, counts
        for i in range(int(first.removeprefix("home")), int(last.removeprefix("home")) + 1) if dots else ():
            yield f"{name}@home{i}", counts


def _areas(more: list[str]) -> dict[str, Area]:
    """A county of eight districts; in ours three LSOAs and `more`; `mine` is every other kind of place."""
    found = {u: Area(u, u, AreaKind.LSOA, frozenset({u})) for u in (*_HOME, *more, *_REST)}
    small = [k for k in AreaKind if k not in {AreaKind.LSOA, AreaKind.DISTRICT, AreaKind.COUNTY}]
    found |= {k.value: Area(k.value, k.value, k, frozenset({"mine"})) for k in small}
    home, county = AreaKind.DISTRICT, AreaKind.COUNTY
    found[home.value] = Area(home.value, home.value, home, frozenset({*_HOME, *more}))
    found |= {f"district-{u}": Area(f"district-{u}", u, home, frozenset({u})) for u in _REST}
    found[county.value] = Area(county.value, county.value, county, frozenset({*_HOME, *more, *_REST}))
    return found


def _series(name: str, parent: str | None, *, good: bool) -> Series:
    polarity = Polarity.GOOD if good else Polarity.BAD
    return Series(name, name, parent, polarity, 1, Classification.PUBLIC, 0, name)


def _events(example: Example) -> tuple[Event, ...]:
    return tuple(
        Event(f"event-{m}", "an event", AreaKind.SITE.value, (Month.parse(m),), held=True, verified=True)
        for m in example.event_months
    )


def _targets(example: Example, series: str) -> tuple[Target, ...]:
    made = example.promise
    if made is None:
        return ()
    first = Month.parse(made.first)
    window = Window(first, first + (made.months - 1))
    return (
        Target(
            "promise", "a promise", series, made.area, made.baseline, None, made.percent, None,
            made.direction, window, "the example",
        ),
    )  # fmt: skip
