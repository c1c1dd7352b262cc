"""What a person is told who asks: an audited answer, or what went wrong in words; never silence."""

from __future__ import annotations

from collections.abc import Callable

from bot.answers.desk import Desk
from bot.audited import audited
from bot.grammar.query import Query
from bot.message import Answer
from bot.slack.faults import note
from jobs.attention.people import Actor
from jobs.errors import TocsinError

_SHAREABLE = frozenset({"ok", "empty", "no-history"})


def answered(desk: Desk, text: str, actor: Actor, interaction: str) -> tuple[Answer, bool]:
    """The audited answer, and whether everybody in the channel is to see it."""
    answer = told(lambda: audited(desk, text, actor, interaction=interaction))
    if answer.state not in _SHAREABLE:
        return answer, False
    query = desk.hear(text, as_of=None, clearance=actor.clearance)
    return answer, isinstance(query, Query) and query.share


def told(say: Callable[[], Answer]) -> Answer:
    """The answer, or what went wrong in words."""
    try:
        return say()
    except TocsinError as error:
        return Answer(
            "Not now", (str(error), error.advice or "Please try again in a minute."), state="unknown"
        )
    except Exception as error:  # noqa: BLE001 - noted; the person is owed a word, not silence
        note("slack: an answer failed", error)
        return Answer(
            "No answer",
            ("Something went wrong here. It was noted; please tell your analyst.",),
            state="unknown",
        )
