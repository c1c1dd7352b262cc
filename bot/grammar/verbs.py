"""The commands as data, one entry a verb: the words it takes, what it answers, whether it is built.

In examples {place} and {district} are filled with names of the partnership at hand.
"""

from __future__ import annotations

from bot.grammar.deed_verbs import DEEDS
from bot.grammar.place_verbs import PLACES
from bot.grammar.verb import Slot, Verb

__all__ = ["BUILT", "BY_NAME", "VERBS", "Slot", "Verb"]


def _later(name: str, says: str, *instead: str, yields: bool = False, aliases: tuple[str, ...] = ()) -> Verb:
    """A verb of a later version."""
    return Verb(name, name, says, (), aliases=aliases, built=False, instead=instead, yields=yields)


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
    *PLACES,
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
        "compare [SERIES] AREA vs AREA [PERIOD], or compare [SERIES] [AREA] PERIOD vs PERIOD",
        "compares the rates of two areas, or two periods in one area",
        (
            "compare burglary {district} vs county",
            "compare violence {place} vs {district} 12m",
            "compare vehicle-crime {district} 2020-07 vs 2022-07",
        ),
        slots=("place", "series", "window"),
        places=2,
        pairs=True,
        without="Without a series it means all recorded crime. Two periods without an area are compared in "
        "the whole district.",
    ),
    Verb(
        "peers",
        "peers [SERIES] [PERIOD]",
        "ranks the district among the county's districts by rate per 1,000",
        ("peers total", "peers burglary 12m"),
        slots=("series", "window"),
        aliases=("peer",),
        without="Without a series it means all recorded crime.",
    ),
    Verb(
        "target",
        "target [SERIES]",
        "says how each target stands: promised, recorded so far, where it is heading",
        ("target asb", "target"),
        slots=("series",),
        aliases=("targets",),
        yields=True,
        without="Without a series it means every target.",
    ),
    Verb(
        "reports",
        "reports [SERIES] [AREA]",
        "shows series of which more reports are wanted",
        ("reports hate", "reports"),
        slots=("place", "series"),
        aliases=("reporting",),
        yields=True,
        without="Without a series it means every series of which more reports are wanted.",
    ),
    Verb(
        "issue",
        "issue [SERIES] [AREA]",
        "answers the six questions about one series: over time, against other crimes, targets, where, which "
        "communities, other districts",
        ("issue shoplifting", "issue burglary {place}"),
        slots=("place", "series"),
        aliases=("issues", "six questions"),
    ),
    Verb(
        "season",
        "season [SERIES] [AREA]",
        "says in which months of the year a series is usually high",
        ("season theft-from-person", "season fly-tipping county"),
        slots=("place", "series"),
        aliases=("seasons", "seasonal", "seasonality"),
        yields=True,
    ),
    Verb(
        "event",
        "event [NAME] [YEAR]",
        "sets an event of the calendar against earlier ones and against ordinary months; alone it lists them",
        ("event", "event festival 2022"),
        aliases=("events",),
        text=True,
        yields=True,
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
    # Named in the product and not in this version: a plain Verb takes the place when its answer is there.
    _later("pack", "papers for a meeting", "alerts open", "hotspots {district}", yields=True),
)

BY_NAME: dict[str, Verb] = {name: verb for verb in VERBS for name in (verb.name, *verb.aliases)}
BUILT: tuple[Verb, ...] = tuple(verb for verb in VERBS if verb.built)
