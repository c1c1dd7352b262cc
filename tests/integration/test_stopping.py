"""The scheduled pull of an inbox: nothing in it yet, left off in the middle, gone on with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest

from jobs import runs
from jobs.actions import ACTIONS, pull
from jobs.errors import NotReady, Retry
from jobs.house import House, Interrupted
from jobs.scheduler import Ticker
from jobs.store import ledger
from jobs.store.engine import Store
from jobs.store.extracts import list_extracts
from tests.integration import small_county as small

LOG = {
    "id": "log", "columns": {"date": "Day", "category": "Kind", "area": "Where"}, "area_by": "code",
    "categories": {"B": "burglary"},
}  # fmt: skip
MONTHS = small.months("2022-02", 6)
JOB, LAST = "pull:log", MONTHS[-1]  # due since 1 September, the day it is


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """An empty folder."""
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


@pytest.fixture
def house(store: Store, inbox: Path) -> House:
    """One source that reads the inbox."""
    source = small.source(
        "log", reader="incidents", layouts=[LOG | {"files": "log*"}], inbox=str(inbox), lag_months=1,
        hold_above=99,
    )  # fmt: skip
    return small.house(store, source)


def fill(inbox: Path) -> None:
    """A file for each month."""
    for month in MONTHS:
        rows = [f"{month}-0{day},B,{small.HOME_UNITS[0]}" for day in (1, 2, 3)]
        (inbox / f"log-{month}.csv").write_text("\n".join(["Day,Kind,Where", *rows, ""]), encoding="utf-8")


def loaded(store: Store) -> list[str]:
    with store.read() as connection:
        return [str(e.last) for e in list_extracts(connection) if e.state == "current"]


def lines(store: Store) -> dict[str, tuple[str, dt.datetime | None, int]]:
    with store.read() as connection:
        return {e.period: (e.state, e.until, e.attempts) for e in ledger.entries(connection, JOB)}


class Enough(Event):
    """A flag that somebody raises as soon as so many months are in: in the middle of the job."""

    def __init__(self, store: Store, months: int) -> None:
        super().__init__()
        self.store, self.months = store, months

    def is_set(self) -> bool:
        """Whether they are in."""
        return len(loaded(self.store)) >= self.months


@pytest.mark.parametrize("names", [[], ["README.md"], [".keep", "notes.txt", "Thumbs.db"]])
def test_an_inbox_without_an_extract_is_no_file_yet(house: House, inbox: Path, names: list[str]) -> None:
    for name in names:
        (inbox / name).write_text("Put the monthly file here.", encoding="utf-8")
    with pytest.raises(Retry, match=r"has not published July 2022 yet \(no file\)"):
        pull(house, "log", LAST)


def test_an_inbox_that_is_not_there_is_no_file_yet_either_and_says_so(house: House, inbox: Path) -> None:
    inbox.rmdir()
    with pytest.raises(Retry, match=r"no file, and no folder .*inbox"):
        pull(house, "log", LAST)


def test_what_the_publisher_does_not_have_yet_is_waited_for(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def absent(*_: object, **__: object) -> Path:
        raise NotReady("data.example answered 404: it has not been published", "try again later")

    monkeypatch.setattr("jobs.sources.fetch.fetch", absent)
    source = small.source("log", layouts=[LOG], archive_url="https://data.example/{month}.zip")
    with pytest.raises(Retry, match="answered 404"):
        pull(small.house(store, source), "log", LAST)


def test_asked_to_stop_the_extract_at_hand_is_finished_and_the_rest_is_left(
    house: House, inbox: Path
) -> None:
    fill(inbox)
    run = runs.claim(house.store, JOB, LAST, clock=house.now)
    assert run is not None
    stopped = replace(house, stopping=Enough(house.store, 2))
    ended = runs.carry_out(run, stopped, pull)
    assert (ended.state, "asked to stop" in ended.detail) == ("waiting", True)
    assert loaded(house.store) == MONTHS[:2]
    assert lines(house.store) == {LAST: ("waiting", None, 0)}
    with pytest.raises(Interrupted):
        pull(stopped, "log", LAST)
    assert loaded(house.store) == MONTHS[:2], "nothing is begun any more"


def test_the_next_start_goes_on_at_once_and_doubles_nothing(house: House, inbox: Path) -> None:
    fill(inbox)
    ticker = Ticker(replace(house, stopping=Enough(house.store, 4)), ACTIONS)
    ran = ticker.tick_once()
    assert [(item.job, outcome.state) for item, outcome in ran] == [(JOB, "waiting")], "no other job is begun"
    assert ticker.tick_once() == []
    Ticker(house, ACTIONS).tick_once()  # a new process: the same day, the same hour
    assert loaded(house.store) == MONTHS
    assert {state for state, _, _ in lines(house.store).values()} == {"done"}


def test_a_download_is_left_off_as_well(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*_: object, progress: Callable[[int, int | None], None], **__: object) -> Path:
        own.stopping.set()
        progress(1, 1000)
        raise AssertionError("it went on")

    monkeypatch.setattr("jobs.sources.fetch.fetch", slow)
    source = small.source("log", layouts=[LOG], archive_url="https://data.example/{month}.zip")
    own = small.house(store, source)
    with pytest.raises(Interrupted):
        pull(own, "log", LAST)
