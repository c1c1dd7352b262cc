"""The commands as data, one entry a verb: the words it takes, what it answers, whether it is built.

In examples {place} and {district} are filled with names of the partnership at hand.
"""

from __future__ import annotations

from bot.grammar.deed_verbs import DEEDS
from bot.grammar.verb import Slot, Verb

__all__ = ["BUILT", "BY_NAME", "VERBS", "Slot", "Verb"]


def _later(name: str, says: str, *instead: str, yields: bool = False, aliases: tuple[str, ...] = ()) -> Verb:
    """A verb of a later version."""
    return Verb(name, name, says, (), aliases=aliases, built=False, instead=instead, yields=yields)


def _both(series: str) -> tuple[str, str]:
    return f"trend {series}", f"hotspots {series}"


VERBS: tuple[Verb, ...] = (
    Verb(
        "hotspots",
        "hotspots [AREA] [SERIES] [PERIOD] [by:count or by:rate] [top:N]",
        "ranks areas by recorded count or by rate per 1,000",
        (
            "hotspots {place}",
            "hotspots {district} burglary by:rate top:5",
            "hotspots {place} year to sep 2012",
        ),
        slots=("place", "series", "window", "by", "top"),
        aliases=("hotspot", "hot spots", "hot spot"),
    ),
    Verb(
        "area",
        "area PLACE",
        "says what a place name means here, its last 12 months and its open alerts",
        ("area {place}", "area {district}"),
        slots=("place",),
        aliases=("areas", "place"),
        needs_place=True,
        yields=True,
    ),
    Verb(
        "trend",
        "trend [SERIES] [AREA] [PERIOD]",
        "shows how a series moved, with its usual range",
        (
            "trend vehicle-crime {district} 24m",
            "trend total {district} 2019..2023",
            "trend sac {district} 6y",
        ),
        slots=("place", "series", "window"),
        aliases=("trends",),
    ),
    Verb(
        "alerts",
        "alerts [open, all or mine] [AREA]",
        "lists what moved away from usual",
        ("alerts open {place}", "alerts all", "alerts mine"),
        slots=("place",),
        aliases=("alert",),
        words=("open", "all", "mine"),
    ),
    Verb(
        "why",
        "why ALERT-ID",
        "gives the whole evidence of one alert",
        ("why A-2022-06-03",),
        text=True,
    ),
    Verb(
        "compare",
        "compare [SERIES] AREA vs AREA [PERIOD]",
        "compares the rates of two areas",
        ("compare burglary {district} vs county",),
        slots=("place", "series", "window"),
        places=2,
        built=False,
        instead=("trend burglary {district}", "trend burglary county", "hotspots county burglary"),
    ),
    Verb(
        "data",
        "data",
        "says how fresh each source is and what was revised",
        ("data",),
        aliases=("freshness",),
    ),
    Verb("sources", "sources", "names the sources and their licences", ("sources",), aliases=("source",)),
    Verb(
        "define",
        "define TERM",
        "explains a term or a series",
        ("define TFMV", "define usual range"),
        aliases=("definition", "what is", "whats", "glossary"),
        text=True,
    ),
    Verb(
        "help",
        "help [COMMAND or series or places or periods]",
        "explains a command",
        ("help hotspots", "help series"),
        aliases=("commands", "?"),
        text=True,
    ),
    Verb(
        "digest",
        "digest [MONTH] [preview or sign]",
        "shows the monthly digest, with preview all of it; an analyst signs a draft off",
        ("digest 2022-06", "digest 2022-06 preview"),
        slots=("window",),
        words=("preview", "sign"),
        yields=True,
    ),
    *DEEDS,
    # Named in the product and not in this version. Give one its slots and `built` when its answer is there.
    _later("issue", "the six questions about one series", "trend shoplifting", "hotspots shoplifting"),
    _later("peers", "the rank among similar partnerships", "hotspots county"),
    _later("season", "the months in which a series peaks", "trend theft-from-person 6y", yields=True),
    _later("event", "an event against earlier ones", "trend theft-from-person 6y", yields=True),
    _later("fires", "deliberate fires and their kinds", *_both("fires-deliberate"), yields=True),
    _later("asb", "anti-social behaviour and its kinds", *_both("asb"), yields=True),
    _later("flytip", "fly-tipping and its neighbours", *_both("fly-tipping"), yields=True),
    _later("target", "targets, pace and projection", "trend total 24m", aliases=("targets",), yields=True),
    _later("reports", "series of which more reports are wanted", "trend hate {district}", yields=True),
    _later("map", "a map and the same as a list", "hotspots {district}", aliases=("maps",), yields=True),
    _later("pack", "papers for a meeting", "alerts open", "hotspots {district}", yields=True),
)

BY_NAME: dict[str, Verb] = {name: verb for verb in VERBS for name in (verb.name, *verb.aliases)}
BUILT: tuple[Verb, ...] = tuple(verb for verb in VERBS if verb.built)
