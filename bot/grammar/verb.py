"""What a command is, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Slot = Literal["place", "series", "window", "by", "top"]
Order = Literal["", "alert", "words", "silence", "unsilence", "wish", "quiet"]


@dataclass(frozen=True, slots=True)
class Verb:
    """One command. `share` (show the answer to the channel) goes with every verb and is no slot."""

    name: str
    usage: str
    says: str
    examples: tuple[str, ...]
    slots: tuple[Slot, ...] = ()
    aliases: tuple[str, ...] = ()
    places: int = 1  # how many it takes
    pairs: bool = False  # it compares: two places, or two periods in one
    without: str = ""  # what it answers when no series (and no place) is named
    needs_place: bool = False
    words: tuple[str, ...] = ()  # its own keywords, such as `open`; they travel as Query.word
    family: str = ""  # it answers about this series and what is under it; its name is a word for it
    kinds: tuple[str, ...] = ()  # the series of that family which `words` stand for, in their order
    order: Order = ""  # it does something, and is read by orders.py: with an alert, with words, ...
    text: bool = False  # all else is one free text, such as the term to define
    built: bool = True  # False: named in the product, not in this version; said so
    instead: tuple[str, ...] = ()  # what answers the nearest question until it is built
    yields: bool = (
        False  # the name is also a common word or a series: it counts only where no other verb stands
    )
