"""What earlier months teach later ones: a level that moved for good, a one-off that people confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from jobs.counting.cubes import Cubes
from jobs.facts import AlertFacts
from jobs.folder.library import SHIPPED, load_rule
from jobs.judging.evaluate import evaluate
from jobs.judging.known import context_for
from jobs.sources.base import BadRow
from jobs.store.engine import Store
from jobs.store.findings import list_alerts
from jobs.store.people import give_feedback
from rules.context import Context
from rules.guards import ASIDE_NOW
from rules.judgement import Judgement
from rules.model import Month
from rules.spec import Rule
from tests.integration import small_county as small
from tests.integration.small_county import DISTRICT, HOME_UNITS, NOON, OTHER_UNITS, SmallHouse, put
from tests.unit.small_cube import SPIKE

STEP = load_rule(Path(SHIPPED) / "step-change.toml")
MONTHS = small.months("2018-01", 54)  # to June 2022
PLACE, ELSEWHERE = HOME_UNITS[0], OTHER_UNITS[0]


class WithSteps(SmallHouse):
    """The small house with the rule about levels that moved."""

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        return (SPIKE, STEP)


def judged(store: Store, counts: Mapping[str, int]) -> tuple[WithSteps, list[AlertFacts]]:
    """Violence in one district of two, all months but those given alike; every month judged in turn."""
    own = small.house(store, small.source())
    house = WithSteps(**{k: getattr(own, k) for k in own.__dataclass_fields__})
    cells = {("violence", PLACE, m): counts.get(m, 60 + 3 * (i % 3)) for i, m in enumerate(MONTHS)}
    cells |= {("violence", ELSEWHERE, m): 600 + 10 * (i % 4) for i, m in enumerate(MONTHS)}
    with store.write() as connection:
        put(connection, "open", cells)
    return house, [f for j in evaluate(house, ring_all=True) for f in j.findings]


def known(house: SmallHouse, month: str) -> Context:
    with house.store.read() as connection:
        return context_for(connection, house, house.partnership.source("open"), Month.parse(month))


def test_a_new_level_is_what_later_months_are_judged_by_and_no_earlier_ones(store: Store) -> None:
    """Half as much again from July 2020 on."""
    house, found = judged(store, {m: 92 + 3 * (i % 3) for i, m in enumerate(MONTHS) if m >= "2020-07"})
    first = next(f for f in found if f.rule == STEP.id and f.area == DISTRICT)
    begins = Month.parse(first.month) + (1 - first.span)
    assert str(begins) in {"2020-06", "2020-07", "2020-08"}
    assert ("violence", DISTRICT, begins) in known(house, str(Month.parse(first.month) + 1)).restarts
    later = [f for f in found if f.area == DISTRICT and f.month > str(Month.parse(first.month) + 2)]
    assert later == [], "the new level is no news month after month"
    earliest = next(f for f in found if f.rule == STEP.id)
    assert known(house, earliest.month).restarts == (), "no month knows of what was found in it or later"


def test_a_one_off_that_people_call_real_leaves_the_baseline_and_noise_does_not(store: Store) -> None:
    house, found = judged(store, {"2021-06": 160})
    spike = next(f for f in found if f.rule == SPIKE.id and f.month == "2021-06")
    cell = (spike.series, spike.area, Month.parse("2021-06"))
    assert known(house, "2022-06").confirmed == frozenset()
    with store.write() as connection:
        wanted = f"{SPIKE.id}|{spike.series}|{spike.area}"
        alert = next(a.id for a in list_alerts(connection) if a.fingerprint == wanted)
        give_feedback(connection, alert, "U1", SPIKE.id, "known", NOON)
    assert cell in known(house, "2022-06").confirmed
    assert known(house, "2021-06").confirmed == frozenset(), "a replay has no hindsight"
    with store.write() as connection:
        give_feedback(connection, alert, "U2", SPIKE.id, "noise", NOON)
    assert known(house, "2022-06").confirmed == frozenset()


def test_a_question_is_judged_by_what_people_and_extracts_say_by_then(store: Store) -> None:
    """The judgement is kept from one question to the next, and made anew as soon as either says more."""
    house, found = judged(store, {"2021-06": 160})

    def asked() -> Judgement:
        with store.read() as connection:
            told = Cubes(connection, house).judged(house.partnership.source("open"), Month(2022, 6))
        assert told is not None
        return told

    first = asked()
    assert asked() is first
    spike = next(f for f in found if f.rule == SPIKE.id and f.month == "2021-06")
    with store.write() as connection:
        wanted = f"{SPIKE.id}|{spike.series}|{spike.area}"
        alert = next(a.id for a in list_alerts(connection) if a.fingerprint == wanted)
        give_feedback(connection, alert, "U1", SPIKE.id, "known", NOON)
    second = asked()
    cell = (spike.series, spike.area, Month(2021, 6))
    assert (cell in first.context.confirmed, cell in second.context.confirmed) == (False, True)
    s, a = second.cube.series.index(spike.series), second.cube.areas.index(spike.area)
    assert second.here.mean[s, a] != first.here.mean[s, a]
    with store.write() as connection:
        put(connection, "open", {("violence", PLACE, "2022-06"): 150})
    assert (second.counts[s, a], asked().counts[s, a]) == (60 + 3 * ((len(MONTHS) - 1) % 3), 150)


def test_rows_set_aside_are_known_by_month_and_said_beside_an_alert(store: Store) -> None:
    house, found = judged(store, {"2022-06": 160})
    assert known(house, "2022-06").aside == {}
    assert [f.caveats for f in found if f.month == "2022-06" and f.area == DISTRICT] != []
    assert not [f for f in found if ASIDE_NOW in f.caveats]
    cells = {("violence", PLACE, "2022-06"): 150, ("violence", ELSEWHERE, "2022-06"): 600}
    bad = [BadRow(line, "month-mismatch", "x") for line in range(50)]
    with store.write() as connection:
        put(connection, "open", cells, rows=800, bad=bad)
    assert known(house, "2022-06").aside == {Month(2022, 6): 50 / 800}
    assert known(house, "2022-05").aside == {}, "a replay has no hindsight"
    again = [f for j in evaluate(house, ring_all=True) for f in j.findings if f.month == "2022-06"]
    assert 150 in {f.count for f in again}
    assert all(ASIDE_NOW in f.caveats for f in again)
