"""The commands about families of series, and the map; see `verbs.py`."""

from __future__ import annotations

from bot.grammar.verb import Verb

PLACES: tuple[Verb, ...] = (
    Verb(
        "fires",
        "fires [AREA] [primary, secondary or vehicle] [PERIOD]",
        "splits deliberate fires by kind, with where they were and what lies beside them",
        ("fires {district}", "fires {place} primary", "fires {district} vehicle 6m"),
        slots=("place", "window"),
        aliases=("fire",),
        words=("primary", "secondary", "vehicle"),
        kinds=("fires-primary", "fires-secondary", "fires-primary-vehicle"),
        family="fires-deliberate",
        yields=True,
    ),
    Verb(
        "asb",
        "asb [AREA] [personal, nuisance or environmental] [PERIOD]",
        "shows anti-social behaviour by kind, with where it was and fly-tipping beside it",
        ("asb {place}", "asb {district} 6m"),
        slots=("place", "window"),
        aliases=("anti-social behaviour", "antisocial behaviour"),
        words=("personal", "nuisance", "environmental"),
        kinds=("asb-personal", "asb-nuisance", "asb-environmental"),
        family="asb",
        yields=True,
    ),
    Verb(
        "flytip",
        "flytip [AREA] [PERIOD]",
        "shows fly-tipping in an area and in what touches it",
        ("flytip {place}", "flytip {district} 2020"),
        slots=("place", "window"),
        aliases=("flytipping", "fly-tipping", "fly tipping"),
        family="fly-tipping",
        yields=True,
    ),
    Verb(
        "map",
        "map [SERIES] [AREA] [PERIOD] [by:count or by:rate]",
        "draws a map, and gives the same as a list",
        ("map violence", "map burglary {place} 12m", "map {district} by:rate"),
        slots=("series", "place", "window", "by"),
        aliases=("maps",),
        yields=True,
    ),
)
