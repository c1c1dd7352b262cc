"""The measuring instrument itself: does it simulate what it says, and write where it should?"""

from __future__ import annotations

import numpy as np
import pytest

from tests.benchmarks.simulation import __main__ as runner
from tests.benchmarks.simulation import book, goals, measure, methods, precise, sums, table
from tests.benchmarks.simulation.county import negative_binomial, simulate
from tests.benchmarks.simulation.scenarios import SCENARIOS
from tests.benchmarks.simulation.view import view

SEED = 99


@pytest.fixture(scope="module")
def counties():
    return measure.simulated(24, SEED)


@pytest.fixture(scope="module")
def looked(counties):
    return sums.sustained(counties[:1], (36,), SEED)


def test_counts_have_the_mean_and_the_dispersion_of_their_scenario():
    rng = np.random.default_rng(1)
    for mean, phi in ((0.3, 1.0), (3.0, 5.0), (100.0, 2.0)):
        drawn = negative_binomial(rng, np.full(200_000, mean), np.array(phi))
        assert drawn.mean() == pytest.approx(mean, rel=0.02)
        assert drawn.var() / drawn.mean() == pytest.approx(phi, rel=0.05)


def test_there_are_forty_scenarios_of_the_promised_kinds():
    assert len(SCENARIOS) == 40
    assert {s.mean for s in SCENARIOS} == {0.3, 1.0, 3.0, 10.0, 30.0, 100.0}
    assert {s.phi for s in SCENARIOS} == {1.0, 2.0, 5.0}


def test_the_same_seed_gives_the_same_counties_and_another_gives_others():
    first, again, other = (next(simulate(SCENARIOS, 12, seed)) for seed in (SEED, SEED, SEED + 1))
    np.testing.assert_array_equal(first.counts, again.counts)
    assert (first.counts != other.counts).any()


def test_judged_months_are_spread_over_the_year(counties):
    assert {(c.phase + c.counts.shape[2] - 1) % 12 for c in counties} == set(range(12))


def test_rules_see_no_more_than_their_history(counties):
    shown = view(counties[0], 24)
    assert shown.counts.shape[2] == 25
    assert shown.events is not None
    festive = [i for i, s in enumerate(SCENARIOS) if s.festival > 1]
    assert shown.events[:, festive].sum() == 3 * len(festive) * len(shown.counts)
    assert shown.events.sum() == shown.events[:, festive].sum()
    assert view(counties[0], 60).events is None
    masked = shown.masked(12)
    assert not masked.usable[:, :, -13].any()
    assert masked.usable.sum() == shown.usable.sum() * 24 / 25


def test_the_contaminated_month_is_the_same_month_of_last_year(counties):
    extra = counties[0].contaminated - counties[0].counts
    assert extra[:, :, -13].mean() > 5
    assert extra.sum() == extra[:, :, -13].sum()


def test_more_than_an_outbreak_is_never_harder_to_find(counties):
    rules = {**methods.OURS, **methods.IN_USE}
    for history in (24, 36):
        shown = view(counties[0], history)
        for rule in rules.values():
            alarm = rule(shown)
            small, large = alarm(np.full((2, 40), 30.0)), alarm(np.full((2, 40), 3000.0))
            assert (large[~np.isnan(large)] >= small[~np.isnan(small)]).all()
            assert np.nanmean(large) == 1


def test_the_report_has_a_row_for_every_rule_and_every_goal_a_verdict(counties):
    months = measure.months(counties, methods.OURS | methods.IN_USE, (36,), SEED)
    stained = measure.contaminated(counties, {goals.AUTO: methods.OURS[goals.AUTO]}, (36,), SEED)
    rises = sums.sustained(counties[:2], (60,), SEED)
    text = table.Report(24, SEED, months, stained, rises, ("a note",)).text
    for name in (*methods.OURS, *methods.IN_USE):
        assert f"| {name} | 36 |" in text
    for name in (sums.ALONE, sums.LAST, sums.LOOK, sums.YEAR, sums.AT_005):
        assert f"| {name} | 60 |" in text
    asked = list(goals.goals(months, stained, rises))
    assert len(asked) == 7
    assert text.count("| yes |") + text.count("| **no** |") == 7
    assert text.endswith("- a note")


def test_a_year_of_looks_rings_wherever_one_of_them_does(looked):
    found = looked
    for case in ("none", "rise"):
        last, look, year = (found[name, 36].cases[case] for name in (sums.LAST, sums.LOOK, sums.YEAR))
        np.testing.assert_array_equal(year[~np.isnan(look)] > 0, look[~np.isnan(look)] > 0)
        assert (last <= year)[~np.isnan(last)].all()
    risen = found[sums.YEAR, 36].percent("rise", goals.of_size("high"))
    assert risen > 90 > 20 > found[sums.YEAR, 36].percent("none", goals.of_size("high"))


def test_the_book_finds_what_any_of_its_rules_does(counties, looked):
    found = book.by_the_book(counties[:1], 36, SEED)
    for case in ("none", "rise"):
        each = [found[name].cases[case] for name in book.RULES]
        np.testing.assert_array_equal(found[book.BOOK].cases[case], np.max(each, axis=0))
        assert (found[book.AT_005].cases[case] >= found["sustained-rise"].cases[case]).all()
        # The rule by its own door and the looks that the table measures are one thing.
        middle = [s.size == book.SIZE for s in SCENARIOS]
        looks = looked[sums.YEAR, 36].cases[case][:, middle] > 0
        np.testing.assert_array_equal(found["sustained-rise"].cases[case][:, middle], looks)
    assert found[book.BOOK].cases["rise"].sum() > found[book.BOOK].cases["none"].sum()


def test_figures_of_many_counties_have_a_standard_error():
    found = precise.measured((SEED,), 24)
    assert found.cases["none"].shape == (24, len(SCENARIOS))
    many = measure.Rang({"none": np.tile(found.cases["none"], (100, 1))})
    assert many.percent("none", goals.from_three) == found.percent("none", goals.from_three)
    assert many.error("none", goals.from_three) < found.error("none", goals.from_three) / 9
    assert len(list(precise.lines(found))) == len(precise.ASKED)


def test_the_rule_sees_each_area_rise_alone_in_an_unchanged_county(counties):
    county = counties[0]
    risen = county.risen(np.random.default_rng(1), 3.0, sums.LASTED)
    plain, _ = sums.world(county, county.counts, 36)
    cube, context = sums.world(county, risen, 36)
    assert cube.counts.shape == (len(county.counts), len(SCENARIOS) + 2, 36 + sums.LASTED)
    np.testing.assert_array_equal(cube.counts[:, -2:], plain.counts[:, -2:])
    np.testing.assert_array_equal(cube.counts[:, :-2], risen[:, :, -48:])
    assert (cube.counts[:, -1] - cube.counts[:, -2] == county.rest[:, -48:]).all()
    assert (cube.last.number - 1) % 12 == (county.phase + county.counts.shape[2] - 1) % 12
    festive = {e.area for e in context.events}
    assert len(festive) == sum(s.festival > 1 for s in SCENARIOS)
    assert all(cube.last in e.months for e in context.events)
    assert not sums.world(county, county.counts, 60)[1].events


def test_writing_twice_replaces_the_block_and_leaves_the_rest(tmp_path, monkeypatch):
    readme = tmp_path / "README.md"
    monkeypatch.setattr(runner, "README", readme)
    readme.write_text(runner.replaced("first"), encoding="utf-8")
    assert "first" in readme.read_text(encoding="utf-8")
    readme.write_text(
        "# Before\n\nwords\n\n" + readme.read_text(encoding="utf-8") + "\nafter\n", encoding="utf-8"
    )
    text = runner.replaced("second")
    assert "first" not in text
    assert text.startswith("# Before\n\nwords")
    assert text.endswith("\nafter\n")
    assert text.count(runner.START) == text.count(runner.END) == 1


def test_seeds_the_model_was_chosen_on_are_refused(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["simulation", "--seed", str(runner.TUNED_ON[0])])
    with pytest.raises(SystemExit):
        runner.main()
    assert "flatter" in capsys.readouterr().err
