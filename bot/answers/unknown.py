"""What was not understood: said plainly, with what to try instead."""

from __future__ import annotations

from bot.grammar.query import Misunderstood
from bot.message import Answer


def answer(problem: Misunderstood) -> Answer:
    """The sentence and the suggestions; nothing of the sender's text that the sentence does not hold."""
    return Answer(
        title=problem.title,
        lines=(problem.message,),
        suggestions=problem.suggestions,
        state="unknown",
        data={"message": problem.message, "suggestions": list(problem.suggestions)},
    )
