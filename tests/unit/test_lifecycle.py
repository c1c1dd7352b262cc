"""The life of an alert from the months in which its rule fired: the same however often it is told."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.lifecycle import NORMAL_MONTHS, Episode, episodes
from rules.month import Month

START = Month(2020, 1)


def at(*numbers: int) -> list[Month]:
    """Months by their number from January 2020 = 0."""
    return [START + n for n in numbers]


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Month], list[Month]]:
    """(fired, judged): some months published and judged, in some of those the rule fired."""
    judged = draw(st.lists(st.integers(0, 40), unique=True, min_size=1, max_size=25).map(sorted))
    fired = draw(st.lists(st.sampled_from(judged), unique=True))
    return at(*fired), at(*judged)


@given(histories())
def test_episodes_share_out_the_months_that_fired(history: tuple[list[Month], list[Month]]) -> None:
    fired, judged = history
    found = episodes(fired, judged)
    assert [m for e in found for m in e.fired] == sorted(fired)
    for e in found:
        assert (e.opened, e.last) == (e.fired[0], e.fired[-1])


@given(histories())
def test_two_normal_months_end_an_alert_and_one_does_not(history: tuple[list[Month], list[Month]]) -> None:
    fired, judged = history
    order = {m: i for i, m in enumerate(judged)}
    found = episodes(fired, judged)
    for e in found:
        assert all(order[b] - order[a] <= NORMAL_MONTHS for a, b in itertools.pairwise(e.fired))
        after = [m for m in judged if m > e.last]
        assert e.ended == (after[NORMAL_MONTHS - 1] if len(after) >= NORMAL_MONTHS else None)
    for before, later in itertools.pairwise(found):
        assert order[later.opened] - order[before.last] > NORMAL_MONTHS
        assert before.ended is not None
        assert before.ended < later.opened
    assert all(e.ended is not None for e in found[:-1]), "at most one alert of a fingerprint is open"


@given(histories(), st.randoms())
def test_order_and_repeats_of_the_telling_do_not_matter(
    history: tuple[list[Month], list[Month]], random: object
) -> None:
    fired, judged = history
    shuffled = [*fired, *fired]
    assert hasattr(random, "shuffle")
    random.shuffle(shuffled)
    assert episodes(iter(shuffled), judged) == episodes(fired, judged)


@given(histories())
def test_later_months_never_rewrite_what_had_ended(history: tuple[list[Month], list[Month]]) -> None:
    """Told month by month or all at once: an ended alert stays as it was, an open one keeps its start."""
    fired, judged = history
    whole = episodes(fired, judged)
    for n in range(1, len(judged) + 1):
        early = episodes([m for m in fired if m <= judged[n - 1]], judged[:n])
        for told, final in zip(early, whole, strict=False):
            assert told.opened == final.opened
            if told.ended is not None:
                assert told == final
            assert set(told.fired) <= set(final.fired)


@given(histories(), st.integers(0, 40), st.integers(1, 30))
def test_months_that_were_never_published_neither_continue_nor_end(
    history: tuple[list[Month], list[Month]], cut: int, gap: int
) -> None:
    """A gap of any length in the calendar leaves every alert as long as the judged months made it."""
    fired, judged = history

    def moved(month: Month) -> Month:
        return month + gap if month - START >= cut else month

    def moved_episode(e: Episode) -> Episode:
        ended = moved(e.ended) if e.ended else None
        return Episode(moved(e.opened), moved(e.last), ended, tuple(map(moved, e.fired)))

    apart = episodes(map(moved, fired), list(map(moved, judged)))
    assert apart == tuple(map(moved_episode, episodes(fired, judged)))


@pytest.mark.parametrize(
    ("fired", "judged", "told"),
    [
        ([], range(5), []),
        ([0], [0], [(0, 0, None)]),
        ([0], range(2), [(0, 0, None)]),
        ([0], range(3), [(0, 0, 2)]),
        ([0, 2], range(3), [(0, 2, None)]),
        ([0, 3], range(4), [(0, 0, 2), (3, 3, None)]),
        ([0, 1, 2], range(5), [(0, 2, 4)]),
        ([0, 20], [0, 19, 20], [(0, 20, None)]),
    ],
)
def test_some_lives(fired: list[int], judged: list[int], told: list[tuple[int, int, int | None]]) -> None:
    found = episodes(at(*fired), at(*judged))
    ended = [None if e.ended is None else e.ended - START for e in found]
    assert [(e.opened - START, e.last - START, n) for e, n in zip(found, ended, strict=True)] == told
