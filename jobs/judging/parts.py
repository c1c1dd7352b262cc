"""Settings of several sources that are judged together, as they follow from those of each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jobs.folder.partnership import SourceSettings


def together(name: str, parts: Sequence[SourceSettings]) -> dict[str, object]:
    """As strict as the strictest part, invented if one of them is, and every title and licence said."""
    return {
        "id": name,
        "reader": "joint",
        "parts": tuple(p.id for p in parts),
        "title": spoken((p.title for p in parts), "; "),
        "short": spoken((p.short for p in parts), " + "),
        "licence": spoken((p.licence for p in parts), "; "),
        "attribution": spoken((p.attribution for p in parts), " "),
        "classification": max((p.classification for p in parts), key=lambda c: c.rank),
        "invented": any(p.invented for p in parts),
    }


def spoken(texts: Iterable[str], between: str) -> str:
    """Each text once, in order; empty ones are left out."""
    return between.join(dict.fromkeys(t for t in texts if t))
