"""The front desk: text in, answer out. The same for Slack, Teams and the terminal."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from importlib import import_module
from typing import TYPE_CHECKING

from bot.answers import unknown
from bot.grammar.parse import parse
from bot.grammar.places import Gazetteer
from bot.grammar.query import Misunderstood, Query
from bot.grammar.verbs import BY_NAME
from bot.message import Answer
from jobs.attention.people import Actor, stranger
from jobs.house import House
from rules.model import Classification, Month

if TYPE_CHECKING:
    from jobs.store.audit import Book

# Answered from figures, each by the module of its name: imported when asked, since pandas takes its time.
_OF_FIGURES = frozenset(
    {
        "hotspots", "area", "trend", "compare", "peers", "issue", "season", "event", "fires", "asb", "flytip",
        "map", "target", "reports", "alerts", "why", "data", "sources", "silences", "rules",
        "digest",
    }
)  # fmt: skip
_HEARD = 4_096  # texts, none longer than LONGEST plus one character where it comes from chat


@dataclass(frozen=True)
class Desk:
    """Answers commands for one partnership; reads the gazetteer once."""

    house: House

    @cached_property
    def gazetteer(self) -> Gazetteer:
        """Every name people may type."""
        return Gazetteer(self.house.geography)

    @cached_property
    def book(self) -> Book:
        """Where questions are written down."""
        from jobs.store.audit import Book

        return Book(self.house.store)

    def ask(
        self, text: str, *, as_of: Month | None = None, clearance: Classification = Classification.PUBLIC
    ) -> Answer:
        """Parse and answer a stranger; never raises on what somebody typed. For people: `bot.audited`."""
        query = self.hear(text, as_of=as_of, clearance=clearance)
        return self.reply(query, stranger(clearance), uuid.uuid4().hex, text)

    def hear(self, text: str, *, as_of: Month | None, clearance: Classification) -> Query | Misunderstood:
        """What was typed, understood or not."""
        return self._heard(text, as_of, clearance)

    @cached_property
    def _heard(self) -> Callable[[str, Month | None, Classification], Query | Misunderstood]:
        """The last few are remembered: whether to share an answer is read from the same words once more."""

        @lru_cache(maxsize=_HEARD)
        def heard(text: str, as_of: Month | None, clearance: Classification) -> Query | Misunderstood:
            return parse(text, self.gazetteer, self.house.lexicon, as_of=as_of, clearance=clearance)

        return heard

    def reply(self, query: Query | Misunderstood, actor: Actor, interaction: str, text: str) -> Answer:
        """Answer it, or do it: a command that changes something is done once an interaction."""
        if isinstance(query, Misunderstood):
            return unknown.answer(query)
        signs = query.verb == "digest" and query.word == "sign"
        if BY_NAME[query.verb].order or query.verb == "subscriptions" or signs:
            from bot.answers import deeds, subscriptions

            if deeds.does(query):
                return deeds.answer(self.house, query, actor, interaction, text)
            return subscriptions.answer(self.house, actor)
        if query.verb == "audit":
            from bot.answers import audit

            return audit.answer(self.house, actor)
        return self._answer(replace(query, asker=actor.id, named=actor.named))

    def _answer(self, query: Query) -> Answer:
        if query.verb in _OF_FIGURES:
            found = import_module(f"bot.answers.{query.verb}").answer(self.house, query)
            assert isinstance(found, Answer)
            return found
        if query.verb == "define":
            from bot.answers import define
            from jobs.folder.glossary import load_glossary

            return define.answer(query, load_glossary(), self.house.lexicon)
        assert query.verb == "help", "parse names no other command"
        from bot.answers import help as help_

        return help_.answer(query, self.gazetteer, self.house.lexicon)
