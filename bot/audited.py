"""The front door for people: a question or a command, answered and written down. For every platform."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from bot.answers.deeds import does
from bot.grammar.query import Query
from jobs.attention.audit import QUESTION, Given, line_of

if TYPE_CHECKING:
    from bot.answers.desk import Desk
    from bot.message import Answer
    from jobs.attention.people import Actor
    from rules.model import Month


def audited(
    desk: Desk, text: str, actor: Actor, *, as_of: Month | None = None, interaction: str = ""
) -> Answer:
    """Answer what was typed, and write down who asked what, where, and what was given.

    interaction: the platform's id of the event: a deed is done once for it. What cannot be written down is
    not answered: the errors of the store come through.
    """
    query = desk.hear(text, as_of=as_of, clearance=actor.clearance)
    if isinstance(query, Query) and does(query):
        return desk.reply(query, actor, interaction or uuid.uuid4().hex, text)  # writes itself down
    try:
        answer = desk.reply(query, actor, interaction, text)
    except Exception as error:
        _write(desk, actor, text, Given(f"failed:{type(error).__name__}"[:20]))
        raise
    given = Given(
        answer.state, query.word[:20] if isinstance(query, Query) and query.verb == "why" else "",
        answer.sources, answer.classification, answer.suppressed,
    )  # fmt: skip
    _write(desk, actor, text, given)
    return answer


def _write(desk: Desk, actor: Actor, text: str, given: Given) -> None:
    desk.book.add(line_of(desk.house, actor, QUESTION, text, given))
