"""Every story is found by the rule named for it, with the figures of its source, by the whole rule book."""

from __future__ import annotations

import pytest

from rules.findings import Finding
from rules.lifecycle import episodes, status
from rules.model import Month
from tests.unit.stories.by_area import ACQUISITIVE, BY_AREA
from tests.unit.stories.county import OUR
from tests.unit.stories.over_time import OVER_TIME
from tests.unit.stories.relations import RELATIONS
from tests.unit.stories.story import Story
from tests.unit.stories.world import findings

STORIES = {s.id: s for s in (*OVER_TIME, *RELATIONS, *BY_AREA)}
every = pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)


def named(story: Story, found: tuple[Finding, ...]) -> list[Finding]:
    """What the story's rule found about its series and place."""
    return [f for f in found if (f.rule, f.series, f.area) == (story.rule, story.series, story.area)]


def top(finding: Finding, found: tuple[Finding, ...]) -> Finding:
    """The finding that it is told with."""
    by_fingerprint = {f.fingerprint: f for f in found}
    while finding.parents:
        finding = by_fingerprint[finding.parents[0]]
    return finding


@every
def test_the_rule_named_for_it_finds_it(story: Story) -> None:
    found = findings(story.world, month=story.when)
    (own,) = named(story, found)
    assert (own.count, own.span, own.direction) == (story.count, story.span, story.direction)
    assert own.month == story.when
    if story.direction == "rise":
        assert own.count > own.expected.upper
    else:
        assert own.count < own.expected.lower
    assert story.says in " ".join((own.note, *own.caveats))
    told = top(own, found)
    assert told is own or not story.leads
    assert (told.series, told.direction) == (own.series, own.direction)


@every
def test_without_the_change_the_rule_is_quiet(story: Story) -> None:
    found = findings(story.world, planted=False, month=story.when)
    assert named(story, found) == []


ENDED = {s.id: s for s in STORIES.values() if s.over}


@pytest.mark.parametrize("story", ENDED.values(), ids=ENDED)
def test_what_is_over_is_not_told_any_more(story: Story) -> None:
    assert story.over is not None
    assert named(story, findings(story.world, month=story.over)) == []


def test_s1_the_winter_is_told_and_then_ended() -> None:
    story = STORIES["S1"]
    months = Month(2011, 11).until(Month(2012, 4))
    fired = [m for m in months if named(story, findings(story.world, month=m))]
    assert fired == [Month(2011, 12), Month(2012, 1)]
    (episode,) = episodes(fired, months)
    assert status(episode, Month(2012, 4), [2, 2]) == "ended"


def test_s2_so_many_in_a_month_are_less_likely_than_one_in_ten_million_without_doubt_about_the_level() -> (
    None
):
    """The source's p is Poisson's about a mean of 39; ours knows that the mean itself is not known."""
    story = STORIES["S2"]
    (own,) = named(story, findings(story.world, month=story.when))
    assert own.expected.mean == pytest.approx(39, abs=3)
    assert own.expected.p_high < 1e-5


def test_s5_the_six_that_are_printed_as_very_significantly_high_are_the_six_found() -> None:
    story = STORIES["S5"]
    found = [f for f in findings(story.world) if f.rule == story.rule]
    assert {f.area for f in found} == set(list(ACQUISITIVE)[:6])


def test_s7_an_ordinary_festival_is_no_news() -> None:
    story = STORIES["S7"]
    assert findings(story.world, planted=False, month=story.when) == ()


def test_s16_in_a_single_district_four_and_five_per_cent_are_usual_variation() -> None:
    story = STORIES["S16"]
    found = findings(story.world, month=story.when)
    assert [f.area for f in found if f.rule == story.rule and f.area == OUR] == []


def test_s32_both_places_of_the_second_district_are_found() -> None:
    story = STORIES["S32"]
    found = [f for f in findings(story.world) if f.rule == story.rule]
    assert {(f.area, f.count) for f in found} == {("Thorpe Astley", 30), ("Braunstone", 28)}


def test_all_stories_of_the_list_are_told_or_stated() -> None:
    """S6, S8, S17, S20, S25, S26 and S33 are statements or silences: `test_statements`, `test_guards`."""
    stated = {"S6", "S8", "S17", "S20", "S25", "S26", "S33"}
    told = {s.id.rstrip("b") for s in STORIES.values()}
    assert told | stated == {f"S{i}" for i in range(1, 35)}
    assert not told & stated
    assert all(s.told and s.invented for s in STORIES.values())
