"""Does what was heard fit the command? Each check names one thing that does not, and what to write."""

from __future__ import annotations

from bot.grammar.hearing import Heard
from bot.grammar.pairs import misfit
from bot.grammar.places import Gazetteer
from bot.grammar.query import Misunderstood
from bot.grammar.suggest import MOST, command, examples, filled
from bot.grammar.typed import echo
from bot.grammar.verbs import Slot, Verb

_MOST_CHOICES = 8
_SLOTS: dict[Slot, str] = {
    "place": "place", "series": "series", "window": "period", "by": "by:", "top": "top:",
}  # fmt: skip


def refusal(verb: Verb, heard: Heard, gazetteer: Gazetteer) -> Misunderstood | None:
    """The first thing that does not fit, or None."""
    for check in (_slots, _choice, _surplus, misfit, _missing):
        if problem := check(verb, heard, gazetteer):
            return problem
    return None


def _slots(verb: Verb, heard: Heard, gazetteer: Gazetteer) -> Misunderstood | None:
    """Options with a wrong value, and what this command does not take at all."""
    if heard.wrong:
        return Misunderstood(heard.wrong[0], examples([verb], gazetteer))
    given: dict[Slot, bool] = {
        "place": bool(heard.places or heard.choosers or heard.nowhere),
        "series": bool(heard.series),
        "window": bool(heard.periods),
        "by": bool(heard.ranks),
        "top": bool(heard.tops),
    }
    for slot, there in given.items():
        if there and slot not in verb.slots:
            return Misunderstood(
                f"{verb.name} takes no {_SLOTS[slot]}. It is written: {verb.usage}",
                tuple(filled(example, gazetteer) for example in verb.examples[:MOST]),
            )
    return None


def _choice(verb: Verb, heard: Heard, _: Gazetteer) -> Misunderstood | None:
    """Several areas equally meant, or a name that is no area of the kind asked for."""
    if heard.choosers:
        chooser = heard.choosers[0]
        shown = "; ".join(chooser.names[:_MOST_CHOICES])
        return Misunderstood(
            f"“{echo(chooser.asked)}” can be several areas: {shown}.",
            tuple(command(verb, heard, ("place", choice)) for choice in chooser.choices[:_MOST_CHOICES]),
            title="Which area?",
        )
    if heard.nowhere:
        asked, nearest = heard.nowhere[0].asked, heard.nowhere[0].nearest
        return Misunderstood(
            f"There is no “{echo(asked)}”. That name means: {'; '.join(nearest)}.",
            tuple(command(verb, heard, ("place", name)) for name in nearest[:MOST]),
        )
    return None


def _surplus(verb: Verb, heard: Heard, gazetteer: Gazetteer) -> Misunderstood | None:
    """More than one of what a command takes one of. The same twice is no more than one."""
    series = list(dict.fromkeys(heard.series))
    if len(series) > 1:
        return Misunderstood(
            f"{verb.name} takes one series at a time. I read {' and '.join(series[:MOST])}.",
            tuple(command(verb, heard, ("series", name)) for name in series[:MOST]),
        )
    one_each = (
        ("period", [str(p.window or f"{p.months}m") for p in dict.fromkeys(heard.periods)]),
        ("by:", [str(rank) for rank in dict.fromkeys(heard.ranks)]),
        ("top:", [str(top) for top in dict.fromkeys(heard.tops)]),
    )
    for what, found in one_each:
        if len(found) > 1 and not (verb.pairs and what == "period"):
            return Misunderstood(
                f"{verb.name} takes one {what} at a time. I read {' and '.join(found[:MOST])}.",
                examples([verb], gazetteer),
            )
    if len(heard.places) > verb.places:
        names = [gazetteer.typing(place.code) for place in heard.places]
        most = "one place" if verb.places == 1 else "two places"
        return Misunderstood(
            f"{verb.name} takes {most}. I read {' and '.join(names[:4])}.",
            tuple(command(verb, heard, ("place", name)) for name in names[:MOST])
            if verb.places == 1
            else (command(verb, heard),),
        )
    return None


def _missing(verb: Verb, heard: Heard, gazetteer: Gazetteer) -> Misunderstood | None:
    """A place that the command cannot do without."""
    if not verb.needs_place or heard.places:
        return None
    return Misunderstood(
        f"{verb.name} needs a place. It is written: {verb.usage}",
        examples([verb], gazetteer),
    )
