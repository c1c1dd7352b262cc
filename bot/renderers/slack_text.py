"""Text for Slack: what came from data can draw no mention, link, markup or invisible character."""

from __future__ import annotations

from bot.renderers.sheet import escaped_to_fit
from bot.words import clean

# mrkdwn has no escape for its own marks, so each is drawn by its twin; an underscore in a word is no mark.
_DRAWN = str.maketrans({"*": "∗", "~": "∼", "`": "ˋ", "&": "&amp;", "<": "&lt;", ">": "&gt;"})
# Whether plain_text reads entities is not documented. These never need one.
_ANGLES = str.maketrans({"<": "‹", ">": "›"})


def mrkdwn(text: str) -> str:
    """One line for a mrkdwn text: `<!channel>`, `*bold*` and `<https://...|here>` are only text."""
    said = clean(text)
    if "_" in said:
        said = " ".join(_underscores(word) for word in said.split(" "))
    return said.translate(_DRAWN)


def plain(text: str) -> str:
    """One line for a plain_text (titles, buttons, alt text)."""
    return clean(text).translate(_ANGLES)


def mrkdwn_to_fit(text: str, room: int) -> str:
    """The same as mrkdwn(), cut where there is no room, with the number of characters left out."""
    return escaped_to_fit(text, room, mrkdwn)


def plain_to_fit(text: str, room: int) -> str:
    """The same as plain(), cut where there is no room."""
    return escaped_to_fit(text, room, plain, counted=False)


def _underscores(word: str) -> str:
    """A pair of underscores that does not stand between letters would be italics."""
    around = zip(" " + word, word, word[1:] + " ", strict=False)
    return "".join("ˍ" if c == "_" and not (a + b).isalnum() else c for a, c, b in around)
