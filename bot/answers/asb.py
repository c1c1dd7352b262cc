"""`asb [AREA] [PERIOD]`: anti-social behaviour and its kinds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.answers import family
from jobs.figures.family_card import Wanted

if TYPE_CHECKING:
    from bot.grammar.query import Query
    from bot.message import Answer
    from jobs.house import House

ASB = Wanted("asb", columns=("asb-environmental", "fly-tipping"))


def answer(house: House, query: Query) -> Answer:
    """Anti-social behaviour by kind, with its environmental part and fly-tipping beside it."""
    return family.answer(house, query, ASB)
