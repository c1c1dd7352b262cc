"""What stands is looked through once more, and then left alone."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from bot.responsive import stand_still


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    thresholds = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*thresholds)


class Ring:
    def __init__(self) -> None:
        self.itself = self


def test_rubbish_goes_and_the_rest_is_left_alone() -> None:
    dropped = weakref.ref(Ring())
    stand_still()
    assert dropped() is None
    assert gc.get_freeze_count() > 1_000


def test_what_stood_and_was_dropped_goes_with_the_next_call() -> None:
    ring = Ring()
    kept = weakref.ref(ring)
    stand_still()
    del ring
    gc.collect()
    assert kept() is not None, "nobody looks there"
    stand_still()
    assert kept() is None
