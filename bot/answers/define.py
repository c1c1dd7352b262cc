"""`define TERM`: what an abbreviation, a word of the field or a series means; alone, all the terms."""

from __future__ import annotations

from bot.grammar.query import Query
from bot.grammar.typed import echo, series_names, words_of
from bot.message import Answer
from bot.words import plural
from jobs.folder.glossary import Glossary, Term
from jobs.folder.lexicon import Lexicon
from rules.claims import Claimant
from rules.model import Classification, Polarity, Series

_MOST_SYNONYMS = 8
_RISE = {
    Polarity.BAD: "A rise is bad news.",
    Polarity.GOOD: "More reports are wanted: a rise is welcome, and the alarm is a fall.",
    Polarity.ACTIVITY: "A rise mostly follows police work.",
    Polarity.AMBIGUOUS: "A rise may be reporting or recording.",
}
_SEEN = {
    Classification.PUBLIC: "",
    Classification.PARTNER: "Shown to partners.",
    Classification.SENSITIVE: "Sensitive: shown for a district or larger, where that is cleared.",
}


def answer(query: Query, glossary: Glossary, lexicon: Lexicon) -> Answer:
    """Every meaning of the term, and the series of that name; the nearest terms when there is none."""
    if not query.word:
        return _all(glossary)
    meanings = glossary.lookup(query.word)
    series_id = series_names(lexicon.series).get(words_of(query.word))
    series = lexicon[series_id] if series_id else None
    if not meanings and series is None:
        return _none(query.word, glossary)
    lines = [_meaning(m, i if len(meanings) > 1 else 0) for i, m in enumerate(meanings, 1)]
    suggestions = [f"define {see}" for m in meanings for see in m.see]
    if series:
        lines += _series(series, lexicon)
        suggestions = [f"trend {series.id}", f"hotspots {series.id}", *suggestions]
    return Answer(
        title=meanings[0].term if meanings else series.title if series else "",
        lines=tuple(lines),
        suggestions=tuple(dict.fromkeys(suggestions)),
        data={
            "meanings": [{"term": m.term, "stands_for": m.stands_for, "says": m.says} for m in meanings],
            "series": series.id if series else None,
        },
    )


def _meaning(term: Term, number: int) -> str:
    head = f"{term.term}: {term.stands_for}." if term.stands_for else f"{term.term}."
    return f"{f'{number}. ' if number else ''}{head} {term.says}"


def _series(series: Series, lexicon: Lexicon) -> list[str]:
    part = f", part of {lexicon[series.parent].title}" if series.parent else ""
    children = [lexicon[child].title for child in lexicon.children.get(series.id, ())]
    known = [series.note, _SEEN[series.classification]]
    lines = [f"Counted here as {series.id}: {series.title}{part}. {_RISE[series.polarity]}"]
    if any(known):
        lines.append(" ".join(text for text in known if text))
    if children:
        lines.append(f"Made up of: {'; '.join(children)}.")
    if series.synonyms:
        lines.append(f"You can also type: {', '.join(series.synonyms[:_MOST_SYNONYMS])}.")
    return lines


def _none(word: str, glossary: Glossary) -> Answer:
    near = glossary.nearest(word)
    shown = echo(word)
    first = f"“{shown}” is not in the glossary." if shown else "That is not in the glossary."
    return Answer(
        title="Not in the glossary",
        lines=(first, f"Near to it: {', '.join(near)}." if near else "Type define alone to see every term."),
        suggestions=tuple(f"define {term}" for term in near) or ("define", "help series"),
        state="unknown",
        data={"term": shown, "nearest": list(near)},
    )


def _all(glossary: Glossary) -> Answer:
    terms = list(dict.fromkeys(term.term for term in glossary.terms))
    return Answer(
        title="Glossary",
        lines=(
            f"{plural(len(terms), 'term')}. Type define and one of them.",
            ", ".join(sorted(terms, key=str.lower)) + ".",
        ),
        suggestions=("define usual range", "define OAC", "help series"),
        claims=(Claimant("glossary").count("terms", len(terms)),),
        data={"terms": terms},
    )
