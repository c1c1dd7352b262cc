"""What is said when an answer fails: words, never silence and never a traceback."""

from __future__ import annotations

from collections.abc import Callable

from bot.message import Answer
from bot.slack.faults import note
from jobs.errors import TocsinError


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
