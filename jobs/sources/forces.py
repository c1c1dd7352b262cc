"""Police forces as data.police.uk writes them: a name in the rows, a slug in the file names."""

from __future__ import annotations

import re

from jobs.sources.values import plain

_FILE = re.compile(r"\d{4}-\d{2}-([a-z0-9-]+?)-(street|outcomes|stop-and-search)\b")
_TITLES = {"police", "constabulary", "service"}
_OTHERWISE = {  # where the slug is not the name without its title
    "british transport": "btp",
    "of northern ireland": "northern-ireland",
    "hampshire and isle of wight": "hampshire",
}


def slug_of(name: str) -> str:
    """`Leicestershire Police` -> `leicestershire`, `British Transport Police` -> `btp`."""
    words = " ".join(word for word in plain(name).split() if word not in _TITLES)
    return _OTHERWISE.get(words, words.replace(" ", "-"))


def slug_in(file_name: str) -> str | None:
    """The force in `2022-06-leicestershire-street.csv`; None when the name does not say."""
    match = _FILE.search(file_name.lower())
    return match[1] if match else None


def kind_in(file_name: str) -> str | None:
    """`street`, `outcomes` or `stop-and-search`; None when the name does not say."""
    match = _FILE.search(file_name.lower())
    return match[2] if match else None
