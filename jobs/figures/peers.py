"""The district among the county's districts: counts, rates, ranks and the funnel. Facts without words.

`peers_of` answers for one month and its readers without the bot, as the digest asks; `rank_districts` for a
feed and window that somebody has chosen.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from jobs.attention.clearance import Readers
from jobs.counting.feeds import Feed, feeds, prints
from jobs.figures.sums import alike, months_of, recorded
from jobs.folder.geography import Population
from jobs.house import House
from jobs.store.engine import Connection
from rules.baselines.tails import Floats
from rules.detectors.peers import FEWEST, League, dispersion
from rules.funnel import THREE_SD, TWO_SD, funnel
from rules.model import Area, AreaKind, Month, Window

YEAR = 12
Stands = Literal["much higher", "higher", "within the limits", "lower", "much lower"]


@dataclass(frozen=True)
class Peer:
    """One district. `rank` 1 = the highest rate."""

    code: str
    name: str
    count: int
    people: float
    rate: float  # per 1,000 residents
    rank: int
    stands: Stands  # against the funnel around the rate of all districts together


@dataclass(frozen=True)
class PeerTable:
    """Districts by rate, highest first; `withheld` names those without a figure, which have no rank."""

    series: str
    title: str
    feed: Feed
    window: Window
    home: str  # code of the district that is asked about
    peers: tuple[Peer, ...]
    withheld: tuple[str, ...]
    basis: str  # of the residents
    rate: float  # of the districts in the table together
    factor: float  # how much wider than chance the funnel is
    ranks: tuple[int, int]  # of that district: those that chance allows

    @property
    def own(self) -> Peer | None:
        """The district asked about; None where it is withheld."""
        return next((p for p in self.peers if p.code == self.home), None)

    @property
    def ranked(self) -> bool:
        """Whether a rank says anything: among fewer than four districts, or without the ranks that chance
        allows, it does not."""
        return self.own is not None and len(self.peers) >= FEWEST and self.ranks != (0, 0)


def districts(house: House) -> list[Area]:
    """The county's districts, by name."""
    found = house.geography.of_kind(AreaKind.DISTRICT, inside=house.partnership.county)
    return sorted(found, key=lambda a: a.name)


def district_of(house: House, area: Area) -> Area | None:
    """The district that an area is, or lies in; None where no single one holds it."""
    return next((d for d in districts(house) if _holds(d, area)), None)


def _holds(district: Area, area: Area) -> bool:
    return district.code in {area.code, area.parent} or bool(area.units and area.units <= district.units)


def telling(
    connection: Connection, house: House, found: Iterable[Feed], home: str | None = None
) -> tuple[Feed, ...]:
    """Feeds with a figure for a district (ours) and for enough others to rank it among."""
    codes = [a.code for a in districts(house)]
    own = home or house.partnership.district
    return tuple(
        f for f in found
        if prints(connection, f, [own]) and sum(prints(connection, f, [c]) for c in codes) >= FEWEST
    )  # fmt: skip


def peers_of(
    connection: Connection, house: House, series: str, month: Month, readers: Readers
) -> PeerTable | None:
    """The year that ends with `month` as these readers may know it; None without a figure.

    The first monthly source that has every month of the year and speaks for the districts.
    """
    year = Window.ending(month, YEAR)
    mine = (f for f in feeds(connection, house, series, month) if f.span == 1 and f.covers(year))
    seen = [f for f in mine if readers.may_see(f.source, series, house.lexicon)]
    able = telling(connection, house, seen)
    return rank_districts(connection, house, able[0], year, series) if able else None


def rank_districts(
    connection: Connection, house: House, feed: Feed, window: Window, series: str, home: str | None = None
) -> PeerTable:
    """The published months of a window, district by district; `home` is the one asked about (ours)."""
    places = districts(house)
    people = alike(house.geography, [a.units for a in places], window.last.year)
    months = [list(months_of(connection, feed, window, a.code).values()) for a in places]
    sums = [recorded(connection, feed, window, a.code) for a in places]
    known = [i for i, n in enumerate(sums) if not math.isnan(n) and people[i] is not None]
    withheld = tuple(a.name for i, a in enumerate(places) if i not in known)
    exposure = np.array([p.people for i in known if (p := people[i])])
    counts = np.array([sums[i] for i in known])
    fan = funnel(counts, exposure)
    found = [
        Peer(
            places[i].code, places[i].name, int(sums[i]), float(exposure[k]), 1000 * sums[i] / exposure[k],
            1 + int((counts / exposure > sums[i] / exposure[k]).sum()),
            _stands(float(fan.p_high[k]), float(fan.p_low[k])),
        )
        for k, i in enumerate(known)
    ]  # fmt: skip
    home = home or house.partnership.district
    return PeerTable(
        series, house.lexicon[series].title, feed, window, home,
        tuple(sorted(found, key=lambda p: (p.rank, p.name))), withheld, _basis(people),
        1000 * fan.rate, fan.factor,
        _ranks(found, np.array([months[i] for i in known]), counts, exposure, home),
    )  # fmt: skip


def _ranks(
    found: list[Peer],
    months: Floats,
    counts: Floats,
    exposure: Floats,
    home: str,
) -> tuple[int, int]:
    """The ranks that chance allows the district, by the months' own dispersion; (0, 0) without them."""
    own = next((k for k, p in enumerate(found) if p.code == home), None)
    if own is None or np.isnan(months).any():
        return 0, 0
    span = YEAR if months.shape[1] % YEAR == 0 else months.shape[1]
    names = tuple(p.name for p in found)
    return League(names, exposure, counts, counts, dispersion(months, span), own).rank_range(counts)


def _stands(high: float, low: float) -> Stands:
    if min(high, low) >= TWO_SD:
        return "within the limits"
    if high < low:
        return "much higher" if high < THREE_SD else "higher"
    return "much lower" if low < THREE_SD else "lower"


def _basis(people: list[Population | None]) -> str:
    return next((p.basis for p in people if p), "")
