"""Alerts from findings: told again the same, one open alert a fingerprint."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from jobs.store.engine import Store
from jobs.store.tables import alert_events, alerts
from rules.lifecycle import episodes
from rules.model import Month
from tests.integration import small_county as small
from tests.integration.small_county import DISTRICT
from tests.integration.story import A, B, C, Fired, Story
from tests.unit.facts_samples import alert

JAN, FEB, MAR, APR, MAY, JUN = small.months("2022-01", 6)


def test_a_finding_becomes_an_alert_and_a_post(make: Any) -> None:
    with make() as story:
        (rung,) = story.told(JUN, Fired())
        assert (rung.facts.id, rung.facts.status, rung.facts.revision) == ("A-2022-06-01", "new", 1)
        assert rung.channels == ("all",)
        assert story.posts() == {"alert:A-2022-06-01": ("alert", 1)}
        shown = story.shown("alert:A-2022-06-01")
        assert (shown.id, shown.count, shown.months_running) == ("A-2022-06-01", 9, 1)
        (row,) = story.alerts()
        assert (str(row.opened), str(row.last), row.ended) == (JUN, JUN, None)


def test_told_again_nothing_changes(make: Any) -> None:
    with make() as story:
        story.told(MAY, Fired(), Fired(B, severity=2))
        story.told(JUN, Fired())
        before = (story.alerts(), story.posts())
        diary = story.connection.execute(select(alert_events).order_by(alert_events.c.id)).all()
        for _ in range(2):
            assert story.settle(JUN) == []
        assert (story.alerts(), story.posts()) == before
        assert story.connection.execute(select(alert_events).order_by(alert_events.c.id)).all() == diary


def test_a_second_month_continues_the_same_alert(make: Any) -> None:
    with make() as story:
        story.told(MAY, Fired())
        (rung,) = story.told(JUN, Fired(count=12))
        assert (rung.facts.id, rung.facts.status, rung.facts.months_running) == (
            "A-2022-05-01",
            "continuing",
            2,
        )
        assert story.posts() == {"alert:A-2022-05-01": ("alert", 2)}
        assert story.shown("alert:A-2022-05-01").count == 12


@pytest.mark.parametrize(
    ("severities", "status", "shown"),
    [
        ((1, 2), "escalated", 2),
        ((2, 1), "continuing", 2),
        ((1, 1), "continuing", 1),
        ((1, 3, 3), "continuing", 3),
        ((3, 1, 2), "continuing", 3),
    ],
)
def test_louder_than_ever_before_escalates(make: Any, severities: Any, status: str, shown: int) -> None:
    with make() as story:
        for month, severity in zip(small.months(JAN, 6), severities, strict=False):
            (rung,) = story.told(month, Fired(severity=severity))
        assert (rung.facts.status, rung.facts.severity) == (status, shown)


def test_two_normal_months_end_it_and_the_message_says_so(make: Any) -> None:
    with make() as story:
        story.told(JAN, Fired())
        assert story.told(FEB) == [], "one normal month is no end"
        (rung,) = story.told(MAR)
        assert (rung.facts.status, rung.channels) == ("ended", ("all",))
        assert story.posts() == {"alert:A-2022-01-01": ("alert", 2)}
        assert str(story.alerts()[0].ended) == MAR
        assert story.told(APR) == []
        (again,) = story.told(MAY, Fired())
        assert (again.facts.id, again.facts.status) == ("A-2022-05-01", "new"), "later it is another alert"


def test_months_that_were_not_published_do_not_end_it(make: Any) -> None:
    with make() as story:
        story.told(JAN, Fired())
        assert story.told(APR) == []
        (rung,) = story.told(JUN, Fired())
        assert (rung.facts.id, rung.facts.status) == ("A-2022-01-01", "continuing")


def test_an_owner_stays_with_the_alert(make: Any) -> None:
    with make() as story:
        story.told(MAY, Fired())
        story.connection.execute(alerts.update().values(owner="the analyst"))
        (rung,) = story.told(JUN, Fired(count=10))
        assert rung.facts.owner == story.alerts()[0].owner == "the analyst"


def test_a_history_loaded_at_once_rings_only_for_its_newest_month(make: Any) -> None:
    with make() as story:
        past = {JAN: [Fired()], FEB: [], MAR: [], APR: [Fired(B)], MAY: [Fired(B)], JUN: [Fired(B), Fired(C)]}
        for month, found in past.items():
            story.judge(month, *found)
            story.settle(month, ring=month == JUN)
        assert [(a.id, a.status) for a in story.alerts()] == [
            ("A-2022-01-01", "ended"), ("A-2022-04-01", "continuing"), ("A-2022-06-01", "new"),
        ]  # fmt: skip
        assert set(story.posts()) == {"alert:A-2022-04-01", "alert:A-2022-06-01"}
        assert all(revision == 1 for _, revision in story.posts().values())


# Revisions


def test_the_same_figures_from_another_edition_are_silent(make: Any) -> None:
    with make() as story:
        story.told(JUN, Fired())
        story.judge(JUN, Fired(more={"extract_sha256": "f" * 64}), edition=2)
        assert story.settle(JUN) == []
        assert story.posts() == {"alert:A-2022-06-01": ("alert", 1)}


def test_another_figure_edits_the_message_that_is_there(make: Any) -> None:
    with make() as story:
        story.told(JUN, Fired())
        (rung,) = story.told(JUN, Fired(count=8))
        assert (rung.facts.id, rung.facts.revision, rung.channels) == ("A-2022-06-01", 2, ("all",))
        assert story.posts() == {"alert:A-2022-06-01": ("alert", 2)}


def test_another_part_edits_the_message_too(make: Any) -> None:
    with make() as story:
        part = replace(alert(), children=(), history=())
        story.told(JUN, Fired(DISTRICT, more={"children": (part,)}))
        assert story.told(JUN, Fired(DISTRICT, more={"children": (replace(part, revision=9),)})) == []
        (rung,) = story.told(JUN, Fired(DISTRICT, more={"children": (replace(part, count=42),)}))
        assert rung.facts.children[0].count == 42


def test_a_finding_that_a_revision_takes_away_is_withdrawn_and_may_come_back(make: Any) -> None:
    with make() as story:
        story.told(JUN, Fired(), Fired(B, parent="month-spike|burglary|E02000001"))
        gone = story.told(JUN)
        assert {(r.facts.id, r.facts.status) for r in gone} == {
            ("A-2022-06-01", "withdrawn"), ("A-2022-06-02", "withdrawn"),
        }  # fmt: skip
        assert story.posts() == {"alert:A-2022-06-01": ("alert", 2)}, "what was never posted stays unposted"
        assert story.shown("alert:A-2022-06-01").status == "withdrawn"
        assert all(a.ended is not None for a in story.alerts()), "it is kept, closed, with the reason"
        assert story.settle(JUN) == []
        (back,) = story.told(JUN, Fired())
        assert (back.facts.id, back.facts.status) == ("A-2022-06-01", "new")
        assert story.posts() == {"alert:A-2022-06-01": ("alert", 3)}


def test_a_revision_that_moves_the_start_keeps_the_alert(make: Any) -> None:
    """May comes again and now shows it, too: the same open alert began a month earlier."""
    with make() as story:
        story.told(MAY)
        story.told(JUN, Fired())
        story.judge(MAY, Fired(), edition=2)
        (rung,) = story.settle(JUN)
        assert (rung.facts.id, rung.facts.status, rung.facts.months_running) == (
            "A-2022-06-01",
            "continuing",
            2,
        )
        assert story.posts() == {"alert:A-2022-06-01": ("alert", 2)}
        assert str(story.alerts()[0].opened) == MAY
        assert story.settle(JUN) == []
        story.judge(MAY)
        (rung,) = story.settle(JUN)
        assert (rung.facts.id, rung.facts.status, rung.facts.months_running) == ("A-2022-06-01", "new", 1)


def test_a_revision_may_join_two_alerts_and_part_them_again(make: Any) -> None:
    with make() as story:
        for month in (JAN, FEB, MAR, APR):
            story.told(month, *([Fired()] if month in (JAN, APR) else []))
        assert [a.status for a in story.alerts()] == ["ended", "new"]
        story.judge(FEB, Fired())
        story.settle(APR)
        live = [a for a in story.alerts() if a.status != "withdrawn"]
        assert [(a.id, str(a.opened), str(a.last)) for a in live] == [("A-2022-01-01", JAN, APR)]
        story.judge(FEB)
        story.settle(APR)
        live = [a for a in story.alerts() if a.status != "withdrawn"]
        assert [(str(a.opened), str(a.last)) for a in live] == [(JAN, JAN), (APR, APR)]


_NEWS = st.tuples(
    st.integers(0, 7), st.sets(st.sampled_from([A, B]), max_size=2), st.integers(1, 3), st.integers(8, 9)
)


def test_whatever_is_revised_the_alerts_are_those_of_a_history_told_once(sqlite_store: Store) -> None:
    own = small.source("open")
    house = small.house(sqlite_store, own, channels=[small.channel(max_messages=2)])

    @settings(max_examples=30, deadline=None)
    @given(st.lists(_NEWS, min_size=1, max_size=8))
    def the_same(news: list[tuple[int, set[str], int, int]]) -> None:
        fired: dict[str, dict[str, tuple[int, int]]] = {}
        with small.rolled_back(sqlite_store) as connection:
            story = Story(house, connection, own)
            for number, areas, severity, count in news:
                month = str(Month(2022, 1) + number)
                fired[month] = dict.fromkeys(sorted(areas), (severity, count))
                story.judge(month, *(Fired(a, severity=severity, count=count) for a in sorted(areas)))
                latest = max(fired)
                story.settle(latest)
                assert story.settle(latest) == [], "told again it changes nothing"
                live = [a for a in story.alerts() if a.status != "withdrawn"]
                judged = sorted(map(Month.parse, fired))
                wanted = [
                    (f"month-spike|burglary|{area}", e.opened, e.last, e.ended)
                    for area in (A, B)
                    for e in episodes([m for m in judged if area in fired[str(m)]], judged)
                ]
                assert sorted((a.fingerprint, a.opened, a.last, a.ended) for a in live) == sorted(wanted)
                for a in live:
                    loudest = max(
                        fired[m][a.area][0] for m in fired
                        if str(a.opened) <= m <= str(a.last) and a.area in fired[m]
                    )  # fmt: skip
                    assert a.severity == loudest
            assert len({a.id for a in story.alerts()}) == len(story.alerts())

    the_same()
