"""What to offer instead: the nearest commands, places and series to words that mean nothing here."""

from __future__ import annotations

from collections.abc import Sequence

from bot.grammar.hearing import Heard
from bot.grammar.periods import HINT, looks_like_period
from bot.grammar.places import Gazetteer
from bot.grammar.query import Misunderstood
from bot.grammar.typed import LONGEST, SEVERAL, echo, series_names, words_of
from bot.grammar.verbs import BUILT, BY_NAME, Slot, Verb
from jobs.folder.lexicon import Lexicon
from rules.model import AreaKind

MOST = 3
_VERB_ALIKE = 70  # of 100: "hotpsots" is 88 like "hotspots", "hotel" 62
_ALIKE = 78  # of 100: "buglary" is 93 like "burglary", "atlantis" 67 like "anti", its nearest


def filled(example: str, gazetteer: Gazetteer) -> str:
    """An example command with names of the partnership at hand."""
    geography = gazetteer.geography
    towns = sorted(geography.of_kind(AreaKind.TOWN), key=lambda a: (-len(a.units), a.name))
    town = gazetteer.typing(towns[0].code) if towns else "district"
    short = (name for name, code, use in geography.names if code == geography.district and use == "alias")
    return example.format(
        place=town, district=min(short, key=lambda n: (len(n), n), default="district").lower()
    )


def examples(verbs: Sequence[Verb], gazetteer: Gazetteer) -> tuple[str, ...]:
    """The first example of each, filled."""
    return tuple(filled((verb.examples or verb.instead)[0], gazetteer) for verb in verbs)


def command(verb: Verb, heard: Heard, extra: tuple[Slot, str] | None = None) -> str:
    """The command with what was understood and it can take, and with `extra` in its slot."""
    texts: dict[Slot, list[str]] = {}
    for slot, text in heard.said:
        texts.setdefault(slot, []).append(text)
    if extra:
        slot, text = extra
        texts[slot] = [*texts.get(slot, [])[: _most(verb, slot) - 1], text]
    if verb.pairs and len(texts.get("place", ())) < verb.places:
        if heard.two_periods is None or (extra and extra[0] == "window"):  # compare, with half of it known
            return command(BY_NAME["trend"], heard, extra)
        old, new = heard.two_periods
        texts["window"] = [f"{old} vs {new}"]
    order: tuple[Slot, ...] = ("series", "place", "window", "by", "top")
    parts = (" vs ".join(texts[s][: _most(verb, s)]) for s in order if s in verb.slots and s in texts)
    return " ".join([verb.name, *([heard.word] if heard.word in verb.words else ()), *parts])


def _most(verb: Verb, slot: Slot) -> int:
    return verb.places if slot == "place" else 1


def not_yet(verb: Verb, gazetteer: Gazetteer, heard: Heard | None = None) -> Misunderstood:
    """A command that the product names and this version does not have; `heard` is the rest of its words."""
    offers = []
    for example in verb.instead:
        near = BY_NAME[example.split()[0]]
        said = command(near, heard) if heard else near.name
        offers.append(filled(example, gazetteer) if said == near.name else said)
    return Misunderstood(
        f"“{verb.name}” ({verb.says}) is not in this version yet. These commands come near it.",
        tuple(dict.fromkeys(offers)),
        title="Not in this version",
    )


def unknown_words(heard: Heard, verb: Verb | None, gazetteer: Gazetteer, lexicon: Lexicon) -> Misunderstood:
    """Name the first word that is not known, and offer the command with what is nearest to it."""
    shown = echo(heard.unknown[0])
    first = (words_of(shown) or ("",))[0]
    trend = verb if verb and "series" in verb.slots else BY_NAME["trend"]
    if first in SEVERAL:
        offers = [command(trend, heard, ("series", series)) for series in SEVERAL[first]]
        return Misunderstood(
            f"“{first}” has more than one meaning. Say which series you mean.",
            (*offers[:MOST], f"define {first}"),
        )
    if looks_like_period(first):
        timed = verb if verb and "window" in verb.slots else BY_NAME["trend"]
        return Misunderstood(
            f"I do not understand “{shown}”. {HINT}",
            tuple(command(timed, heard, ("window", text)) for text in ("12m", "2022-06", "2019..2023")),
        )
    if verb is None and (alike := _verbs_like(heard)):
        names = " or ".join(f"“{like.name}”" for like in alike)
        return Misunderstood(
            f"I do not know “{shown}”. Did you mean the command {names}?",
            tuple(command(like, heard) for like in alike),
        )
    if verb and verb.family and heard.places:
        return Misunderstood(
            f"I do not know “{shown}”. Without it I understand:",
            tuple(command(near, heard) for near in (verb, BY_NAME["trend"], BY_NAME["hotspots"])),
        )
    return _nearest(heard, shown, verb, gazetteer, lexicon)


def _verbs_like(heard: Heard) -> list[Verb]:
    """Commands that one of the unknown words may be a slip for, nearest first."""
    from rapidfuzz import fuzz, process

    found: dict[str, float] = {}
    for word in " ".join(heard.unknown)[:LONGEST].lower().split()[:8]:
        near = process.extract(word, BY_NAME.keys(), scorer=fuzz.ratio, score_cutoff=_VERB_ALIKE, limit=MOST)
        for name, score, _ in near:
            if (verb := BY_NAME[name]) in BUILT:
                found[verb.name] = max(score, found.get(verb.name, 0.0))
    return [BY_NAME[name] for name in sorted(found, key=lambda n: -found[n])[:MOST]]


def _nearest(
    heard: Heard, shown: str, verb: Verb | None, gazetteer: Gazetteer, lexicon: Lexicon
) -> Misunderstood:
    """What the word looks most like; series only where it is one misspelt, since most are places."""
    from rapidfuzz import fuzz, process

    pool: dict[str, tuple[Slot, str]] = {}
    if verb is None or "place" in verb.slots:
        pool |= {name.lower(): ("place", name.lower()) for name in gazetteer.names.shown}
    if verb is None or "series" in verb.slots:
        names = series_names(lexicon.series)
        pool |= {" ".join(words): ("series", series) for words, series in names.items()}
    asked = shown.lower()
    near = [name for name, _, _ in process.extract(asked, pool.keys(), scorer=fuzz.WRatio, limit=None)]
    slip = [
        name for name in near
        if pool[name][0] == "series" and max(fuzz.ratio(asked, n) for n in (name, *name.split())) >= _ALIKE
    ]  # fmt: skip
    if not slip and not heard.places and any(slot == "place" for slot, _ in pool.values()):
        near = [n for n in near if pool[n][0] == "place"]
    extras = list(dict.fromkeys(pool[name] for name in (*slip, *near)))[:MOST]
    if not extras:
        assert verb is not None
        return Misunderstood(
            f"{verb.name} takes no “{shown}”. It is written: {verb.usage}", examples([verb], gazetteer)
        )
    offers = [
        command(verb or BY_NAME["area" if slot == "place" else "trend"], heard, (slot, text))
        for slot, text in extras
    ]
    place_only = verb is not None and "series" not in verb.slots
    said = f"I know no place called “{shown}”" if place_only else f"I do not know “{shown}”"
    nearest = "Nearest places" if all(slot == "place" for slot, _ in extras) else "Nearest"
    define = [] if verb else [f"define {shown}"]
    if verb and verb.family:
        define.append(command(verb, heard))  # the words may be of a sentence, and no place
    return Misunderstood(f"{said}. {nearest}: {'; '.join(text for _, text in extras)}.", (*offers, *define))
