"""Alerts from findings: told again the same, one open alert a fingerprint, and who hears of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from jobs.evaluate import evaluate, evaluate_within
from jobs.facts import ALERT
from jobs.partnership import SourceSettings
from jobs.store.engine import Store
from jobs.store.tables import alert_events, alerts
from rules.lifecycle import episodes
from rules.model import Month
from tests.integration import small_county as small
from tests.integration.small_county import DISTRICT, HOME_UNITS, NOON, OTHER_UNITS, put
from tests.integration.story import A, B, C, Fired, Story
from tests.unit.facts_samples import alert

JAN, FEB, MAR, APR, MAY, JUN = small.months("2022-01", 6)


@pytest.fixture
def make(store: Store) -> Any:
    """`with make(channels=...) as story`: a story in a transaction of its own."""
    from contextlib import contextmanager

    @contextmanager
    def started(*channels: Any, source: SourceSettings | None = None) -> Any:
        own = source or small.source("open")
        house = small.house(store, own, channels=channels or (small.channel(),))
        with store.write() as connection:
            yield Story(house, connection, own)

    return started


# The life of an alert


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


# Who hears of it


def test_at_most_five_messages_a_run_and_the_rest_in_one_line(make: Any) -> None:
    found = [Fired(area, score=20.0 - n) for n, area in enumerate(HOME_UNITS[:8])]
    with make() as story:
        story.told(JUN, *found)
        keys = [f"alert:A-2022-06-0{n}" for n in range(1, 6)]
        assert story.posts() == dict.fromkeys(keys, ("alert", 1)) | {"rollup:open:2022-06": ("rollup", 1)}
        assert [story.shown(k).area for k in keys] == list(HOME_UNITS[:5]), "the loudest come first"
        names = {f"burglary, {story.house.geography[a].name}" for a in HOME_UNITS[5:8]}
        assert story.rolled_up(JUN) == (3, names)
        assert story.settle(JUN) == []


def test_a_revision_of_one_lower_signal_leaves_the_others_in_the_line(make: Any) -> None:
    found = [Fired(area, score=20.0 - n) for n, area in enumerate(HOME_UNITS[:8])]
    with make() as story:
        story.told(JUN, *found)
        before = story.rolled_up(JUN)
        story.told(JUN, *found[:5], replace(found[5], count=10), *found[6:])
        assert story.rolled_up(JUN) == before
        story.told(JUN, *found[:7])
        assert story.rolled_up(JUN)[0] == 2, "one was withdrawn"


def test_the_cap_is_the_channels_whatever_the_source(make: Any) -> None:
    """Two sources in one month share the five, also for alerts that began in an earlier month."""
    other = small.source("second")
    with make(small.channel(max_messages=3)) as story:
        second = Story(story.house, story.connection, other)
        story.judge(MAY, *(Fired(a) for a in HOME_UNITS[:3]))
        story.settle(MAY, ring=False)
        story.told(JUN, *(Fired(a) for a in HOME_UNITS[:3]))
        assert len(story.posts()) == 3
        second.told(JUN, *(Fired(a, "drugs") for a in HOME_UNITS[:2]))
        assert sum(kind == "alert" for kind, _ in story.posts().values()) == 3
        assert second.rolled_up(JUN)[0] == 2


def test_a_signal_that_did_not_fit_may_be_posted_the_month_after(make: Any) -> None:
    with make(small.channel(max_messages=1)) as story:
        story.told(MAY, Fired(A, score=9), Fired(B, score=8))
        assert set(story.posts()) == {"alert:A-2022-05-01", "rollup:open:2022-05"}
        story.told(JUN, Fired(B, score=8))
        assert "alert:A-2022-05-02" in story.posts()


def test_the_room_goes_to_news_before_what_goes_on(make: Any) -> None:
    """Five months running weighs a quarter of news as loud."""
    with make(small.channel(max_messages=1)) as story:
        for month in (FEB, MAR, APR, MAY):
            story.judge(month, Fired(A, score=9))
            story.settle(month, ring=False)
        rung = story.told(JUN, Fired(A, score=9), Fired(B, score=5))
        assert {r.facts.area: r.channels for r in rung} == {A: (), B: ("all",)}


def test_the_room_goes_to_the_partnerships_priorities_first(make: Any) -> None:
    with make(small.channel(max_messages=1)) as story:
        own = story.house.partnership
        wants = own.digest.model_copy(update={"priorities": ("drugs",)})
        story.house.__dict__["partnership"] = own.model_copy(update={"digest": wants})
        rung = story.told(JUN, Fired(A, "burglary", score=9), Fired(B, "drugs", score=8))
        assert {r.facts.series: r.channels for r in rung} == {"burglary": (), "drugs": ("all",)}


def test_a_part_is_kept_and_not_posted_until_it_stands_alone(make: Any) -> None:
    whole = Fired("E02000001", score=9)
    with make() as story:
        rung = story.told(MAY, whole, Fired(A, parent=whole.print))
        assert [r.channels for r in rung] == [("all",), ()]
        assert [(a.area, a.parent) for a in story.alerts()] == [("E02000001", None), (A, whole.print)]
        assert set(story.posts()) == {"alert:A-2022-05-01"}
        story.told(JUN, Fired(A, count=30))
        assert set(story.posts()) == {"alert:A-2022-05-01", "alert:A-2022-05-02"}


@pytest.mark.parametrize(
    ("settings_", "heard"),
    [
        ({}, [A, C, DISTRICT, OTHER_UNITS[0]]),
        ({"areas": ("town-coalville",)}, [A]),
        ({"areas": (DISTRICT,)}, [A, C, DISTRICT]),
        ({"areas": (C,)}, [C]),
        ({"areas": ("E02000001", "E02000020")}, [A, OTHER_UNITS[0]]),
        ({"series": ("drugs",)}, [C]),
        ({"series": ("drugs",), "areas": (A,)}, []),
        ({"min_severity": 2}, [DISTRICT]),
        ({"min_severity": 3}, []),
    ],
)
def test_channels_hear_what_they_asked_for(make: Any, settings_: dict[str, Any], heard: list[str]) -> None:
    with make(small.channel("all"), small.channel("own", **settings_)) as story:
        story.told(
            JUN, Fired(A), Fired(C, "drugs"), Fired(DISTRICT, severity=2), Fired(OTHER_UNITS[0], "robbery")
        )
        assert {story.shown(k, "own").area for k in story.posts("own")} == set(heard)
        assert len(story.posts("all")) == 4, "one channel's wishes are not another's"


def test_a_station_is_in_its_district(make: Any) -> None:
    """A fire ground has no LSOAs of its own; its district's channel hears of it all the same."""
    with make(small.channel("own", areas=(DISTRICT,))) as story:
        story.told(JUN, Fired(small.STATIONS[0], "fires-secondary"))
        assert len(story.posts("own")) == 1


@pytest.mark.parametrize(
    ("class_", "series", "readers"),
    [
        ("public", "burglary", {"public", "partner", "sensitive"}),
        ("public", "domestic", {"public", "partner", "sensitive"}),  # published figures are public
        ("partner", "fires-secondary", {"partner", "sensitive"}),
        ("partner", "domestic-incidents", {"sensitive"}),
        ("partner", "hate-offences", {"sensitive"}),
        ("sensitive", "burglary", {"sensitive"}),
    ],
)
def test_no_channel_hears_of_what_its_readers_may_not_see(
    make: Any, class_: str, series: str, readers: set[str]
) -> None:
    channels = [small.channel(c, clearance=c) for c in ("public", "partner", "sensitive")]
    with make(*channels, source=small.source("open", classification=class_)) as story:
        story.told(JUN, Fired(DISTRICT, series))
        assert {c.id for c in channels if story.posts(c.id)} == readers
        story.told(JUN, Fired(DISTRICT, series, count=10))
        assert {c.id for c in channels if story.posts(c.id)} == readers


def test_lower_signals_are_named_only_to_readers_who_may_know(make: Any) -> None:
    channels = [small.channel(c, clearance=c, max_messages=0) for c in ("public", "partner")]
    with make(*channels, source=small.source("open", classification="partner")) as story:
        story.told(JUN, Fired(A, "fires-secondary"), Fired(DISTRICT, "domestic-incidents"))
        assert story.posts("public") == {}
        assert story.rolled_up(JUN, "partner")[1] == {f"fires-secondary, {story.house.geography[A].name}"}


def test_two_sources_of_one_series_have_alerts_of_their_own(make: Any) -> None:
    """The council's and the police's anti-social behaviour: one rule, one place, two different counts."""
    with make() as story:
        second = Story(story.house, story.connection, small.source("second"))
        story.told(JUN, Fired(A, "asb", count=20))
        second.told(JUN, Fired(A, "asb", count=90))
        assert [(a.source, a.status) for a in (*story.alerts(), *second.alerts())] == [
            ("open", "new"), ("second", "new"),
        ]  # fmt: skip
        assert len(story.posts()) == 2


# From counts to posts


FIRST = "2020-06"
MONTHS = small.months(FIRST, 26)  # to July 2022


def quiet(*changes: tuple[str, str, int]) -> dict[tuple[str, str, str], int | None]:
    """Two burglaries a month in every LSOA, but for the changes (area, month, count)."""
    every = {("burglary", u, m): 2 for m in MONTHS for u in (*HOME_UNITS, *OTHER_UNITS)}
    cells: dict[tuple[str, str, str], int | None] = dict(every)
    return cells | {("burglary", area, month): n for area, month, n in changes}


def test_the_first_evaluation_rings_for_the_newest_month_and_the_second_for_nothing(store: Store) -> None:
    house = small.house(store, small.source("open"), channels=[small.channel()])
    with store.write() as connection:
        put(connection, "open", quiet((C, MONTHS[-4], 30), (A, MONTHS[-1], 30)))
    assert [str(j.month) for j in evaluate(house)] == MONTHS
    with store.read() as connection:
        story = Story(house, connection, small.source("open"))
        stood = {a.status: house.geography[a.area].units for a in story.alerts() if a.parent is None}
        assert set(stood) == {"ended", "new"}
        assert C in stood["ended"]
        assert A in stood["new"]
        before = story.posts()
        (key,) = before
        assert A in house.geography[story.shown(key).area].units
        assert story.shown(key).month == MONTHS[-1]
    assert list(evaluate(house)) == []
    with store.read() as connection:
        assert Story(house, connection, small.source("open")).posts() == before


def test_an_extract_and_what_follows_from_it_are_one_transaction(store: Store) -> None:
    own = small.source("open")
    house = small.house(store, own, channels=[small.channel()])
    with pytest.raises(ZeroDivisionError), store.write() as connection:
        put(connection, "open", quiet((A, MONTHS[-1], 17)))
        assert evaluate_within(connection, house, own)[-1].rung
        raise ZeroDivisionError
    with store.read() as connection:
        assert Story(house, connection, own).alerts() == []
        assert Story(house, connection, own).posts() == {}


def test_a_revised_month_is_judged_again_with_those_after_it_and_only_changes_are_told(store: Store) -> None:
    own = small.source("open")
    house = small.house(store, own, channels=[small.channel()])
    with store.write() as connection:
        put(connection, "open", quiet((A, MONTHS[-2], 17)))
        evaluate_within(connection, house, own)
        last = {k: n for k, n in quiet((A, MONTHS[-2], 16)).items() if k[2] == MONTHS[-2]}
        put(connection, "open", last, now=NOON + dt.timedelta(days=1))
        judged = evaluate_within(connection, house, own)
        story = Story(house, connection, own)
        assert [str(j.month) for j in judged] == MONTHS[-2:]
        assert story.posts() == {}, "it was no news when the history came in, and is none now"
        assert story.alerts()[0].revision == 2


def test_a_gap_that_is_filled_later_rings_no_second_time(store: Store) -> None:
    """A month comes in after later ones: the open alert's story is told from its new beginning."""
    own = small.source("open")
    house = small.house(store, own, channels=[small.channel()])
    cells = quiet((A, MONTHS[-2], 17), (A, MONTHS[-1], 90))
    late = {k: n for k, n in cells.items() if k[2] == MONTHS[-2]}
    with store.write() as connection:
        put(connection, "open", {k: n for k, n in cells.items() if k not in late})
        evaluate_within(connection, house, own)
        story = Story(house, connection, own)
        (key,) = story.posts()
        put(connection, "open", late)
        evaluate_within(connection, house, own)
        assert set(story.posts()) == {key}
        (told,) = (a for a in story.alerts() if a.area == A and a.status != "withdrawn")
        assert (str(told.opened), str(told.last)) == (MONTHS[-2], MONTHS[-1])
        assert ALERT.validate_json(told.facts).months_running == 2
