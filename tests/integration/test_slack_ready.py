"""Likely answers are worked out once for each state of the extracts, and a question then finds them."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from bot.answers.desk import Desk
from bot.slack import ready
from bot.slack.drawn import Drawn
from bot.slack.ready import Ready, likely
from jobs.store.engine import Store
from tests.integration import small_county as small
from tests.integration.small_county import HOME_UNITS, SmallHouse, put

OPEN = small.source("open")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often the desk was asked what."""
    found: Counter[str] = Counter()
    ask = Desk.ask

    def counted(desk: Desk, text: str, **how: object) -> object:
        found[text] += 1
        return ask(desk, text, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(Desk, "ask", counted)
    monkeypatch.setattr(ready, "_LOOK", 0.02)
    return found


@pytest.fixture
def house(store: Store) -> SmallHouse:
    made = small.house(store, OPEN)
    lands(made, "2022-01", 3)
    return made


def lands(house: SmallHouse, month: str, count: int) -> None:
    with house.store.write() as connection:
        put(connection, "open", {("burglary", HOME_UNITS[0], month): count})


@pytest.fixture
def drawn() -> Drawn:
    return Drawn()


@pytest.fixture
def at_work(house: SmallHouse, drawn: Drawn) -> Iterator[Ready]:
    made = Ready(Desk(house), drawn.of)
    yield made
    made.close()


def until(done: Callable[[], object]) -> None:
    deadline = time.monotonic() + 20
    while not done() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert done()


def test_each_place_and_series_is_asked_about(at_work: Ready, house: SmallHouse) -> None:
    texts = list(likely(at_work.desk))
    assert texts[0] == "hotspots"
    assert "hotspots burglary 24m" in texts
    windows = ("2022-01", "2021-12", "6m", "2021", "2020")
    assert {f"hotspots burglary {window}" for window in windows} <= set(texts)
    own = house.geography[house.partnership.district]
    assert f"hotspots {at_work.desk.gazetteer.typing(own.code)} burglary" in texts


def test_what_landed_is_asked_about_once_and_again_when_more_lands(
    at_work: Ready, asked: Counter[str], house: SmallHouse
) -> None:
    at_work.start()
    until(lambda: at_work._seen)
    first = asked["hotspots"]
    time.sleep(0.2)
    assert asked["hotspots"] == first, "nothing has landed since"
    lands(house, "2022-02", 9)
    until(lambda: asked["hotspots"] > first)


def test_a_question_finds_the_answer(at_work: Ready) -> None:
    at_work.get(pause=0)
    text = "hotspots burglary 24m"
    assert at_work.desk.ask(text) is at_work.desk.ask(text)


def test_what_is_kept_is_drawn_once_and_goes_with_its_answer(at_work: Ready, drawn: Drawn) -> None:
    at_work.get(pause=0)
    kept = len(drawn)
    assert kept > 1
    answer = at_work.desk.ask("hotspots burglary 24m")
    assert drawn.of(answer) is drawn.of(answer)
    assert len(drawn) == kept, "it was there already"
    assert drawn.of(at_work.desk.ask("define burglary"))
    assert len(drawn) == kept, "nobody keeps that one"


def test_it_ends_in_the_middle(at_work: Ready, asked: Counter[str]) -> None:
    at_work._closed.set()
    at_work.get()
    assert asked.total() == 1
