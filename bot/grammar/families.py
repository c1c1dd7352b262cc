"""The words of a command about a family of series, whose own name is a series word: `fires primary`."""

from __future__ import annotations

from collections.abc import Sequence

from bot.grammar.hearing import Heard, Hearing
from bot.grammar.places import Gazetteer
from bot.grammar.verb import Verb
from jobs.folder.lexicon import Lexicon


def hear_family(
    verb: Verb, tokens: Sequence[str], gazetteer: Gazetteer, lexicon: Lexicon
) -> tuple[Heard, str] | None:
    """All tokens heard, the command's name among them, and the series of the family that is meant.

    The lexicon is asked first, since `non vehicle fires` are not `vehicle`; what it leaves is read again
    with the command's own keywords. Series of other families stay in `Heard.series`, to be refused. None
    where the name was part of a place or of a series elsewhere: `fire station`, `accidental fires`.
    """
    heard = Hearing(gazetteer, lexicon, ()).hear(tokens)
    family = lexicon.family(verb.family)
    if heard.unknown or any(s not in family for s in heard.series):
        heard = Hearing(gazetteer, lexicon, verb.words).hear(tokens)
    named = [s for s in heard.series if s in family]
    if not named:
        return None
    by_word = dict(zip(verb.words, verb.kinds, strict=True))
    said = [by_word[t.lower()] for t in tokens if heard.word and t.lower() in by_word]
    kind = _one({*named, *said}, verb, lexicon)
    heard.series = [s for s in heard.series if s not in family]
    heard.said = [(slot, text) for slot, text in heard.said if slot != "series"]
    heard.said.append(("series", kind))  # what another command is offered with
    heard.word = next((word for word, series in by_word.items() if series == kind), "")
    return heard, kind


def _one(meant: set[str], verb: Verb, lexicon: Lexicon) -> str:
    """The narrowest that holds what is meant; the family where two of its branches are."""
    narrowest = max(sorted(meant), key=lambda s: len(lexicon.ancestors(s)))
    line = {narrowest, *lexicon.ancestors(narrowest)}
    return narrowest if meant <= line else verb.family
