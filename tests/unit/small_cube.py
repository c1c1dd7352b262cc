"""A county of three districts in arrays: what the engine's tests judge. Every figure is made up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePath

import numpy as np
import numpy.typing as npt

from rules.book import parse_rule
from rules.context import Context
from rules.model import Area, AreaKind, Break, Classification, Cube, Event, Month, Polarity, Series
from rules.spec import Rule

COUNTY, HOME, SITE = "county", "home", "site"
UNITS = tuple(f"u{n:02d}" for n in range(1, 13))
MSOAS = {"m1": UNITS[:2], "m2": UNITS[2:4]}
DISTRICTS = {HOME: UNITS[:4], "east": UNITS[4:8], "west": UNITS[8:]}
FIRST, MONTHS = Month(2019, 1), 36
LAST = FIRST + (MONTHS - 1)


def _areas() -> dict[str, Area]:
    found = {u: Area(u, u, AreaKind.LSOA, frozenset({u})) for u in UNITS}
    found |= {m: Area(m, m, AreaKind.MSOA, frozenset(own)) for m, own in MSOAS.items()}
    found |= {d: Area(d, d, AreaKind.DISTRICT, frozenset(own), 2011, COUNTY) for d, own in DISTRICTS.items()}
    found[SITE] = Area(SITE, SITE, AreaKind.SITE, frozenset({UNITS[0]}), 2011, HOME, "festival visitors")
    found[COUNTY] = Area(COUNTY, COUNTY, AreaKind.COUNTY, frozenset(UNITS))
    return found


AREAS = _areas()


def series(name: str, harm: int = 1, parent: str | None = None) -> Series:
    """A public series of which a rise is bad."""
    return Series(name, name, parent, Polarity.BAD, harm, Classification.PUBLIC, 0, name)


SERIES = {s.id: s for s in (series("theft"), series("robbery", 2), series("arson", 3))}


def context(
    *,
    events: Sequence[Event] = (),
    breaks: Sequence[Break] = (),
    areas: Mapping[str, Area] = AREAS,
    kinds: Mapping[str, Series] = SERIES,
) -> Context:
    """What the engine may know."""
    return Context(areas, kinds, HOME, COUNTY, tuple(events), tuple(breaks))


def event(uid: str, *months: Month, held: bool = True, area: str = SITE) -> Event:
    """A happening at the site."""
    return Event(uid, uid, area, months, held, verified=True)


def known_break(mask: str, first: Month, last: Month | None = None, **more: tuple[str, ...]) -> Break:
    """A registered break of every series everywhere, unless said otherwise."""
    return Break("b", "a break", first, last, mask, more.get("series", ("*",)), more.get("areas", ("*",)))


Small = npt.NDArray[np.float64]


def usual(level: int = 12, months: int = MONTHS) -> Small:
    """Counts per LSOA, shape (LSOAs, months): a level with a little unrest, the same on every run."""
    u, t = np.arange(len(UNITS))[:, None], np.arange(months)[None, :]
    found: Small = (level + (u * 3 + t * 7 + u * t) % 5 - 2).astype(float)
    return found


def cube(
    *small: Small, names: Sequence[str] = ("theft",), areas: Mapping[str, Area] = AREAS, first: Month = FIRST
) -> Cube:
    """A cube in which every area is the sum of its LSOAs; NaN in one makes the sum unknown."""
    member = np.array([[float(u in a.units) for u in UNITS] for a in areas.values()])
    stack = np.stack(small)
    known = np.einsum("au,sut->sat", member, np.nan_to_num(stack))
    unknown = np.einsum("au,sut->sat", member, np.isnan(stack).astype(float)) > 0
    counts = np.where(unknown, np.nan, known)
    return Cube(tuple(names), tuple(areas), first, counts, np.zeros((len(small), stack.shape[2])))


_RULE = """
id = "{id}"
title = "t"
why = "w."
owner = "o"
version = 1
direction = "{direction}"
detector = "{detector}"
[scope]
levels = {levels}
series = {series}
[parameters]
alpha = 0.001
min_count = 6
min_excess = 4
{knobs}
[[example]]
title = "fires"
fires = true
area = [1, 2]
county = [1, 2]
[[example]]
title = "quiet"
fires = false
area = [1, 2]
county = [1, 2]
"""


def rule(
    id_: str = "month-spike",
    *levels: str,
    direction: str = "rise",
    detector: str = "spike",
    series: Sequence[str] = ("leaves",),
    knobs: str = "",
) -> Rule:
    """A rule on its own, so that these tests do not change with the shipped ones."""
    wanted = list(levels or ("district", "msoa", "lsoa"))
    text = _RULE.format(
        id=id_, direction=direction, detector=detector, levels=wanted, series=list(series), knobs=knobs
    )
    return parse_rule(text.replace("'", '"'), PurePath(f"{id_}.toml"))


SPIKE = rule()
DROP = rule("month-drop", "district", direction="fall")
COUNTYWIDE = rule("county-movement", "county")
WINDOW = rule("at-events", "site", detector="event_window", knobs='events = "*"\nprevious = 2')
