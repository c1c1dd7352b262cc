"""What `issue` says where figures are withheld, missing, broken or promised: never zero, never a crash."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.answers import issue_places, issue_words
from jobs.counting.feeds import Feed
from jobs.counting.hot import HotList
from jobs.counting.trends import Comparison, Trend
from jobs.errors import UsageError
from jobs.figures.communities import Communities, Community
from jobs.figures.issue import Among
from jobs.figures.peers import Peer, PeerTable
from jobs.figures.promises import Promise, Standing
from jobs.folder.deprivation import Neighbourhood, load_deprivation
from jobs.folder.lexicon import REFERENCE, load_lexicon
from jobs.house import House
from rules.claims import Claimant
from rules.model import Area, AreaKind, Break, Month, Window
from rules.targets import Target
from tests.printed_figures import unclaimed

BASKET = "serious-acquisitive"
YEAR = Window(Month(2021, 8), Month(2022, 7))
BEFORE = Window(Month(2020, 8), Month(2021, 7))
TOWN = Area("town", "Town", AreaKind.TOWN, frozenset({"u1", "u2"}))
HOUSE = cast(House, SimpleNamespace(lexicon=load_lexicon(), geography={"town": TOWN}))
HERE = Area("here", "Here", AreaKind.DISTRICT, frozenset({"u1", "u2", "u3"}))
HALF = Window(YEAR.first, Month(2022, 1))
FEED = cast(Feed, SimpleNamespace(source=SimpleNamespace(id="police", short="police.uk")))
BREAK = Break("b", "Recorded otherwise from May 2021 on", Month(2021, 5), None, "straddle", ("*",), ("*",))


@pytest.fixture
def made() -> Claimant:
    return Claimant("police", YEAR)


def target(**changes: Any) -> Target:
    own: Mapping[str, Any] = {
        "id": "t", "title": "Down a tenth", "series": "burglary", "area": "town", "baseline": 100.0,
        "baseline_window": BEFORE, "percent": 10.0, "value": None, "direction": "decrease", "window": YEAR,
        "source": "a plan",
    } | changes  # fmt: skip
    return Target(**own)


def promised(
    standing: Standing, count: int, goal: int = 90, so_far: Window = YEAR, **changes: Any
) -> Promise:
    return Promise(
        target(**changes), standing, feed=FEED, so_far=so_far, count=count, baseline=100.0, goal=goal
    )  # fmt: skip


def peers(codes: str, *withheld: str) -> PeerTable:
    """Districts of 60,000 residents each, by rate; those named `here` among them."""
    found = tuple(
        Peer(code, code.title(), 140 - 10 * i, 60_000.0, (140 - 10 * i) / 60, i + 1, "within the limits")
        for i, code in enumerate(codes.split())
    )
    return PeerTable(
        "burglary", "Burglary", FEED, YEAR, "here", found, withheld, "residents", 2.0, 1.0, (2, 5)
    )


def kind(title: str, count: int | None, people: float = 1000.0) -> Community:
    return Community(title, 2, count, people, "residents")


def test_a_break_between_the_years_refuses_the_comparison(made: Claimant) -> None:
    trend = Trend((), (), Comparison(YEAR, BEFORE, 120, 80, BREAK))
    said = issue_words.over_time(made, trend)
    assert "not compared" in said
    assert "+40" not in said
    assert issue_words.breaks(trend) == ("Between the two years lies: Recorded otherwise from May 2021 on.",)
    assert unclaimed(said, made.made) == []


def test_years_that_are_not_whole_are_not_compared(made: Claimant) -> None:
    assert "not both whole" in issue_words.over_time(made, Trend((), (), None))


@pytest.mark.parametrize(
    ("among", "part"),
    [
        (Among(BASKET, None, None, 3, None, None), "withheld or not known"),
        (Among(BASKET, 30, 120, 3, None, None), "30 of 120 in Serious acquisitive crime (25.0%); no"),
        (Among(BASKET, 3, 12, 3, 2, None), "3 of 12 in Serious acquisitive crime, rank 2 of its 3"),
        (Among(BASKET, 3, None, 3, 2, None), "in Serious acquisitive crime rank 2 of its 3 kinds"),
        (Among(BASKET, 3, None, 1, None, None), "nothing else of Serious acquisitive crime"),
        (Among(None, 30, 30, 0, None, None), "no parts of it"),
        (Among(None, 30, 30, 2, None, None), "figures of its parts are withheld"),
        (Among(None, 0, 0, 2, None, ("burglary", 0)), "no larger count"),
        (Among(None, 30, 30, 2, None, ("burglary", 40)), "no parts of it"),
    ],
)  # fmt: skip
def test_what_is_withheld_among_other_crimes(made: Claimant, among: Among, part: str) -> None:
    said = issue_words.other_crimes(made, HOUSE, among, "burglary")
    assert part in said
    assert unclaimed(said, made.made) == []


@pytest.mark.parametrize(
    ("promise", "part"),
    [
        (promised("met", 90), "met, 90 recorded, promised 90 or fewer"),
        (promised("not met", 91), "not met, 91 recorded"),
        (promised("met", 110, 110, direction="increase"), "met, 110 recorded, promised 110 or more"),
        (Promise(target(), "not known", "no figures"), "not known. No figures for Burglary in the year to"),
        (Promise(target(), "not known", "withheld", feed=FEED), "not known. A count of Burglary in those"),
        (Promise(target(), "not known", "no baseline", feed=FEED), "not known. No figures for the baseline"),
        (Promise(target(), "not known", "break", BREAK.title, FEED), "Not compared with the baseline: Rec"),
        (Promise(target(), "not begun", feed=FEED), "not begun. It is measured in the year to July 2022"),
        (promised("open", 44, so_far=HALF), "not over yet, 44 recorded to January 2022, promised 90 or"),
        (promised("off course", 80, so_far=HALF), "not over yet, off course, 80 recorded to January 2022"),
    ],
)  # fmt: skip
def test_targets(made: Claimant, promise: Promise, part: str) -> None:
    said = issue_words.targets(made, HOUSE, (promise,))
    assert part in said
    assert unclaimed(said, made.made) == []


def test_no_target_is_an_answer_and_older_ones_are_counted(made: Claimant) -> None:
    assert issue_words.targets(made, HOUSE, ()) == "Targets: none is set for this series here."
    said = issue_words.targets(made, HOUSE, (promised("met", 90),) * 4)
    assert "2 older ones" in said
    assert unclaimed(said, made.made) == []


@pytest.mark.parametrize(
    ("found", "part"),
    [
        (Communities(why_not="no figures are shipped"), "not known, since no figures are shipped"),
        (Communities((kind("a", 50), kind("b", None))), "withheld"),
        (Communities((kind("a", 12), kind("b", 13))), "too few"),
        (Communities((kind("a", 50), kind("b", 52))), "no fifth by deprivation is clearly higher"),
        (Communities((kind("a", 50), kind("b", 9)), apart=frozenset("ab")), "highest in areas of the a 50"),
        (Communities((kind("a", 50), kind("b", 10)), apart=frozenset({"b"})), "lowest in areas of the b 10"),
        (Communities((kind("a", 50),)), "as a whole in one fifth, the a 50"),
    ],
)  # fmt: skip
def test_communities(made: Claimant, found: Communities, part: str) -> None:
    said = issue_places.communities(made, found)
    assert part in said
    assert unclaimed(said, made.made) == []
    assert "b 9" not in said, "a rate of nine is no low"


def test_where_withheld_or_nowhere(made: Claimant) -> None:
    told = Claimant("police", YEAR)
    told.count("the areas together", 305)
    held = HotList((), 0, 0, 53, "", withheld="the areas add up to 305", claims=tuple(told.made))
    said = issue_places.highest(made, held, held, TOWN)
    assert said == "Highest areas: withheld, since the areas add up to 305."
    assert unclaimed(said, made.made) == []
    nothing = HotList((), 0, 0, 0, "")
    assert "no count is placed" in issue_places.highest(made, nothing, nothing, TOWN)


def test_other_districts(made: Claimant) -> None:
    said = issue_places.districts(made, peers("d0 d1 here d3 d4 d5 d6"), HERE, TOWN)
    assert "Here has rank 3 of 7 districts by rate (2.0 per 1,000 residents, 120 recorded)" in said
    assert "chance allows any rank from 2 to 5" in said
    assert unclaimed(said, made.made) == []
    own = issue_places.districts(made, peers("d0 d1 here d3", "There"), HERE, HERE)
    assert "Other districts: rank 3 of 4 districts" in own
    assert "without a rank: There" in own


@pytest.mark.parametrize(
    ("found", "home", "part"),
    [
        (None, None, "Town lies in no single district of the county"),
        (None, "here", "too few of them have monthly figures"),
        ("d0 d1 d2 d3", "here", "the figure of Here is withheld or not known"),
        ("d0 d1 here", "here", "too few of them have figures for a rank"),
    ],
)
def test_no_rank_says_why(made: Claimant, found: str | None, home: str | None, part: str) -> None:
    table = peers(found) if found is not None else None
    said = issue_places.districts(made, table, HERE if home else None, TOWN)
    assert part in said
    assert "rank 3" not in said
    assert unclaimed(said, made.made) == []


def test_every_lsoa_of_the_shipped_county_has_its_fifth() -> None:
    found = load_deprivation(REFERENCE / "E10000018")
    assert len(found) == 396
    assert found["E01025930"] == Neighbourhood(2, "urban")
    assert {n.fifth for n in found.values()} == {1, 2, 3, 4, 5}


@pytest.mark.parametrize(
    "row", ["u1,2011,0,urban", "u1,2011,11,rural", "u1,2011,x,urban", "u1,2011,3,sea", "u1,2011"]
)
def test_a_look_up_that_is_not_right_is_refused(tmp_path: Path, row: str) -> None:
    assert load_deprivation(tmp_path) == {}
    (tmp_path / "deprivation.csv").write_text(f"unit,vintage,decile,settlement\n{row}\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"deprivation\.csv"):
        load_deprivation(tmp_path)
