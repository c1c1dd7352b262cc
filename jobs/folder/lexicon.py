"""The series lexicon: what is counted, what belongs to what, and what people call it. Data, shipped."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from jobs.errors import UsageError
from rules.model import Classification, Polarity, Series

REFERENCE = Path(__file__).resolve().parents[1] / "reference"


@dataclass(frozen=True)
class Lexicon:
    """All series, in the order of the file (parents before children)."""

    series: tuple[Series, ...]
    police: dict[str, str]  # police.uk crime type -> series id

    @cached_property
    def by_id(self) -> dict[str, Series]:
        """Look up by id."""
        return {s.id: s for s in self.series}

    @cached_property
    def children(self) -> dict[str, tuple[str, ...]]:
        """Direct children of each series that has any."""
        found: dict[str, list[str]] = {}
        for s in self.series:
            if s.parent:
                found.setdefault(s.parent, []).append(s.id)
        return {k: tuple(v) for k, v in found.items()}

    def __getitem__(self, series: str) -> Series:
        try:
            return self.by_id[series]
        except KeyError:
            raise UsageError(
                f"there is no series called {series!r}", "see `tocsin ask help series`"
            ) from None

    def __contains__(self, series: str) -> bool:
        return series in self.by_id

    def __iter__(self) -> Iterator[Series]:
        return iter(self.series)

    def family(self, series: str) -> tuple[str, ...]:
        """The series itself and all that is under it, parents first."""
        found = [series]
        for s in found:
            found.extend(self.children.get(s, ()))
        return tuple(found)

    def ancestors(self, series: str) -> tuple[str, ...]:
        """Parent, grandparent, ... of a series."""
        found: list[str] = []
        parent = self[series].parent
        while parent:
            found.append(parent)
            parent = self[parent].parent
        return tuple(found)


def load_lexicon(path: Path = REFERENCE / "series.toml") -> Lexicon:
    """Read the lexicon; UsageError when an id, parent or police type does not hang together."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    series = tuple(_series(path, s) for s in data["series"])
    ids = [s.id for s in series]
    seen: set[str] = set()
    for s in series:
        if s.parent is not None and s.parent not in seen:
            raise UsageError(f"{path}: {s.id}: parent {s.parent!r} must stand before it", "reorder the file")
        if s.id in seen:
            raise UsageError(f"{path}: {s.id} stands there twice", "remove one")
        seen.add(s.id)
    police = {str(k): str(v) for k, v in data["police"].items()}
    for kind, target in police.items():
        if target not in ids:
            raise UsageError(f"{path}: police type {kind!r} points to unknown {target!r}", "mend [police]")
    return Lexicon(series, police)


def _series(path: Path, raw: dict[str, object]) -> Series:
    known = {
        "id",
        "title",
        "noun",
        "parent",
        "polarity",
        "harm",
        "classification",
        "floor",
        "synonyms",
        "note",
    }
    if extra := set(raw) - known:
        raise UsageError(f"{path}: {raw.get('id')}: unknown key {sorted(extra)}", f"use {sorted(known)}")
    synonyms = raw.get("synonyms", [])
    assert isinstance(synonyms, list)
    return Series(
        id=str(raw["id"]),
        title=str(raw["title"]),
        noun=str(raw.get("noun", raw["title"])),
        parent=str(raw["parent"]) if "parent" in raw else None,
        polarity=Polarity(str(raw["polarity"])),
        harm=int(str(raw.get("harm", 1))),
        classification=Classification(str(raw.get("classification", "public"))),
        floor=int(str(raw.get("floor", 0))),
        synonyms=tuple(str(s) for s in synonyms),
        note=str(raw.get("note", "")),
    )
