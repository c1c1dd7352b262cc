"""A clock that the test turns, and a small invented partnership."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from jobs.folder.partnership import SourceSettings
from jobs.house import House
from jobs.store.engine import Store
from tests.integration import small_county as small
from tests.integration.story import Story

START = dt.datetime(2022, 9, 1, 8, 0, tzinfo=dt.UTC)

_SOURCE = """
[sources.{id}]
reader = "counts"
title = "An invented source"
short = "{id}"
classification = "public"
licence = "invented"
invented = true
lag_months = {lag}
waiting_days = {waiting}
layouts = [{{ id = "{id}-table" }}]
"""


@dataclass
class Clock:
    """Now, until the test says otherwise."""

    now: dt.datetime = START

    def __call__(self) -> dt.datetime:
        return self.now

    def advance(self, **delta: float) -> dt.datetime:
        """Let time pass: `advance(minutes=5)`."""
        self.now += dt.timedelta(**delta)
        return self.now


@pytest.fixture
def clock() -> Clock:
    """Starts on 1 September 2022, 08:00 UTC."""
    return Clock()


MakeHouse = Callable[..., House]


def write_partnership(folder: Path, **sources: tuple[int, int]) -> Path:
    """A partnership folder; `police=(1, 14)` is a monthly source with its lag in months and waiting days."""
    folder.mkdir()
    text = 'id = "x"\nname = "Invented"\ndistrict = "E07"\ncounty = "E10"\nreference = "E10"\n'
    for name, (lag, waiting) in sources.items():
        text += _SOURCE.format(id=name, lag=lag, waiting=waiting)
    (folder / "partnership.toml").write_text(text + "[channels]\n", encoding="utf-8")
    return folder


@pytest.fixture
def make_house(store: Store, tmp_path: Path, clock: Clock) -> MakeHouse:
    """`make_house(police=(1, 14), fire=(3, 30))`: a house on `store` and `clock`."""
    return lambda **sources: House(write_partnership(tmp_path / "partnership", **sources), store, clock)


@pytest.fixture
def make(store: Store) -> Any:
    """`with make(channels=...) as story`: a story in a transaction of its own."""

    @contextmanager
    def started(*channels: Any, source: SourceSettings | None = None) -> Iterator[Story]:
        own = source or small.source("open")
        house = small.house(store, own, channels=channels or (small.channel(),))
        with store.write() as connection:
            yield Story(house, connection, own)

    return started
