"""Text to Query, or to Misunderstood with suggestions. Order-free; never raises on what people type.

The commands are data (verbs.py). Everything before the answer happens here: the length cap, the postcode that
is never repeated, the slash or mention in front, the one word that is not known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.grammar.families import hear_family
from bot.grammar.fit import refusal
from bot.grammar.hearing import Heard, Hearing
from bot.grammar.orders import ALERT_ID, read_order
from bot.grammar.periods import split
from bot.grammar.places import Gazetteer
from bot.grammar.query import Misunderstood, Query, Rank
from bot.grammar.suggest import MOST, command, examples, not_yet, unknown_words
from bot.grammar.typed import LONGEST, has_postcode, tidy, unaddressed
from bot.grammar.verbs import BUILT, BY_NAME, Verb
from bot.words import shorten
from jobs.folder.lexicon import Lexicon
from rules.model import Classification, Month

__all__ = ["LONGEST", "parse"]

_EDGES = '?!.,;:"“”()[]{}<>*~`'
_LONGEST_WORD = 60


@dataclass(frozen=True, slots=True)
class _Known:
    """What does not change from one word to the next."""

    gazetteer: Gazetteer
    lexicon: Lexicon
    as_of: Month | None
    clearance: Classification

    def query(self, verb: str, *, word: str = "", share: bool = False) -> Query:
        return Query(verb, word=word, share=share, as_of=self.as_of, clearance=self.clearance)


def parse(
    text: str,
    gazetteer: Gazetteer,
    lexicon: Lexicon,
    *,
    as_of: Month | None = None,
    clearance: Classification = Classification.PUBLIC,
) -> Query | Misunderstood:
    """One command as typed in Slack, Teams or the terminal."""
    known = _Known(gazetteer, lexicon, as_of, clearance)
    if len(text.strip()) > LONGEST:
        return Misunderstood(
            f"That is longer than {LONGEST} characters. Ask one short question at a time.",
            examples(BUILT[:MOST], gazetteer),
        )
    said = unaddressed(tidy(text))
    if has_postcode(said):
        return Misunderstood(
            "Full postcodes are neither looked up nor repeated here. Use the name of a town, ward or area.",
            examples(BUILT[:MOST], gazetteer),
        )
    tokens = [t if t == ".." or t == "?" else t.strip(_EDGES) for t in split(said.split())]
    tokens = [t for t in tokens if t]
    if not tokens:
        return known.query("help")
    order = _order(tokens)
    if order is not None:
        return read_order(order, said, known.query(order.name), gazetteer, lexicon)
    return _command(tokens, said, known)


def _order(tokens: list[str]) -> Verb | None:
    """The command to do something that a text begins with: its free words may name other commands.

    One whose name is a common word counts here only with an alert beside it: `note A-2022-06-03 ...`.
    """
    begins = _verbs(tokens[:3])
    for where, verb in begins[:1]:
        beside = [t for t in (*tokens[: where.start], *tokens[where.stop : where.stop + 1]) if t]
        with_alert = any(ALERT_ID.fullmatch(t) for t in beside)
        if verb.order and (with_alert or (where.start == 0 and not verb.yields)):
            return verb
    return None


def _command(tokens: list[str], said: str, known: _Known) -> Query | Misunderstood:
    verbs = _verbs(tokens)
    strong = [found for found in verbs if not found[1].yields]
    leading = strong[0] if strong and strong[0][0].start == 0 else None
    if leading and leading[1].text:
        return _free_text(leading[1], tokens[leading[0].stop :], known)
    if len({verb.name for _, verb in strong}) > 1:
        names = list(dict.fromkeys(verb.name for _, verb in strong))[:MOST]
        return Misunderstood(
            f"One command at a time: I read {' and '.join(names)}.",
            examples([BY_NAME[name] for name in names], known.gazetteer),
        )
    if not verbs:
        return _without_verb(tokens, known)
    # The name of a family is a series too, which every other command can take: `map asb`, `asb map`.
    where, verb = (strong or [found for found in verbs if not found[1].family] or verbs)[0]
    if verb.family:
        return _of_family(verb, tokens, known)
    if verb.order:
        return read_order(verb, said, known.query(verb.name), known.gazetteer, known.lexicon)
    if not verb.built:
        heard = Hearing(known.gazetteer, known.lexicon, ()).hear(tokens)
        return not_yet(verb, known.gazetteer, heard)
    rest = [*tokens[: where.start], "", *tokens[where.stop :]]
    if verb.text:
        return _free_text(verb, [t for t in rest if t], known)
    return _query(verb, Hearing(known.gazetteer, known.lexicon, verb.words).hear(rest), known)


def _of_family(verb: Verb, tokens: list[str], known: _Known) -> Query | Misunderstood:
    """`fires`, `asb`, ...: with one of their kinds, if that is said; else the name was part of another."""
    found = hear_family(verb, tokens, known.gazetteer, known.lexicon)
    if found is None:
        return _without_verb(tokens, known)
    heard, kind = found
    query = _query(verb, heard, known)
    return replace(query, series=kind) if isinstance(query, Query) else query


def _verbs(tokens: Sequence[str]) -> list[tuple[slice, Verb]]:
    """Where command names stand; two tokens ("hot spots") before one."""
    found: list[tuple[slice, Verb]] = []
    i = 0
    while i < len(tokens):
        size = next((n for n in (2, 1) if " ".join(tokens[i : i + n]).lower() in BY_NAME), 0)
        if size:
            found.append((slice(i, i + size), BY_NAME[" ".join(tokens[i : i + size]).lower()]))
        i += max(size, 1)
    return found


def _free_text(verb: Verb, tokens: list[str], known: _Known) -> Query | Misunderstood:
    """`why ID`, `define TERM`, `help TOPIC`."""
    share = len(tokens) > 1 and tokens[-1].lower() == "share"
    word = shorten(" ".join(tokens[:-1] if share else tokens), _LONGEST_WORD)
    if verb.name == "why":
        word = word.upper()
        if not ALERT_ID.fullmatch(word):
            return Misunderstood(
                "why takes the id of an alert, which looks like A-2022-06-03.", ("alerts open", "help why")
            )
    return known.query(verb.name, word=word, share=share)


def _without_verb(tokens: list[str], known: _Known) -> Query | Misunderstood:
    """A place alone means `area PLACE`, an alert id alone `why ID`; all else needs its command said."""
    if len(tokens) == 1 and ALERT_ID.fullmatch(tokens[0].upper()):
        return known.query("why", word=tokens[0].upper())
    heard = Hearing(known.gazetteer, known.lexicon, ()).hear(tokens)
    if heard.unknown:
        return unknown_words(heard, None, known.gazetteer, known.lexicon)
    if heard.only_one_place:
        return _query(BY_NAME["area"], heard, known)
    names = ["compare"] if len(heard.places) > 1 else ["trend", "hotspots"] if heard.said else []
    offers = tuple(command(BY_NAME[name], heard) for name in names)
    return Misunderstood(
        "Which command? Begin with one, for example hotspots or trend.",
        offers or examples(BUILT[:MOST], known.gazetteer),
    )


def _query(verb: Verb, heard: Heard, known: _Known) -> Query | Misunderstood:
    """The Query, unless something is not known, missing, too much, or not of this command."""
    if heard.unknown:
        return unknown_words(heard, verb, known.gazetteer, known.lexicon)
    if problem := refusal(verb, heard, known.gazetteer):
        return problem
    period = heard.periods[0] if heard.periods else None
    pair = heard.two_periods if verb.pairs else None
    return Query(
        verb.name,
        places=tuple(heard.places),
        series=heard.series[0] if heard.series else None,
        by=heard.ranks[0] if heard.ranks else Rank.COUNT,
        window=pair[1] if pair else period.window if period else None,
        base=pair[0] if pair else None,
        months=period.months if period else None,
        top=heard.tops[0] if heard.tops else None,
        share=heard.share,
        word=heard.word,
        as_of=known.as_of,
        clearance=known.clearance,
    )
