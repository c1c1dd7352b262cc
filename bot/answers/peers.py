"""`peers [SERIES] [PERIOD]`: the district among the county's districts, by rate per 1,000."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import claimed, words
from bot.answers import scope as scoping
from bot.answers.scope import Near, Scope
from bot.answers.trend import polarity_note
from bot.grammar.query import Query
from bot.message import Answer, Table
from jobs.figures.peers import Peer, PeerTable, districts, rank_districts, telling
from rules.claims import Claim, Claimant

if TYPE_CHECKING:
    from jobs.house import House

_LEAGUE = (
    "A rank by rate compares records per resident. It says nothing about how a district is policed. Within "
    "the limits is where 95 in 100 would lie by chance and by what districts usually differ."
)
_AGAINST = {
    "much higher": "far above what is usual among them",
    "higher": "above what is usual among them",
    "within the limits": "within what is usual among them",
    "lower": "below what is usual among them",
    "much lower": "far below what is usual among them",
}


def answer(house: House, query: Query) -> Answer:
    """Districts in one table with count, rate and where each stands; those without a figure are named."""
    own = house.geography[house.partnership.district]
    series = query.series or house.partnership.default_series
    title = f"{house.lexicon[series].title}: {own.name} among its peers"
    with house.store.read() as connection:
        near = scoping.near(connection, house, series, query, [a.code for a in districts(house)])
        able = telling(connection, house, near.reach)
        scope = scoping.choose(query, able)
        if scope is None:
            return scoping.nothing(title, house, series, own, query, Near(near.open, able))
        scope = scoping.in_years(connection, scope)
        table = rank_districts(connection, house, scope.feed, scope.window, series)
        foot = scoping.footer(connection, house, scope, own)
    note = polarity_note(house.lexicon[series].polarity)
    lines = (*_lines(table, own.name), *([note] if note else []))
    shown = table.own is not None
    return Answer(
        title, lines, table=_table(table, scope) if shown else None, footer=(*foot, _LEAGUE),
        claims=(*_claims(table, scope), *claimed.of_scope(scope.feed, scope.window, own)),
        sources=(scope.feed.source.id,), state="ok" if shown else "withheld",
        classification=scoping.classification(house, scope.feed, series),
        suggestions=(f"compare {series} {own.name.lower()} vs county", f"trend {series}"),
        data=_data(table, scope),
    )  # fmt: skip


def _lines(table: PeerTable, name: str) -> list[str]:
    own, when = table.own, table.window.words
    if own is None:
        return [f"{table.title} in {name}: withheld or not known in {when}. There is no rank without it."]
    said = f"{table.title} in {name}: {own.count:,} recorded in {when}"
    said += f", {words.rate(own.rate)} per 1,000 residents"
    if table.ranked:
        said += f", rank {own.rank} of {len(table.peers)} districts by rate. "
        said += f"Chance allows {words.ranks(*table.ranks)}."
    else:
        said += ". There are too few figures for a rank."
    lines = [said]
    if table.ranked:
        lines.append(
            f"{name} is {_AGAINST[own.stands]} ({words.rate(table.rate)} per 1,000 in all together)."
        )
    if table.withheld:
        lines.append(f"Withheld or not known, and without a rank: {'; '.join(table.withheld)}.")
    return lines


def _table(table: PeerTable, scope: Scope) -> Table:
    return Table(
        f"{table.window.words}, {scope.feed.source.short}; rates per 1,000 {table.basis}",
        (("", "right"), ("District", "left"), ("Count", "right"), ("Residents", "right"), ("Rate", "right"),
         ("Against all together", "left")),
        (
            *(_cells(p, table) for p in table.peers),
            *(("-", name, "withheld", "-", "-", "") for name in table.withheld),
        ),
    )  # fmt: skip


def _cells(peer: Peer, table: PeerTable) -> tuple[str, ...]:
    rank = str(peer.rank) if table.ranked else "-"
    name = peer.name + (" (ours)" if peer.code == table.home else "")
    return (rank, name, f"{peer.count:,}", f"{peer.people:,.0f}", words.rate(peer.rate), peer.stands)


def _claims(table: PeerTable, scope: Scope) -> tuple[Claim, ...]:
    told = Claimant(scope.feed.source.id, scope.window)
    if table.own is None:
        return ()
    for p in table.peers:
        told.rate(f"{p.name}: rate", p.count, p.people, table.basis)
        told.rank(f"{p.name}: rank", p.rank, len(table.peers))
    for rank in table.ranks:
        told.rank("rank that chance allows", rank, len(table.peers))
    whole, people = sum(p.count for p in table.peers), sum(p.people for p in table.peers)
    told.rate("the districts together", whole, people, table.basis)
    told.modelled("over-dispersion of the funnel", table.factor)
    return tuple(told.made)


def _data(table: PeerTable, scope: Scope) -> dict[str, object]:
    return {
        "series": table.series, "window": str(table.window), "source": scope.feed.source.id,
        "dataset": scope.feed.dataset, "district": table.home, "ranked": table.ranked,
        "ranks": list(table.ranks), "overdispersion": table.factor, "withheld": list(table.withheld),
        "rows": [vars(p) for p in table.peers] if table.own else [],
    }  # fmt: skip
