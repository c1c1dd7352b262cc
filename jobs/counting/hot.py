"""Areas ranked: counts, rates, bands and movers of a window, checked against the area's own total."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from jobs.counting.feeds import Feed, by_code, prints, sum_of, told, total_of
from jobs.counting.planned import released
from jobs.facts import HotArea
from jobs.house import House
from jobs.store.engine import Connection
from jobs.store.kept import kept
from jobs.store.read import fetch_published, streets
from rules.areas import Bands
from rules.claims import Claim, Claimant
from rules.disclosure import Mark
from rules.model import Area, AreaKind, Window

_NOTHING_PRINTED = pd.DataFrame(columns=["rate", "band", "rank"])


@dataclass(frozen=True)
class HotList:
    """A ranking. `total` is the area's own figure for the window, from the same source, or the areas' sum."""

    rows: tuple[HotArea, ...]  # the top ones asked for, in order
    others: int  # ranked areas that are not shown
    shown: int  # sum of the rows shown
    total: int | None
    bands: str  # where the bands come from
    withheld: str = ""  # why nothing may be shown
    cuts: Bands | None = None  # whose figures `bands` prints
    claims: tuple[Claim, ...] = ()  # the figures of `withheld`
    hidden: tuple[tuple[str, Mark], ...] = ()  # areas that are not told, by name, which is no order of size


def rank_areas(
    connection: Connection,
    house: House,
    feed: Feed,
    window: Window,
    area: Area,
    series: str,
    *,
    by_rate: bool = False,
    top: int = 10,
) -> HotList:
    """The LSOAs of an area (or what a table printed inside it), highest first; of a closed source MSOAs."""
    if feed.family is not None:
        return _told(connection, house, feed, window, area, by_rate=by_rate, top=top)
    key = ("rank_areas", house.itself, *feed.key, window, area.code, series)
    every = kept(connection, key, lambda: _every(connection, house, feed, window, area, series))
    if not every.rows:
        return every
    order = _order(connection, feed, window, series)
    shown = _ranked(every.rows, order, top, by_rate=by_rate)
    others = len(every.rows) - len(shown)
    return replace(every, rows=tuple(shown), others=others, shown=sum(r.count for r in shown))


def _order(connection: Connection, feed: Feed, window: Window, series: str) -> dict[str, float]:
    """The ranks that a source printed, by area."""
    if feed.dataset is None:
        return {}
    ranks = _printed(connection, feed, window, series)["rank"].dropna()
    return {str(code): float(rank) for code, rank in ranks.items()}


def _every(
    connection: Connection, house: House, feed: Feed, window: Window, area: Area, series: str
) -> HotList:
    """All of them, in no order."""
    counts = _inside(connection, house, feed, window, area)
    total = _total(connection, house, feed, window, area, series, counts)
    whole = sum(counts.values())
    if total is not None and whole > total:
        reason = f"the areas add up to {whole:,.0f}, more than the {total:,} of {area.name} as a whole"
        told = Claimant(feed.source.id, window)
        told.count("the areas together", whole)
        told.count(area.name, total)
        return HotList((), 0, 0, total, "", withheld=reason, claims=tuple(told.made))
    if not counts:
        return HotList((), 0, 0, total, "")
    before = _before(connection, house, feed, window, area)
    printed = _printed(connection, feed, window, series)
    key = ("bands", house.itself, *feed.key, window, series)
    bands, words = kept(connection, key, lambda: _bands(connection, house, feed, window, printed))
    rows = [
        _row(house, code, n, window, bands, printed, None if before is None else int(before.get(code, 0)))
        for code, n in counts.items()
    ]
    return HotList(tuple(rows), 0, 0, total, words, cuts=bands)


def _told(
    connection: Connection, house: House, feed: Feed, window: Window, area: Area, *, by_rate: bool, top: int
) -> HotList:
    """What a closed source tells of the areas inside, without bands: these would need every area."""
    earlier = Window(window.first + -window.months, window.first + -1)
    codes = released(connection, feed).inside(area.code)
    now = {c: told(connection, feed, window, c) for c in codes}
    was = {c: told(connection, feed, earlier, c).value for c in codes}
    before = {c: None if math.isnan(n) else int(n) for c, n in was.items()}
    rows = [
        _row(house, c, cell.value, window, None, pd.DataFrame(), before[c])
        for c, cell in now.items()
        if cell.mark.told
    ]
    shown = _ranked(rows, {}, top, by_rate=by_rate)
    total = sum_of(connection, feed, window, area.code)
    name = house.geography
    hidden = sorted((name[c].name, cell.mark) for c, cell in now.items() if not cell.mark.told)
    return HotList(
        tuple(shown), len(rows) - len(shown), sum(r.count for r in shown),
        None if math.isnan(total) else int(total), "", hidden=tuple(hidden),
    )  # fmt: skip


def rank_streets(
    connection: Connection, house: House, feed: Feed, window: Window, area: Area, top: int
) -> list[tuple[str, int]]:
    """Streets inside one LSOA: (`on or near` name, incidents), most first."""
    codes = [area.code, *(new for new, old in house.geography.older.items() if old == area.code)]
    merged: dict[str, int] = {}
    for run in feed.runs(window):
        for street, _, n in streets(connection, codes, feed.parts, run, feed.source.id):
            merged[street] = merged.get(street, 0) + n
    return sorted(merged.items(), key=lambda item: (-item[1], item[0]))[:top]


def _inside(connection: Connection, house: House, feed: Feed, window: Window, area: Area) -> dict[str, float]:
    """Counts of the area's LSOAs; of tables, only those they printed; of a monthly source, zeros too."""
    place = house.geography
    counts = by_code(connection, feed, window, units_and_older(house, area))
    if feed.span == 1:
        if not prints(connection, feed, area.units):
            return {}  # counted by station or by ward: no LSOA has a figure, not even zero
        counts = {code: counts.get(code, 0.0) for code in sorted(area.units)}
    lsoas = {code for code in counts if code in place.areas and place.areas[code].kind is AreaKind.LSOA}
    return {code: n for code, n in counts.items() if code in lsoas and not math.isnan(n)}


def units_and_older(house: House, area: Area) -> set[str]:
    """The area's units, and LSOAs of an earlier census that lie in it (old tables print those)."""
    members = set(area.units)
    for old, new in house.geography.split.items():
        if new <= area.units:
            members.add(old)
    return members


def _total(
    connection: Connection,
    house: House,
    feed: Feed,
    window: Window,
    area: Area,
    series: str,
    counts: Mapping[str, float],
) -> int | None:
    if feed.span == 1:
        published = sum(sum_of(connection, feed, run, area.code) for run in feed.runs(window))
        return None if math.isnan(published) else int(published)
    own = total_of(connection, house, series, window, area.code, feed.source.id)
    if own is not None:
        return int(own)
    # A table of ten areas is no total; an area that is wholly printed is.
    whole = area.units.issubset(counts)
    return int(sum(counts.values())) if whole else None


def _before(
    connection: Connection, house: House, feed: Feed, window: Window, area: Area
) -> dict[str, float] | None:
    earlier = Window(window.first + -window.months, window.first + -1)
    return _inside(connection, house, feed, earlier, area) if feed.covers(earlier) else None


def _printed(connection: Connection, feed: Feed, window: Window, series: str) -> pd.DataFrame:
    if feed.dataset is None:
        return _NOTHING_PRINTED  # a source by the month prints no ranking
    frame = fetch_published(connection, series, window.last.key, feed.span)
    return frame[(frame["source"] == feed.source.id) & (frame["dataset"] == feed.dataset)].set_index("area")


def _bands(
    connection: Connection, house: House, feed: Feed, window: Window, printed: pd.DataFrame
) -> tuple[Bands | None, str]:
    """The bands of the county's LSOAs, or those a source printed."""
    if len(printed):
        return None, f"bands as printed in {feed.source.short}"
    county = house.geography[house.partnership.county]
    counts = by_code(connection, feed, window, county.units)
    if feed.span != 1 or not counts:
        return None, ""
    bands = Bands.over(np.array([counts.get(code, 0.0) for code in sorted(county.units)]))
    return bands, (
        f"bands over {bands.areas} LSOAs of {county.name}: mean {bands.mean:.1f}, SD {bands.sd:.1f}; "
        "very significantly high is more than mean + 2 SD, significantly high mean + 1 SD"
    )


def _row(
    house: House,
    code: str,
    count: float,
    window: Window,
    bands: Bands | None,
    printed: pd.DataFrame,
    before: int | None,
) -> HotArea:
    place = house.geography
    whole = place[code].kind is AreaKind.MSOA
    people = place.population(sorted(place[code].units) if whole else [code], window.last.year)
    said = str(printed["band"].get(code) or "") if len(printed) else ""
    band = said or (bands.of(count).value if bands else "")
    return HotArea(
        code=code, name=place[code].name, count=int(count),
        people=people.people if people else None,
        people_basis=people.basis if people else "",
        rate=1000 * count / people.people if people else None,
        band=band, before=before,
        rank=0, rank_before=None, visitor=place.visitor(code),
    )  # fmt: skip


def _ranked(rows: Iterable[HotArea], order: Mapping[str, float], top: int, *, by_rate: bool) -> list[HotArea]:
    """The `top` ones, numbered; equal counts keep the order the source printed, else the name's."""

    def key(row: HotArea) -> tuple[float, float, str]:
        figure = (row.rate if row.rate is not None else -1.0) if by_rate else float(row.count)
        return (-figure, float(order.get(row.code) or 0), row.name)

    was = _ranks_before(rows)
    numbered = enumerate(sorted(rows, key=key)[:top], 1)
    return [replace(r, rank=i, rank_before=was.get(r.code)) for i, r in numbered]


def _ranks_before(rows: Iterable[HotArea]) -> dict[str, int]:
    known = [r for r in rows if r.before is not None]
    return {r.code: i for i, r in enumerate(sorted(known, key=lambda r: (-(r.before or 0), r.name)), 1)}
