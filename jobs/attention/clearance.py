"""Who may see a figure: one rule for messages, answers, digests and exports."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from jobs.folder.lexicon import Lexicon
from jobs.folder.partnership import Channel, SourceSettings
from rules.model import Classification


def class_of(source: SourceSettings, series: str, lexicon: Lexicon) -> Classification:
    """Published figures are public; of any other source, the stricter of source and series."""
    own = source.classification
    if own is Classification.PUBLIC:
        return own
    return max(own, lexicon[series].classification, key=lambda c: c.rank)


def may_see(
    clearance: Classification,
    source: SourceSettings,
    series: str,
    lexicon: Lexicon,
    named: Collection[str] | None = None,
) -> bool:
    """Whether a reader with this clearance may see the series of this source.

    `named`: the sensitive series that are open where it is said; None = all, for who holds the database.
    """
    class_ = class_of(source, series, lexicon)
    listed = class_ is not Classification.SENSITIVE or named is None or series in named
    return listed and class_.rank <= clearance.rank


@dataclass(frozen=True)
class Readers:
    """Who reads: what they are cleared for, and the sensitive series that are open where they read."""

    clearance: Classification
    named: tuple[str, ...] | None = None  # None = all, for who holds the database

    def may_see(self, source: SourceSettings, series: str, lexicon: Lexicon) -> bool:
        """Whether they may see the series of this source."""
        return may_see(self.clearance, source, series, lexicon, self.named)


def readers_in(channel: Channel) -> Readers:
    """Who reads in a channel."""
    return Readers(channel.clearance, channel.sensitive_series)
