"""Who may see what: partner and sensitive figures are refused or left out, in every answer and export.

`tocsin alerts`, `why`, `evaluate`, `extracts`, `quarantine` and `status` speak to whoever runs the program
and holds the database; what a reader asks goes through `ask`, `digest` and the channels.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.answers.desk import Desk
from bot.message import Answer
from bot.renderers.html import answer_html
from bot.renderers.json import answer_json
from bot.renderers.text import answer_text
from jobs.house import House
from jobs.store.engine import Store
from jobs.store.tables import outbox
from rules.model import Classification
from tests.acceptance import closed_figures as closed
from tests.acceptance.closed_figures import DOMESTIC, FIRES, GUARDED, OPEN, Kind
from tests.cli import Result, Tocsin

READERS = {"public": (OPEN,), "partner": (OPEN, FIRES), "sensitive": closed.KINDS}
CLASS = {OPEN: "public", FIRES: "partner", DOMESTIC: "sensitive", GUARDED: "sensitive"}
FORMS: dict[str, Callable[[Answer], str]] = {
    "text": answer_text, "html": answer_html, "json": lambda answer: json.dumps(answer_json(answer)),
}  # fmt: skip
Asked = Callable[[str, str], dict[str, Any]]


def hidden_from(clearance: str) -> list[Kind]:
    return [k for k in closed.KINDS if k not in READERS[clearance]]


@dataclass(frozen=True)
class World:
    """Where the figures are. Who may see them does not depend on the database: SQLite will do."""

    folder: Path
    file: Path

    @property
    def url(self) -> str:
        return f"sqlite:///{self.file}"


@dataclass(frozen=True)
class Bare:
    """Where questions of one kind of reader are answered without what they may not see."""

    desk: Desk
    clearance: Classification


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Loaded, judged and rung; not to be written to."""
    place = tmp_path_factory.mktemp("clearance")
    made = World(closed.folder_of(place / "partnership"), place / "tocsin.db")
    closed.load(made.folder, made.url, place)
    return made


@pytest.fixture(scope="module")
def desk(world: World) -> Iterator[Desk]:
    """Where questions are answered."""
    house = House(world.folder, Store.at(world.url))
    yield Desk(house)
    house.store.close()


@pytest.fixture
def ask(desk: Desk) -> Asked:
    """`ask("hotspots nwl", "public")` as JSON; fails when any form of the answer says too much."""

    def asked(question: str, clearance: str) -> dict[str, Any]:
        answer = desk.ask(question, clearance=Classification(clearance))
        for form, draw in FORMS.items():
            if form == "html" and answer.pictures:
                continue  # a page with its charts drawn takes half a second; the digest's are looked at below
            too_much = closed.told(draw(answer), hidden_from(clearance))
            assert too_much == set(), f"{question!r} as {form} for {clearance} readers"
        return answer_json(answer)

    return asked


def alerts_of(ask: Asked) -> list[dict[str, Any]]:
    """All that rang."""
    return list(ask("alerts all", "sensitive")["data"]["alerts"])


QUESTIONS = [
    "hotspots nwl {}", "hotspots nwl {} 2022-07", f"hotspots {closed.CENTRE} {{}}",
    "trend {} nwl", f"trend {{}} {closed.CENTRE}", "map {} nwl", "define {}", "help {}",
    f"compare {{}} {closed.CENTRE} vs nwl", "compare {} 2022-06 vs 2022-07", "peers {}", "target {}",
    "reports {}",
]  # fmt: skip
PLAIN = [
    "hotspots nwl fires-secondary by:rate", "trend fires-secondary nwl 3m", "hotspots nwl fires-deliberate",
    "trend fires-deliberate nwl", "hotspots nwl", "trend nwl",
    "fires nwl", f"fires {closed.CENTRE} secondary", "fires coalville 3m", "asb nwl", "flytip coalville",
    "map nwl", "map coalville by:rate",
    f"hotspots {closed.CENTRE}", "area nwl", f"area {closed.CENTRE}", "area coalville", "alerts",
    "alerts all", "alerts nwl", "alerts coalville", "data", "sources", "help", "help series", "define",
    "target", "reports", "peers", "compare nwl vs county",
]  # fmt: skip


@pytest.mark.parametrize("clearance", ["public", "partner"])
@pytest.mark.parametrize("question", [*QUESTIONS, *PLAIN])
def test_no_answer_says_a_figure_that_its_reader_may_not_see(
    ask: Asked, question: str, clearance: str
) -> None:
    for series in [k.series for k in closed.KINDS] if "{}" in question else [""]:
        ask(question.format(series), clearance)


@pytest.mark.parametrize("kind_of", closed.KINDS, ids=lambda k: k.series)
@pytest.mark.parametrize("question", ["hotspots nwl {}", "trend {} nwl", f"hotspots {closed.CENTRE} {{}}"])
@pytest.mark.parametrize("clearance", READERS)
def test_a_refusal_is_said_and_holds_nothing(
    ask: Asked, question: str, kind_of: Kind, clearance: str
) -> None:
    answer = ask(question.format(kind_of.series), clearance)
    # What is counted for the district alone has no ranking of areas and no streets, for anybody.
    counted = "trend" in question or kind_of.place != closed.DISTRICT
    if kind_of in READERS[clearance] and counted:
        assert answer["state"] == "ok"
        assert closed.told(json.dumps(answer), [kind_of]) or kind_of is OPEN
        return
    assert (answer["table"], answer["claims"], answer["pictures"], answer["data"]) == (None, [], [], {})
    if kind_of in READERS[clearance]:
        assert answer["state"] == "empty"
        assert answer["lines"][0].endswith("has figures for other areas only.")
    else:
        assert answer["state"] == "refused"
        assert answer["lines"][0].endswith(f"are open to {clearance} readers.")


def test_what_nobody_has_is_refused_like_what_is_withheld(ask: Asked) -> None:
    """Of robbery no source has a figure; drugs are withheld. Only the name of the series differs."""
    for clearance in ("public", "partner"):
        absent, withheld = (ask(f"hotspots nwl {s}", clearance) for s in ("robbery", "drugs"))
        names = ("Robbery", "Drug offences")
        said = [json.dumps(a).replace(name, "X") for a, name in zip((absent, withheld), names, strict=True)]
        assert said[0] == said[1]
    assert ask("hotspots nwl robbery", "sensitive")["state"] == "empty"


@pytest.fixture(scope="module", params=["public", "partner"])
def bare(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bare]:
    """The same partnership, in which nobody has given what is over a reader's clearance."""
    clearance = str(request.param)
    place = tmp_path_factory.mktemp("bare")
    made = World(closed.folder_of(place / "partnership"), place / "tocsin.db")
    closed.load(made.folder, made.url, place, READERS[clearance])
    house = House(made.folder, Store.at(made.url))
    yield Bare(Desk(house), Classification(clearance))
    house.store.close()


@pytest.mark.parametrize("question", [*QUESTIONS, *PLAIN])
def test_withheld_and_absent_cannot_be_told_apart(desk: Desk, bare: Bare, question: str) -> None:
    if question.startswith("alerts"):
        return  # says how many need a higher clearance: see below
    if question == "data" and bare.clearance is Classification.PARTNER:
        return  # a partner's file is a partner's, with the sensitive rows in it
    for series in [k.series for k in closed.KINDS] if "{}" in question else [""]:
        asked = question.format(series)
        told = [answer_json(d.ask(asked, clearance=bare.clearance)) for d in (desk, bare.desk)]
        # Alerts are numbered through, whoever may see them.
        here, there = (re.sub(r"A-\d{4}-\d{2}-\d{2,}", "A", json.dumps(t)) for t in told)
        assert here == there, asked


@pytest.mark.parametrize("kind_of", closed.KINDS, ids=lambda k: k.series)
def test_an_answer_has_the_class_of_its_highest_input(ask: Asked, kind_of: Kind) -> None:
    assert ask(f"trend {kind_of.series} nwl", "sensitive")["classification"] == CLASS[kind_of]
    if kind_of.place != closed.DISTRICT:
        assert ask(f"hotspots nwl {kind_of.series}", "sensitive")["classification"] == CLASS[kind_of]
    mine = next(a for a in alerts_of(ask) if a["series"] == kind_of.series)
    assert ask(f"why {mine['id']}", "sensitive")["classification"] == CLASS[kind_of]


@pytest.mark.parametrize(("question", "wanted"), [("alerts all", 2), ("area nwl", 2), ("alerts all", 1)])
def test_a_list_has_the_class_of_the_highest_of_its_lines(ask: Asked, question: str, wanted: int) -> None:
    clearance = ["public", "partner", "sensitive"][wanted]
    assert ask(question, clearance)["classification"] == clearance


@pytest.mark.parametrize("clearance", READERS)
def test_alerts_are_listed_and_explained_to_those_who_may_know(ask: Asked, clearance: str) -> None:
    every = alerts_of(ask)
    assert {a["series"] for a in every} >= {k.series for k in closed.KINDS}, "each of them rang"
    may = {s.series for s in READERS[clearance]} | ({"fires-deliberate"} if clearance != "public" else set())
    listed = {a["series"] for a in ask("alerts all", clearance)["data"]["alerts"]}
    assert {k.series for k in READERS[clearance]} <= listed <= may
    for a in every if clearance != "sensitive" else every[:3]:
        answer = ask(f"why {a['id']}", clearance)
        assert (answer["state"] == "refused") == (a["series"] not in may)
        if answer["state"] == "refused":
            needed = "partner" if a["series"].startswith("fires") else "sensitive"
            assert answer["lines"] == [f"This alert is for {needed} readers."]
            assert answer["classification"] == needed
            assert a["series"] not in json.dumps(answer)
            assert a["area_name"] not in json.dumps(answer)


def test_what_is_not_told_is_counted_without_saying_what_it_is(ask: Asked) -> None:
    lines = " ".join(ask("alerts all", "public")["lines"])
    assert "higher clearance than public" in lines
    for word in ("omestic", "rugs", "fires"):
        assert word not in lines


def test_how_much_a_partner_sends_is_a_partners_figure(ask: Asked) -> None:
    """`data` may name every source; of those over the reader's clearance it says no figures."""
    answer = ask("data", "public")
    told = {s["id"]: s for s in answer["data"]["sources"]}
    assert told["open"]["rows"] == len(closed.MONTHS)
    for name in ("fires", "guarded"):
        said = told.get(name, {})
        assert not [k for k in ("rows", "last_rows", "unlocated", "quarantined", "months") if said.get(k)]
    assert {c["source"] for c in answer["claims"]} == {"open"}


# Through the command line


@pytest.fixture
def run(tocsin: Tocsin, world: World) -> Callable[..., Result]:
    """The command in this world."""
    return lambda *arguments: tocsin(*arguments, database=world.url, partnership=world.folder)


@pytest.mark.parametrize("clearance", READERS)
@pytest.mark.parametrize("form", ["text", "html"])
def test_the_digest_leaves_out_what_its_readers_may_not_see(
    run: Callable[..., Result], tmp_path: Path, clearance: str, form: str
) -> None:
    digest = ["digest", "--month", "2022-07", "--format", form, "--clearance", clearance]
    result = run(*digest, "--out", tmp_path)
    assert result.code == 0, result.err
    (path,) = tmp_path.iterdir()
    text = path.read_text(encoding="utf-8")
    assert closed.told(text + result.out, hidden_from(clearance)) == set()
    for k in READERS[clearance]:
        assert closed.told(text, [k]) or k is OPEN, f"{k.series} is there for {clearance} readers"


def test_answers_and_digest_are_public_unless_said_otherwise(run: Callable[..., Result]) -> None:
    for command in (["digest", "--month", "2022-07"], ["ask", "area nwl"]):
        result = run(*command)
        assert result.code == 0, result.err
        assert closed.told(result.out, hidden_from("public")) == set()
    refused = run("ask", "trend domestic-incidents nwl", "--clearance", "partner", "--format", "json").json
    assert refused["state"] == "refused"


@pytest.mark.parametrize("command", [["ask", "hotspots nwl"], ["digest"]])
def test_an_unknown_clearance_is_a_usage_error(run: Callable[..., Result], command: list[str]) -> None:
    result = run(*command, "--clearance", "secret")
    assert result.code == 2
    assert "sensitive" in result.err


def test_no_channel_was_sent_what_its_readers_may_not_see(
    tocsin: Tocsin, world: World, tmp_path: Path
) -> None:
    """The very payloads that are delivered, the digest's among them."""
    url = f"sqlite:///{shutil.copyfile(world.file, tmp_path / 'copy.db')}"
    done = tocsin("run", "digest", "--period", "2022-07", database=url, partnership=world.folder)
    assert done.code == 0, done.err
    store = Store.at(url)
    with store.read() as connection:
        rows = connection.execute(select(outbox)).all()
    store.close()
    for channel, kinds in READERS.items():
        mine = [r for r in rows if r.channel == channel]
        assert {r.kind for r in mine} >= {"alert", "digest"}
        assert all(k.series in " ".join(r.payload for r in mine) for k in kinds)
        for k in hidden_from(channel):
            assert all(k.series not in r.payload for r in mine if r.kind in {"alert", "rollup"}), channel
        assert closed.told(" ".join(r.payload for r in mine), hidden_from(channel)) == set(), channel
