"""Part 5: which of the months ahead are usually high, by what earlier years recorded."""

from __future__ import annotations

from collections.abc import Iterator

from jobs.attention.clearance import Readers
from jobs.counting.cubes import Cubes
from jobs.digest.boards import followed, monthly_feed
from jobs.digest.diary import coming
from jobs.facts import SeasonFacts
from rules.model import Month


def look_ahead(cubes: Cubes, month: Month, readers: Readers) -> tuple[tuple[SeasonFacts, ...], int]:
    """The series that are usually high in a month ahead; and of how many series a season is known at all."""
    known = list(_profiles(cubes, month, readers))
    return tuple(f for f in known if f.months), len(known)


def _profiles(cubes: Cubes, month: Month, readers: Readers) -> Iterator[SeasonFacts]:
    from rules.season_profile import profile_of  # brings scipy

    house = cubes.house
    for series in followed(house):
        feed = monthly_feed(cubes.connection, house, series, month, readers)
        judged = cubes.judged(feed.source, month) if feed else None
        district = house.partnership.district
        if feed is None or judged is None or series not in judged.cube.series:
            continue
        if district not in judged.cube.areas:
            continue
        profile = profile_of(judged.cube, judged.context, series, district)
        if profile is not None:
            ahead = coming(month)
            high = [m for m in ahead.first.until(ahead.last) if m.number in profile.peaks]
            yield SeasonFacts(
                series, house.lexicon[series].title, feed.source.id, tuple(str(m) for m in high),
                tuple(round(profile.factors[m.number - 1], 3) for m in high), profile.years,
                str(profile.window),
            )  # fmt: skip
