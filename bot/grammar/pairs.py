"""What `compare` sets side by side: two areas in one period, or two periods in one area."""

from __future__ import annotations

from bot.grammar.hearing import Heard
from bot.grammar.periods import FIRST_YEAR, HINT
from bot.grammar.places import Gazetteer
from bot.grammar.query import Misunderstood
from bot.grammar.suggest import command, examples
from bot.grammar.verb import Verb
from rules.month import Window


def misfit(verb: Verb, heard: Heard, gazetteer: Gazetteer) -> Misunderstood | None:
    """What keeps the words from being a pair; None when they are one, or when the command takes no pairs."""
    if not verb.pairs:
        return None
    periods = list(dict.fromkeys(heard.periods))
    if len(heard.places) < 2:
        if len(periods) == 2:
            return _periods(verb, heard, gazetteer)
        if len(periods) < 2:
            return _half(verb, heard, gazetteer)
    elif len(periods) < 2:
        return None
    if len(periods) == 2:
        said = "takes two places or two periods, not both."
    else:
        said = f"takes two periods. I read {len(periods)}."
    return Misunderstood(f"{verb.name} {said} It is written: {verb.usage}", examples([verb], gazetteer))


def _periods(verb: Verb, heard: Heard, gazetteer: Gazetteer) -> Misunderstood | None:
    if heard.two_periods:
        return None
    windows = [p.window for p in dict.fromkeys(heard.periods)]
    old, new = windows[0], windows[1]
    if old is None or new is None:
        said = f"Name both periods that are compared. {HINT}"
    elif old.months != new.months:
        said = f"Two periods are compared only when they are equally long: {old.words}, {new.words}."
    else:
        said = f"These periods share months: {old.words}, {new.words}."
    return Misunderstood(said, examples([verb], gazetteer))


def _half(verb: Verb, heard: Heard, gazetteer: Gazetteer) -> Misunderstood:
    """Only one of either, or none: say what was read, and offer the other half."""
    window = heard.periods[0].window if heard.periods else None
    read, offers = [], []
    if heard.places:
        code = heard.places[0].code
        read.append(gazetteer.geography[code].name)
        other = gazetteer.geography.county
        if code == other:
            other = gazetteer.geography.district
        offers.append(command(verb, heard, ("place", gazetteer.typing(other))))
    if window is not None:
        read.append(window.words)
        before = window.first + -window.months
        if before.year >= FIRST_YEAR and not heard.places:
            earlier = Window.ending(window.first + -1, window.months)
            series = [text for slot, text in heard.said if slot == "series"][:1]
            offers.append(" ".join([verb.name, *series, f"{earlier} vs {window}"]))
    only = f" I read only {' and '.join(read)}." if read else ""
    return Misunderstood(
        f"{verb.name} needs two places or two periods, with vs between them.{only}",
        tuple(dict.fromkeys((*offers, *examples([verb], gazetteer)))),
    )
