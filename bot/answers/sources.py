"""`sources`: where the figures come from and on what terms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.grammar.query import Query
from bot.message import Answer, Table
from bot.words import plural
from rules.claims import Claimant

if TYPE_CHECKING:
    from jobs.house import House


def answer(house: House, query: Query) -> Answer:  # noqa: ARG001 - every verb takes the query
    """Title, licence and class of every source; invented ones say so."""
    sources = list(house.partnership.sources.values())
    rows = tuple(
        (s.id, s.title + (" (invented sample)" if s.invented else ""), s.licence, s.classification.value)
        for s in sources
    )
    attributions = tuple(f"{s.short}: {s.attribution}" for s in sources if s.attribution)
    return Answer(
        "Sources",
        (f"{house.partnership.name} reads {plural(len(sources), 'source')}.",),
        table=Table(
            "terms of use",
            (("Source", "left"), ("What", "left"), ("Licence", "left"), ("Class", "left")),
            rows,
        ),
        footer=attributions,
        sources=tuple(s.id for s in sources),
        claims=(Claimant("sources").count("sources", len(sources)),),
        suggestions=("data",),
        data={
            "sources": [
                {"id": s.id, "title": s.title, "licence": s.licence, "attribution": s.attribution,
                 "classification": s.classification.value, "invented": s.invented}
                for s in sources
            ]
        },
    )  # fmt: skip
