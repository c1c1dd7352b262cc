"""`flytip [AREA] [PERIOD]`: fly-tipping in a place and in what touches it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.answers import family
from jobs.figures.family_card import Wanted

if TYPE_CHECKING:
    from bot.grammar.query import Query
    from bot.message import Answer
    from jobs.house import House

_ENVIRONMENTAL = ("environmental", "abandoned-vehicles", "graffiti", "litter")
FLYTIP = Wanted("fly-tipping", columns=("asb", "fires-deliberate"), beside=_ENVIRONMENTAL)


def answer(house: House, query: Query) -> Answer:
    """Fly-tipping with the rest of the environmental family, anti-social behaviour and fires beside it."""
    return family.answer(house, query, FLYTIP)
