"""`help`: the commands, one line each with an example; `help COMMAND / series / places / periods`."""

from __future__ import annotations

from collections.abc import Callable

from bot.grammar.periods import HINT
from bot.grammar.places import Gazetteer
from bot.grammar.query import Query
from bot.grammar.suggest import filled, not_yet
from bot.grammar.typed import echo, series_names, words_of
from bot.grammar.verbs import BUILT, BY_NAME, VERBS, Verb
from bot.message import Answer, Table
from bot.words import plural
from jobs.folder.lexicon import Lexicon
from rules.claims import Claimant

_SHOWN_SYNONYMS = 3
_FOOTER = "Words may stand in any order. Add share to show the answer to the whole channel."


def answer(query: Query, gazetteer: Gazetteer, lexicon: Lexicon) -> Answer:
    """The page that the query's word names; the list of commands without one."""
    topic = " ".join(query.word.lower().split()).removeprefix("/")
    if not topic:
        return _commands(gazetteer)
    if page := _PAGES.get(topic):
        return page(gazetteer, lexicon)
    if verb := BY_NAME.get(topic):
        return _command(verb, gazetteer)
    series = series_names(lexicon.series).get(words_of(topic))
    shown = echo(topic)
    return Answer(
        title="No such help page",
        lines=(f"There is no help on “{shown}”." if shown else "There is no help on that.",),
        suggestions=(f"define {series or shown}", "help", "help series")
        if shown
        else ("help", "help series"),
        state="unknown",
        data={"topic": shown},
    )


def _commands(gazetteer: Gazetteer) -> Answer:
    rows = tuple((filled(verb.examples[0], gazetteer), verb.says) for verb in BUILT)
    later = [verb.name for verb in VERBS if not verb.built]
    return Answer(
        title="What you can ask",
        lines=(
            "Ask for a place, a series of crimes or incidents, and a time.",
            *(f"{example}: {says}." for example, says in rows),
            "A place name alone works too. For more: help hotspots, help series, help places, help periods.",
            f"Not in this version yet: {', '.join(later)}.",
        ),
        suggestions=tuple(example for example, _ in rows[:3]),
        footer=(_FOOTER,),
        data={"commands": {v.name: v.usage for v in BUILT}, "later": later},
    )


def _command(verb: Verb, gazetteer: Gazetteer) -> Answer:
    examples = tuple(filled(example, gazetteer) for example in verb.examples)
    if not verb.built:
        problem = not_yet(verb, gazetteer)
        return Answer(problem.title, (problem.message,), suggestions=problem.suggestions, state="unknown")
    lines = [
        f"{verb.name} {verb.says}.",
        f"It is written: {verb.usage}",
        f"For example: {'; '.join(examples)}.",
    ]
    if verb.needs_place:
        lines.append("The place must be there.")
    elif "place" in verb.slots and not verb.order and not verb.without:
        lines.append("Without an area it means the whole district.")
    if verb.without:
        lines.append(verb.without)
    elif "series" in verb.slots and verb.name != "alerts" and not verb.order:
        lines.append("Without a series it means all recorded crime.")
    if "window" in verb.slots:
        lines.append(HINT)
    if "top" in verb.slots:
        lines.append("top:N shows so many areas, 1 to 50. by:rate ranks by rate per 1,000 residents.")
    if verb.aliases:
        lines.append(f"You can also type: {', '.join(verb.aliases)}.")
    return Answer(
        title=verb.name,
        lines=tuple(lines),
        suggestions=examples,
        footer=(_FOOTER,),
        data={"command": verb.name, "usage": verb.usage, "examples": list(examples)},
    )


def _series(_: Gazetteer, lexicon: Lexicon) -> Answer:
    """Every series under its basket: the topmost parent."""
    rows: list[tuple[str, ...]] = []
    baskets: dict[str, list[str]] = {}
    for series in lexicon:
        above = lexicon.ancestors(series.id)
        basket = above[-1] if above else series.id
        baskets.setdefault(basket, []).append(series.id)
    for members in baskets.values():
        for name in members:
            depth = len(lexicon.ancestors(name))
            also = ", ".join(lexicon[name].synonyms[:_SHOWN_SYNONYMS])
            rows.append(("· " * depth + lexicon[name].title, name, also))
    told = Claimant("lexicon")
    return Answer(
        title="Series",
        lines=(
            f"{plural(len(rows), 'series', 'series')} in {plural(len(baskets), 'basket')}. "
            "A dot marks a part of the basket above it.",
            "Type the name, the title or what you usually say. For one of them: define and its name.",
        ),
        claims=(told.count("series", len(rows)), told.count("baskets", len(baskets))),
        table=Table("What is counted", (("Series", "left"), ("Name", "left"), ("Also", "left")), tuple(rows)),
        suggestions=("define asb", "define domestic abuse", "trend total"),
        data={"baskets": {basket: list(members) for basket, members in baskets.items()}},
    )


def _places(gazetteer: Gazetteer, _: Lexicon) -> Answer:
    examples = tuple(filled(text, gazetteer) for text in ("area {place}", "area {place} ward", "area county"))
    return Answer(
        title="Places",
        lines=(
            "Type a town, village, ward, MSOA or LSOA name, a site, district or county, or its ONS code.",
            "Small slips of spelling are mended, and the answer says so.",
            "One name can mean several areas. A town comes first, then MSOA, ward, site, district and LSOA. "
            "Add the kind to choose: ward, former ward, msoa, lsoa, town, site.",
            "Full postcodes are neither looked up nor repeated.",
        ),
        suggestions=examples,
    )


def _periods(gazetteer: Gazetteer, _: Lexicon) -> Answer:
    rows = (
        ("2022-06, june 2022, jun 22", "one month"),
        ("2012", "a calendar year"),
        ("fy 2021/22", "April 2021 to March 2022"),
        ("2021-01..2021-12, 2019..2023", "from one to another, both included"),
        ("3m, 12m, 6y, last month", "the last months that there are data for"),
        ("year to sep 2012", "the twelve months that end with September 2012"),
    )
    return Answer(
        title="Periods",
        lines=("Whole months only: the sources publish no days or hours.",),
        table=Table("How to write a time", (("You type", "left"), ("It means", "left")), rows),
        suggestions=tuple(filled(e, gazetteer) for e in BY_NAME["trend"].examples),
    )


_PAGES: dict[str, Callable[[Gazetteer, Lexicon], Answer]] = {
    "series": _series,
    "places": _places,
    "place": _places,
    "periods": _periods,
    "period": _periods,
    "help": lambda gazetteer, _: _commands(gazetteer),
}
