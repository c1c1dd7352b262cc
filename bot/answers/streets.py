"""`hotspots` inside one LSOA: streets and places, `on or near`, as the police publish them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import claimed, words
from bot.answers import scope as scoping
from bot.message import Answer, Table
from jobs.counting.hot import rank_areas, rank_streets
from rules.claims import Claimant

if TYPE_CHECKING:
    from bot.answers.scope import Scope
    from bot.grammar.query import Query
    from jobs.house import House
    from jobs.store.engine import Connection
    from rules.model import Area

_TOP = 10


def inside(
    connection: Connection,
    house: House,
    query: Query,
    scope: Scope,
    area: Area,
    around: tuple[str, tuple[str, ...]],
) -> Answer:
    """The streets of an LSOA, most first; `around`: what the place was read as, and the footer."""
    intro, foot = around
    series = query.series or house.partnership.default_series
    source, window = scope.feed.source, scope.window
    hot = rank_areas(connection, house, scope.feed, window, area, series, top=1)
    found = rank_streets(connection, house, scope.feed, window, area, query.top or _TOP)
    whole = hot.shown
    lead = f"{area.name}: {whole:,} recorded in {window.words}."
    claimant = Claimant(source.id, window)
    claimant.count(f"{area.name}: count", whole)
    for street, n in found:
        claimant.count(f"{street}: count", n)
    if found and found[0][1] <= whole:
        street, n = found[0]
        claimant.share(f"{street}: share", n, whole, f"recorded in {area.name}")
        part = words.share(n, whole)
        lead += f" On or near {street}: {n:,} of them{f' ({part})' if part else ''}."
    table = Table(
        f"{window.words}, {source.short}; on or near, as published (not the true place)",
        (("On or near", "left"), ("Count", "right")),
        tuple((street, f"{n:,}") for street, n in found),
    )
    return Answer(
        f"{house.lexicon[series].title}: streets and places in {area.name}", (lead, intro),
        table=table if found else None, footer=foot,
        claims=(*claimant.made, *claimed.of_scope(scope.feed, window, area)), sources=(source.id,),
        classification=scoping.classification(house, scope.feed, series),
        suggestions=(f"area {area.name.lower()}",), state="ok" if whole else "empty",
        data={
            "area": area.code, "area_name": area.name, "areas": sorted(area.units), "window": str(window),
            "source": source.id, "dataset": scope.feed.dataset, "total": hot.total, "shown": whole,
            "rows": [vars(r) for r in hot.rows], "streets": found,
        },
    )  # fmt: skip
