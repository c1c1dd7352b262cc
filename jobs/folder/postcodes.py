"""Full postcodes: never looked up, stored or repeated."""

from __future__ import annotations

import re
import unicodedata

# Any spacing, so that nothing that reads as a full postcode gets through.
POSTCODE = re.compile(
    r"(?<![A-Z0-9])[A-Z]{1,2}[0-9][A-Z0-9]?[\W_]{0,4}[0-9][A-Z]{2}(?![A-Z0-9])", re.IGNORECASE
)

_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn"}


def without_postcodes(text: str) -> str:
    """The text with each full postcode struck out; look-alike forms are made plain first."""
    return POSTCODE.sub("[postcode]", plain(text))


def plain(text: str) -> str:
    """Look-alike forms (full width) made plain, characters that draw nothing left out, NUL among them."""
    folded = unicodedata.normalize("NFKC", text)
    return "".join(c for c in folded if c.isspace() or unicodedata.category(c) not in _UNSEEN)
