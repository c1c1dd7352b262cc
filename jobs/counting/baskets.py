"""Parents that a source makes whole, and what they are added up from: the same for answers and for alerts."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from jobs.folder.lexicon import Lexicon
from jobs.folder.partnership import SourceSettings

POLICE_BASKETS = ("serious-acquisitive", "other-acquisitive", "total")  # the 14 types make these whole


def baskets_of(source: SourceSettings) -> tuple[str, ...]:
    """Parents that this source makes whole, so that they may be added up from their children."""
    return POLICE_BASKETS if source.reader == "police-street" else source.baskets


def parts_of(series: str, held: Collection[str], baskets: Iterable[str], lexicon: Lexicon) -> tuple[str, ...]:
    """The stored series that make one up: itself where given directly, else all its given descendants
    if the source fills that basket, else nothing. All of them must be known for their sum to be."""
    if series in held:
        return (series,)
    if series not in set(baskets):
        return ()
    found: list[str] = []
    for child in lexicon.children.get(series, ()):
        # What fills the outer basket fills those in it.
        found.extend(parts_of(child, held, {*baskets, child}, lexicon))
    return tuple(found)
