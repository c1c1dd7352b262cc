"""Who may see a figure: one rule for messages, answers, digests and exports."""

from __future__ import annotations

from jobs.folder.lexicon import Lexicon
from jobs.folder.partnership import SourceSettings
from rules.model import Classification


def class_of(source: SourceSettings, series: str, lexicon: Lexicon) -> Classification:
    """Published figures are public; of any other source, the stricter of source and series."""
    own = source.classification
    if own is Classification.PUBLIC:
        return own
    return max(own, lexicon[series].classification, key=lambda c: c.rank)


def may_see(clearance: Classification, source: SourceSettings, series: str, lexicon: Lexicon) -> bool:
    """Whether a reader with this clearance may see the series of this source."""
    return class_of(source, series, lexicon).rank <= clearance.rank
