"""Who hears of an alert, how many a channel has room for, and what becomes of the rest."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.integration import small_county as small
from tests.integration.small_county import DISTRICT, HOME_UNITS, OTHER_UNITS
from tests.integration.story import A, B, C, Fired, Story

JAN, FEB, MAR, APR, MAY, JUN = small.months("2022-01", 6)


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
    channels = [
        small.channel(c, clearance=c, sensitive_series=[series]) for c in ("public", "partner", "sensitive")
    ]
    # Of a sensitive series only those hear that name it.
    channels.append(small.channel("silent", clearance="sensitive", sensitive_series=["exploitation"]))
    readers = readers | {"silent"} if readers != {"sensitive"} else readers
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
