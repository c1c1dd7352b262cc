"""The glossary: abbreviations and words of the field, in short sentences. Data, shipped."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from jobs.errors import UsageError
from jobs.folder.lexicon import REFERENCE

_LONGEST = 100  # characters compared; rapidfuzz takes minutes on a megabyte
_ALIKE = 60  # of 100
_KEYS = {"term", "stands_for", "says", "also", "see"}


@dataclass(frozen=True, slots=True)
class Term:
    """One meaning of one term; a term with two meanings stands in the glossary twice."""

    term: str
    says: str  # short sentences
    stands_for: str = ""  # what an abbreviation is short for
    also: tuple[str, ...] = ()  # other forms of the term
    see: tuple[str, ...] = ()  # terms to read next


@dataclass(frozen=True)
class Glossary:
    """All terms, in the order of the file."""

    terms: tuple[Term, ...]

    @cached_property
    def _by_form(self) -> dict[str, tuple[Term, ...]]:
        found: dict[str, list[Term]] = {}
        for term in self.terms:
            for form in dict.fromkeys(plain(f) for f in (term.term, term.stands_for, *term.also)):
                if form:
                    found.setdefault(form, []).append(term)
        return {form: tuple(terms) for form, terms in found.items()}

    def lookup(self, text: str) -> tuple[Term, ...]:
        """Every meaning of a term; case, punctuation and a plural s do not count. Empty: there is none."""
        form = plain(text[:_LONGEST])
        return self._by_form.get(form) or self._by_form.get(form.removesuffix("s"), ())

    def nearest(self, text: str, most: int = 3) -> tuple[str, ...]:
        """Terms that look like it, nearest first; empty when none does."""
        from rapidfuzz import fuzz, process

        form = plain(text[:_LONGEST])
        near = process.extract(
            form, self._by_form.keys(), scorer=fuzz.WRatio, score_cutoff=_ALIKE, limit=4 * most
        )
        return tuple(dict.fromkeys(self._by_form[key][0].term for key, _, _ in near))[:most]


def plain(text: str) -> str:
    """A term in comparable form: `Rate per 1,000` and `rate-per-1000` are the same."""
    return " ".join(re.findall(r"[^\W_]+", re.sub(r"(?<=\d),(?=\d{3})", "", text).lower()))


@lru_cache(maxsize=4)
def load_glossary(path: Path = REFERENCE / "glossary.toml") -> Glossary:
    """Read the glossary; UsageError names the term that is not right."""
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8"))["terms"]
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError) as error:
        raise UsageError(f"{path} cannot be read: {error}", "restore the file") from error
    glossary = Glossary(tuple(_term(path, entry) for entry in entries))
    for term in glossary.terms:
        if unknown := [see for see in term.see if not glossary.lookup(see)]:
            raise UsageError(f"{path}: {term.term}: `see` names unknown {unknown}", "mend the entry")
    return glossary


def _term(path: Path, entry: dict[str, object]) -> Term:
    name = str(entry.get("term", ""))
    if not name or not entry.get("says") or set(entry) - _KEYS:
        raise UsageError(
            f"{path}: {name or entry} needs term and says, and takes {sorted(_KEYS)}", "mend the entry"
        )
    also, see = entry.get("also", []), entry.get("see", [])
    if not isinstance(also, list) or not isinstance(see, list):
        raise UsageError(f"{path}: {name}: also and see are lists", "mend the entry")
    return Term(
        term=name,
        says=str(entry["says"]),
        stands_for=str(entry.get("stands_for", "")),
        also=tuple(map(str, also)),
        see=tuple(map(str, see)),
    )
