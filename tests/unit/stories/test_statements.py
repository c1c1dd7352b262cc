"""Stories that are no finding but a statement: shares, ranks, bands, seasons; each where it is stated."""

from __future__ import annotations

import numpy as np
import pytest

from rules.areas import Band, Bands, moved
from rules.claims import Claimant
from rules.detectors.peers import League, league, peer_years
from rules.model import Month, Window
from rules.season_profile import profile_of
from tests.unit.stories.by_area import ACQUISITIVE
from tests.unit.stories.county import OUR
from tests.unit.stories.story import years
from tests.unit.stories.world import Row, World, findings, judged

SEP_2012 = Month(2012, 9)
YEAR = Window.ending(SEP_2012, 12)
# Made up: how much more shoplifting from February to May, and domestic abuse in June and December.
SPRING = (0.9, 1.2, 1.25, 1.2, 1.2, 0.9, 0.9, 0.9, 0.85, 0.9, 0.9, 0.9)
JUNE_DECEMBER = (0.95, 0.95, 0.95, 0.95, 1.0, 1.3, 1.0, 0.95, 0.95, 0.95, 0.95, 1.3)


def test_s5_six_rows_are_very_significantly_high() -> None:
    """The text says five areas, its table six. Counts of the county's other 386 LSOAs are made up."""
    others = np.repeat([1.0, 21.5], 193)
    bands = Bands.over(np.concatenate([np.array(list(ACQUISITIVE.values()), dtype=float), others]))
    found = [name for name, n in ACQUISITIVE.items() if bands.of(n) is Band.VERY_HIGH]
    assert found == list(ACQUISITIVE)[:6]
    assert [bands.of(n) for n in list(ACQUISITIVE.values())[6:9]] == [Band.HIGH] * 3
    assert bands.of(ACQUISITIVE["Ibstock Centre"]) is Band.ABOVE


def shoplifting() -> World:
    """A slow rise over six years that ends with -4 % (600 to 576); the levels are made up."""
    row = Row("shoplifting", years(480, 500, 530, 560, 600, 576), years(), (700,) * 6, season=SPRING)
    return World(SEP_2012, (row,))


def test_s6_shoplifting_is_high_from_february_to_may() -> None:
    month = judged(shoplifting())
    profile = profile_of(month.cube, month.context, "shoplifting", OUR)
    assert profile is not None
    assert set(profile.peaks) <= {2, 3, 4, 5}
    assert len(profile.peaks) >= 3
    assert profile.years == 5
    high = sorted(range(12), key=lambda m: -profile.factors[m])[:4]
    assert sorted(m + 1 for m in high) == [2, 3, 4, 5]


def test_s6_the_long_rise_and_the_last_year_are_both_stated() -> None:
    """Up over six years, -4 % in the last one: the first is a change, the second is usual variation."""
    told = Claimant("police", YEAR)
    first, last = Window.ending(SEP_2012 + -60, 12), Window.ending(SEP_2012 + -12, 12)
    assert told.z("six years", 576, 480, YEAR, first).value >= 3
    assert abs(told.z("the last year", 576, 600, YEAR, last).value) < 3
    change = told.change("the last year", 576, 600, YEAR, last)
    assert change is not None
    assert round(change.value) == -4
    assert [f.rule for f in findings(shoplifting()) if not f.parents] == []


def test_s17_domestic_abuse_peaks_in_june_and_december() -> None:
    row = Row("domestic", years(*(1000,) * 5), years(), (1100,) * 5, season=JUNE_DECEMBER)
    month = judged(World(SEP_2012, (row,)))
    profile = profile_of(month.cube, month.context, "domestic", OUR)
    assert profile is not None
    assert profile.peaks == (6, 12)
    assert profile.years == 4


@pytest.mark.parametrize(
    ("part", "whole", "percent"),
    [
        pytest.param(52, 743, 7, id="S8 vehicle crime at the park's events, April to September 2007"),
        pytest.param(539, 700, 77, id="S20 nuisance of all anti-social behaviour; 700 is made up"),
    ],
)
def test_a_share_is_a_claim_with_part_and_whole(part: int, whole: int, percent: int) -> None:
    claim = Claimant("police", YEAR).share("share", part, whole, "of the district's")
    assert (round(claim.value), claim.numerator, claim.denominator) == (percent, part, whole)
    assert claim.recompute() == claim.value


def test_s25_the_second_of_seven_districts() -> None:
    """4,931 crimes; that one of the other six has more for each resident is made up."""
    row = Row("total", years(5060, 4931), years(), (2400, 2300))
    month = judged(World(SEP_2012, (row,), people={f"d2-{i}": 1000.0 for i in range(12)}))
    seen = peer_years(month)
    assert seen is not None
    table = league(month, seen, 0)
    assert table is not None
    assert (table.rank(table.now), len(table.names)) == (2, 7)
    assert table.rank_range(table.now) == (2, 2)


@pytest.mark.parametrize(
    ("own", "place", "first_last"),
    [pytest.param(4931, 13, (13, 13), id="S25"), pytest.param(155, 4, (3, 9), id="S26")],
)
def test_the_place_among_fifteen_is_told_with_what_chance_allows(
    own: int, place: int, first_last: tuple[int, int]
) -> None:
    """Ranks 13 and 4 of 15 as printed, 1 being the highest; the fourteen others' counts are made up."""
    above, below = np.linspace(1.5, 1.1, place - 1), np.linspace(0.94, 0.6, 15 - place)
    counts = own * np.concatenate([above, [1.0], below])
    same = np.full(15, 93_000.0)
    table = League(tuple(f"p{i}" for i in range(15)), same, counts, counts, np.ones(15), place - 1)
    assert table.rank(counts) == place
    low, high = table.rank_range(counts)
    assert low <= place <= high
    assert (low, high) == first_last


def test_s26_ten_per_cent_more_drug_offences_are_not_exceptional() -> None:
    assert not moved(155, 141)
    row = Row("drugs", years(146, 150, 139, 141, 155), years(), (150, 148, 152, 149, 151))
    assert findings(World(SEP_2012, (row,))) == ()
