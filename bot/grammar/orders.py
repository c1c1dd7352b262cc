"""Commands that do something: what is told to them is read here, since free words are part of it."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

from bot.grammar.cutting import cut_day, cut_days, cut_quoted
from bot.grammar.fit import refusal
from bot.grammar.hearing import Heard, Hearing
from bot.grammar.periods import read_period, split
from bot.grammar.places import Gazetteer
from bot.grammar.query import Misunderstood, Order, Query
from bot.grammar.suggest import examples, unknown_words
from bot.grammar.verbs import Verb
from jobs.folder.lexicon import Lexicon

ALERT_ID = re.compile(r"A-\d{4}-\d{2}-\d{2,4}", re.IGNORECASE)
_EDGES = '?!.,;:"“”()[]{}<>*~`'
_RULE = re.compile(r"\brule[:=]\s*([a-z][a-z0-9-]*)", re.IGNORECASE)
_SEVERITY = re.compile(r"\bseverity\s*(?:>=|=|:|from)?\s*([1-3])\b", re.IGNORECASE)
_HOURS = re.compile(r"(\d{1,2})(?::?(\d{2}))?\s*(?:-|–|to)\s*(\d{1,2})(?::?(\d{2}))?\b")
_AROUND = frozenset({"until", "till", "for", "because", "reason", "share", "please", "the", "alert"})
_HERE = frozenset({"here", "channel"})
_EVERYTHING = frozenset({"all", "everything"})


def read_order(
    verb: Verb, said: str, query: Query, gazetteer: Gazetteer, lexicon: Lexicon
) -> Query | Misunderstood:
    """The command that `said` is, with `verb` somewhere in it; `query` has who asks, and nothing else yet."""
    rest = re.sub(
        rf"(?i)(?<!\w)/?(?:{'|'.join(map(re.escape, (*verb.aliases, verb.name)))})(?!\w)", " ", said, count=1
    )
    ids = [found.group().upper() for found in ALERT_ID.finditer(cut_quoted(rest)[0])]
    if len(ids) > 1 and verb.order != "words":
        return Misunderstood(f"{verb.name} takes one alert at a time.", examples([verb], gazetteer))
    if verb.order in ("alert", "words"):
        return _on_one(verb, rest, ids, query)
    if verb.order == "silence":
        return _silence(verb, rest, ids, query, gazetteer, lexicon)
    if verb.order == "unsilence":
        return _unsilence(verb, rest, ids, query)
    if verb.order == "quiet":
        return _quiet(verb, rest, query)
    return _wish(verb, rest, query, gazetteer, lexicon)


def _on_one(verb: Verb, rest: str, ids: list[str], query: Query) -> Query | Misunderstood:
    if not ids:
        return _no_id(verb)
    text = ALERT_ID.sub(" ", rest, count=1)
    if verb.order == "words":
        return replace(query, order=Order(alert=ids[0], text=_unquoted(text)))
    if left := [t for t in _tokens(text) if t.lower() not in _AROUND]:
        return Misunderstood(
            f"{verb.name} takes the id of an alert and no more words than that: {len(left)} are over. "
            "Words go into a note.",
            (f"{verb.name} {ids[0]}", f"note {ids[0]} WORDS"),
        )
    return replace(query, order=Order(alert=ids[0]))


def _no_id(verb: Verb) -> Misunderstood:
    return Misunderstood(
        f"{verb.name} takes the id of an alert, which looks like A-2022-06-03.",
        ("alerts open", f"help {verb.name}"),
    )


def _silence(
    verb: Verb, rest: str, ids: list[str], query: Query, gazetteer: Gazetteer, lexicon: Lexicon
) -> Query | Misunderstood:
    rest, reason = cut_quoted(rest)
    rest, until = cut_day(rest)
    rest, days = cut_days(rest)
    rule = _RULE.search(rest)
    rest = _RULE.sub(" ", rest)
    order = Order(text=reason, until=until, days=days, rule=rule[1].lower() if rule else "")
    if ids:
        return _silence_one(ALERT_ID.sub(" ", rest, count=1), replace(order, alert=ids[0]), query)
    heard = Hearing(gazetteer, lexicon, ()).hear(_tokens(rest))
    heard.unknown = [w for w in heard.unknown if w.lower() not in _AROUND]
    if heard.unknown and not reason:
        return Misunderstood(
            "Put the reason in quotes, so that it is not taken for a place or a series.",
            examples([verb], gazetteer),
        )
    found = _heard(verb, heard, replace(query, order=order), gazetteer, lexicon)
    if isinstance(found, Query) and found.window is not None and order.until is None:
        return replace(found, window=None, order=replace(order, until=_last_day(found)))
    return found


def _silence_one(rest: str, order: Order, query: Query) -> Query:
    """With an alert's id: a period where one stands, and all other words are the reason."""
    tokens, left, i = _tokens(rest), list[str](), 0
    low = [t.lower() for t in tokens]
    while i < len(low):
        if found := read_period(low[i : i + 8]):
            query = replace(query, window=found[0].window, months=found[0].months)
            i += found[1]
        else:
            left.append(tokens[i])
            i += 1
    words = [t for t in left if t.lower() not in _AROUND] if order.text else _without_ends(left)
    if query.window is not None and order.until is None:
        order = replace(order, until=_last_day(query))
    return replace(query, window=None, order=replace(order, text=order.text or " ".join(words)))


def _unsilence(verb: Verb, rest: str, ids: list[str], query: Query) -> Query | Misunderstood:
    if ids:
        return replace(query, order=Order(alert=ids[0]))
    number = re.search(r"(?<!\w)[s#]?(\d{1,9})(?!\w)", rest, re.IGNORECASE)
    if number is None:
        return Misunderstood(
            "unsilence takes the id of an alert, or the number of a silence as `silences` lists it.",
            ("silences", f"help {verb.name}"),
        )
    return replace(query, order=Order(number=int(number[1])))


def _quiet(verb: Verb, rest: str, query: Query) -> Query | Misunderstood:
    words = {t.lower() for t in _tokens(rest)}
    order = Order(here=bool(words & _HERE))
    if words & {"off", "none", "never"}:
        return replace(query, order=replace(order, hours="off"))
    if match := _HOURS.search(rest):
        first, second = f"{match[1]:0>2}:{match[2] or '00'}", f"{match[3]:0>2}:{match[4] or '00'}"
        return replace(query, order=replace(order, hours=f"{first}-{second}"))
    if words - _HERE - _AROUND - {"hours", "what", "are", "my"}:
        return Misunderstood(f"It is written: {verb.usage}", ("quiet 18:00-08:00", "quiet off", "quiet"))
    return replace(query, order=order)


def _wish(
    verb: Verb, rest: str, query: Query, gazetteer: Gazetteer, lexicon: Lexicon
) -> Query | Misunderstood:
    severity = _SEVERITY.search(rest)
    tokens = _tokens(_SEVERITY.sub(" ", rest))
    words = {t.lower() for t in tokens}
    heard = Hearing(gazetteer, lexicon, (*_HERE, *_EVERYTHING)).hear(tokens)
    heard.word = ""
    order = Order(severity=int(severity[1]) if severity else 1, here=bool(words & _HERE))
    anything = heard.places or heard.series or heard.choosers or heard.nowhere or heard.unknown
    if not (anything or severity or words & _EVERYTHING):
        return Misunderstood(f"It is written: {verb.usage}", (*examples([verb], gazetteer), "subscriptions"))
    return _heard(verb, heard, replace(query, order=order), gazetteer, lexicon)


def _heard(
    verb: Verb, heard: Heard, query: Query, gazetteer: Gazetteer, lexicon: Lexicon
) -> Query | Misunderstood:
    if heard.unknown:
        return unknown_words(heard, verb, gazetteer, lexicon)
    if problem := refusal(verb, heard, gazetteer):
        return problem
    period = heard.periods[0] if heard.periods else None
    return replace(
        query, places=tuple(heard.places), series=heard.series[0] if heard.series else None,
        window=period.window if period else None, months=period.months if period else None,
    )  # fmt: skip


def _last_day(query: Query) -> dt.date | None:
    return (query.window.last + 1).first_day - dt.timedelta(days=1) if query.window else None


def _tokens(text: str) -> list[str]:
    stripped = (t if t == ".." else t.strip(_EDGES) for t in split(text.split()))
    return [t for t in stripped if t]


def _unquoted(text: str) -> str:
    return " ".join(text.split()).strip('"“” ').removeprefix(": ")


def _without_ends(tokens: list[str]) -> list[str]:
    """Without `until`, `because` and the like at either end: inside they belong to the reason."""
    start, stop = 0, len(tokens)
    while start < stop and tokens[start].lower() in _AROUND:
        start += 1
    while stop > start and tokens[stop - 1].lower() in _AROUND:
        stop -= 1
    return tokens[start:stop]
