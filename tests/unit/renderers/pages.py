"""Reads a page as a strict browser would want it, and lists what is wrong with it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise

_EMPTY = {"meta", "img", "br", "path", "hr", "link", "input"}
_FORBIDDEN = {"script", "link", "iframe", "object", "embed", "form", "base", "audio", "video"}


@dataclass
class Page:
    text: str = ""
    problems: list[str] = field(default_factory=list)
    images: list[dict[str, str]] = field(default_factory=list)
    headings: list[tuple[int, str]] = field(default_factory=list)
    attributes: dict[str, dict[str, str]] = field(default_factory=dict)  # of the last element of each tag
    tables: int = 0
    captions: int = 0


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {k: v or "" for k, v in attrs}
        self.page.attributes[tag] = given
        if tag in _FORBIDDEN:
            self.page.problems.append(f"<{tag}>")
        self.page.problems += [f"{k} on <{tag}>" for k in given if k.startswith("on")]
        if tag not in _EMPTY:
            self.open.append(tag)
        if tag == "img":
            self.page.images.append(given)
            if not given.get("alt") or not given.get("src", "").startswith("data:image/png;base64,"):
                self.page.problems.append("an image without words, or from elsewhere")
        if not given.get("href", "#").startswith("#"):
            self.page.problems.append(f"href {given['href']}")
        if tag == "th" and given.get("scope") not in {"row", "col"}:
            self.page.problems.append("th without scope")
        self.page.tables += tag == "table"
        self.page.captions += tag == "caption"

    def handle_endtag(self, tag: str) -> None:
        if tag in _EMPTY:
            return
        if not self.open or self.open.pop() != tag:
            self.page.problems.append(f"</{tag}> out of place")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _EMPTY:
            self.handle_endtag(tag)

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "style":
            found = re.findall(r"url\(|@import|https?:", data)
            self.page.problems += [f"style says {what}" for what in found]
            return
        if self.open and re.fullmatch(r"h[1-6]", self.open[-1]):
            self.page.headings.append((int(self.open[-1][1]), data))
        self.page.text += data


def read(html: str) -> Page:
    """Parse; `problems` is empty for a page that is balanced, inert and fetches nothing."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    page = reader.page
    page.problems += [f"<{tag}> left open" for tag in reader.open]
    levels = [level for level, _ in page.headings]
    if not levels or levels[0] != 1 or levels.count(1) != 1:
        page.problems.append("not exactly one h1, first")
    page.problems += [f"h{b} after h{a}" for a, b in pairwise(levels) if b > a + 1]
    if page.captions != page.tables:
        page.problems.append("a table without a caption")
    if page.attributes["html"].get("lang") != "en-GB":
        page.problems.append("no language")
    return page
