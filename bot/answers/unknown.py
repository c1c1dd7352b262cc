"""What was not understood, and what this version does not have: said plainly, with what to try instead."""

from __future__ import annotations

from bot.grammar.hearing import Heard
from bot.grammar.places import Gazetteer
from bot.grammar.query import Misunderstood, Query
from bot.grammar.suggest import not_yet
from bot.grammar.verbs import BY_NAME
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


def not_built(query: Query, gazetteer: Gazetteer) -> Answer:
    """For a query that is understood and whose command this version does not answer."""
    heard = Heard(said=[("place", gazetteer.typing(place.code)) for place in query.places])
    if query.series:
        heard.said.append(("series", query.series))
    problem = not_yet(BY_NAME[query.verb], gazetteer, heard)
    return answer(problem)
