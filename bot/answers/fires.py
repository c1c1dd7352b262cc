"""`fires [AREA] [primary / secondary / vehicle] [PERIOD]`: deliberate fires and their kinds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.answers import family
from jobs.figures.family_card import Wanted

if TYPE_CHECKING:
    from bot.grammar.query import Query
    from bot.message import Answer
    from jobs.house import House

FIRES = Wanted("fires-deliberate", columns=("asb", "fly-tipping"))


def answer(house: House, query: Query) -> Answer:
    """Fires by kind, with anti-social behaviour and fly-tipping in the same places and months."""
    return family.answer(house, query, FIRES)
