"""SQLite and PostgreSQL give the same answers from the same rows: every question of the manual.

To a reader of public and to one of sensitive figures. What the answers about the judged sample say is tested
on SQLite; what is written (loading, judging, deeds, delivery) on both.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.answers.deeds import does
from bot.answers.desk import Desk
from bot.grammar.query import Query
from bot.grammar.verbs import BUILT
from bot.renderers.json import answer_json
from bot.renderers.text import answer_text
from jobs.attention.clearance import Readers
from jobs.digest import digest_facts
from rules.model import Classification, Month
from tests.sample import AS_OF, house_at
from tests.spec.transcripts import read_page

NOON = dt.datetime.combine(AS_OF, dt.time(12), dt.UTC)
PAGES = sorted((Path(__file__).resolve().parents[1] / "spec").glob("*.md"))
_OPTION = re.compile(r"--([a-z-]+) (\S+)")


def questions() -> list[tuple[str, str]]:
    """What is asked in the manual, deeds included, and the month after which nothing is known; "" = now."""
    steps = (step.command.partition("|")[0] for path in PAGES for step in read_page(path).steps)
    found = set()
    for step in (s for s in steps if " ask " in s):
        text = _OPTION.sub("", step).partition(" ask ")[2].replace('"', " ")
        found.add((" ".join(text.split()), dict(_OPTION.findall(step)).get("as-of", "")))
    return sorted(found)


@pytest.fixture(scope="module")
def desks(told: str, told_postgres: str) -> Iterator[tuple[Desk, Desk]]:
    """One that has SQLite, one that has PostgreSQL."""
    one, other = (house_at(url, now=NOON) for url in (told, told_postgres))
    with closing(one.store), closing(other.store):
        yield Desk(one), Desk(other)


@pytest.mark.parametrize("clearance", [Classification.PUBLIC, Classification.SENSITIVE])
def test_every_question_has_the_same_answer(desks: tuple[Desk, Desk], clearance: Classification) -> None:
    states, verbs = set(), set()
    for text, month in questions():
        as_of = Month.parse(month) if month else None
        query = desks[0].hear(text, as_of=as_of, clearance=clearance)
        if isinstance(query, Query) and does(query):
            continue
        one, other = (desk.ask(text, as_of=as_of, clearance=clearance) for desk in desks)
        assert answer_text(one) == answer_text(other), text
        assert answer_json(one) == answer_json(other), text
        states.add(one.state)
        verbs |= {query.verb} if isinstance(query, Query) else set()
    assert states >= {"ok", "empty", "unknown"}
    assert {v.name for v in BUILT if not v.order} <= verbs, "verbs that do something are tested elsewhere"


@pytest.mark.parametrize("month", [Month(2022, 6), Month(2022, 7)])
def test_a_digest_has_the_same_facts(desks: tuple[Desk, Desk], month: Month) -> None:
    readers = Readers(Classification.PARTNER)
    facts = []
    for desk in desks:
        with desk.house.store.read() as connection:
            facts.append(digest_facts(connection, desk.house, month, readers))
    assert facts[0] == facts[1]
    assert facts[0].unusual
