"""The places of the county that stories happen in, and the whole rule book at work on it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from jobs.folder.lexicon import load_lexicon
from jobs.folder.library import load_rules
from rules.context import Context
from rules.model import Area, AreaKind, Series
from rules.spec import Rule

OTHERS = tuple(f"d{i}" for i in range(2, 8))
SMALL, OUR, COUNTY, SITE = 12, "ours", "county", "site"
RESIDENTS = 1500.0
_NO_MSOAS = 60  # our LSOAs from which on they stand for streets, which make up no larger place


@cache
def book() -> tuple[Rule, ...]:
    """Every shipped rule."""
    return load_rules()


@cache
def series() -> Mapping[str, Series]:
    """Every shipped series, with its polarity, its harm and its note."""
    return load_lexicon().by_id


def areas(named: tuple[str, ...], small: int, visitors: Mapping[str, str]) -> dict[str, Area]:
    """LSOAs, ours first; MSOAs of three; a site in our first LSOA; seven districts; the county."""
    mine = [*named, *(f"l{i}" for i in range(len(named), small))]
    districts = {OUR: mine} | {d: [f"{d}-{i}" for i in range(SMALL)] for d in OTHERS}
    every = [u for own in districts.values() for u in own]
    found = {u: Area(u, u, AreaKind.LSOA, frozenset({u}), visitor=visitors.get(u, "")) for u in every}
    for i in range(0, small if small < _NO_MSOAS else 0, 3):
        found[f"m{i}"] = Area(f"m{i}", f"m{i}", AreaKind.MSOA, frozenset(mine[i : i + 3]))
    found[SITE] = Area(SITE, "The park", AreaKind.SITE, frozenset(mine[:1]))
    for d, own in districts.items():
        found[d] = Area(d, d, AreaKind.DISTRICT, frozenset(own), parent=COUNTY)
    found[COUNTY] = Area(COUNTY, "The county", AreaKind.COUNTY, frozenset(every))
    return found


def context(places: Mapping[str, Area], people: Mapping[str, float]) -> Context:
    """What may be known of the places: each of our LSOAs touches the next one."""
    mine = [c for c, a in places.items() if a.kind is AreaKind.LSOA and a.units <= places[OUR].units]
    near = {u: frozenset(mine[max(i - 1, 0) : i] + mine[i + 1 : i + 2]) for i, u in enumerate(mine)}
    residents = {c: sum(people.get(u, RESIDENTS) for u in a.units) for c, a in places.items()}
    return Context(places, series(), OUR, COUNTY, neighbours=near, people=residents)
