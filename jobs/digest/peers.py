"""Part 10: the district among the districts of its county, by rate, with the ranks that chance allows."""

from __future__ import annotations

from collections.abc import Iterator

from jobs.attention.clearance import Readers
from jobs.digest.boards import followed
from jobs.facts import PeerFacts
from jobs.figures.peers import YEAR, PeerTable, peers_of, rank_districts
from jobs.house import House
from jobs.store.engine import Connection
from rules.model import Month, Window


def peers(connection: Connection, house: House, month: Month, readers: Readers) -> tuple[PeerFacts, ...]:
    """Every series of the digest in which the districts can be set side by side over 12 months."""
    return tuple(_peers(connection, house, month, readers))


def _peers(connection: Connection, house: House, month: Month, readers: Readers) -> Iterator[PeerFacts]:
    for series in followed(house):
        table = peers_of(connection, house, series, month, readers)
        if table is None or not table.ranked or table.own is None:
            continue
        own, (low, high) = table.own, table.ranks
        yield PeerFacts(
            series, table.title, table.feed.source.id, str(table.window), rank=own.rank, of=len(table.peers),
            low=low, high=high, rank_before=_before(connection, house, table), count=own.count,
            people=own.people,
        )  # fmt: skip


def _before(connection: Connection, house: House, table: PeerTable) -> int | None:
    """The rank a year earlier; None where that year was not published as a whole."""
    earlier = Window.ending(table.window.first + -1, YEAR)
    if not table.feed.covers(earlier):
        return None
    then = rank_districts(connection, house, table.feed, earlier, table.series)
    return then.own.rank if then.ranked and then.own is not None else None
