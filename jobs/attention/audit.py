"""The audit: every question, deed and refusal, with who asked where, and what was given. Only added to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from jobs.attention.people import Actor
from jobs.folder.postcodes import without_postcodes
from jobs.house import House
from jobs.store.audit import Line, add_line
from jobs.store.engine import Connection
from rules.model import Classification

_LONGEST = 300  # characters of a question
QUESTION = "question"


@dataclass(frozen=True, slots=True)
class Given:
    """What came of a question or a deed."""

    outcome: str
    alert: str = ""
    sources: tuple[str, ...] = ()
    classification: Classification = Classification.PUBLIC
    suppressed: int = 0  # cells withheld because they were small


def write_down(
    connection: Connection, house: House, actor: Actor, kind: str, query: str, given: Given
) -> None:
    """One line, in the caller's transaction: what is not written down is not done."""
    add_line(connection, line_of(house, actor, kind, query, given))


def line_of(house: House, actor: Actor, kind: str, query: str, given: Given) -> Line:
    """What the audit says of it."""
    return Line(
        house.now(), actor.id, actor.platform, actor.channel, actor.role.value, actor.clearance.value,
        kind, kept(query), given.alert, given.sources, given.classification.value, given.outcome,
        given.suppressed,
    )  # fmt: skip


def kept(text: str) -> str:
    """What is kept of a query: one line, capped, without postcodes. Capped first: a sender's megabyte is not
    searched; and again, since look-alike forms may grow when they are made plain."""
    return " ".join(without_postcodes(text[: 2 * _LONGEST]).split())[:_LONGEST]


def spoken(words: Iterable[object]) -> str:
    """A deed that came as a click, in words, as if it had been typed."""
    return " ".join(text for word in words if word is not None and (text := str(word)))
