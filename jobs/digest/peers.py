"""Part 10: the district among the districts of its county, by rate, with the ranks that chance allows."""

from __future__ import annotations

from collections.abc import Iterator

from jobs.attention.clearance import Readers
from jobs.counting.cubes import Cubes
from jobs.digest.boards import followed, monthly_feed
from jobs.facts import PeerFacts
from rules.model import Month, Window


def peers(cubes: Cubes, month: Month, readers: Readers) -> tuple[PeerFacts, ...]:
    """Every series of the digest in which the districts can be set side by side over 12 months."""
    return tuple(_peers(cubes, month, readers))


def _peers(cubes: Cubes, month: Month, readers: Readers) -> Iterator[PeerFacts]:
    from rules.detectors.peers import league, peer_years  # brings scipy

    house, year = cubes.house, Window.ending(month, 12)
    for series in followed(house):
        feed = monthly_feed(cubes.connection, house, series, month, readers)
        judged = cubes.judged(feed.source, month) if feed else None
        if feed is None or judged is None or series not in judged.cube.series:
            continue
        years = peer_years(judged)
        table = league(judged, years, judged.cube.series.index(series)) if years else None
        if table is None:
            continue
        low, high = table.rank_range(table.now)
        yield PeerFacts(
            series, house.lexicon[series].title, feed.source.id, str(year),
            rank=table.rank(table.now), of=len(table.names), low=low, high=high,
            rank_before=table.rank(table.before), count=int(table.now[table.home]),
            people=float(table.people[table.home]),
        )  # fmt: skip
