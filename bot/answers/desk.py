"""The front desk: text in, answer out. The same for Slack, Teams and the terminal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from bot.answers import alerts, area, data, define, hotspots, sources, trend, unknown, why
from bot.answers import help as help_
from bot.grammar import parse
from bot.message import Answer
from bot.places import Gazetteer
from bot.query import Misunderstood, Query
from jobs.glossary import load_glossary
from jobs.house import House
from rules.model import Classification, Month


@dataclass(frozen=True)
class Desk:
    """Answers commands for one partnership; reads the gazetteer once."""

    house: House

    @cached_property
    def gazetteer(self) -> Gazetteer:
        """Every name people may type."""
        return Gazetteer(self.house.geography)

    @cached_property
    def _verbs(self) -> dict[str, Callable[[Query], Answer]]:
        house = self.house
        return {
            "hotspots": lambda q: hotspots.answer(house, q),
            "area": lambda q: area.answer(house, q),
            "trend": lambda q: trend.answer(house, q),
            "alerts": lambda q: alerts.answer(house, q),
            "why": lambda q: why.answer(house, q),
            "data": lambda q: data.answer(house, q),
            "sources": lambda q: sources.answer(house, q),
            "define": lambda q: define.answer(q, load_glossary(), house.lexicon),
            "help": lambda q: help_.answer(q, self.gazetteer, house.lexicon),
        }

    def ask(
        self, text: str, *, as_of: Month | None = None, clearance: Classification = Classification.PUBLIC
    ) -> Answer:
        """Parse and answer; never raises on what somebody typed."""
        query = parse(text, self.gazetteer, self.house.lexicon, as_of=as_of, clearance=clearance)
        if isinstance(query, Misunderstood):
            return unknown.answer(query)
        known = self._verbs.get(query.verb)
        return known(query) if known else unknown.not_built(query, self.gazetteer)
