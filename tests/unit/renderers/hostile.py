"""Text that somebody could write into a place name, and what must never come of it."""

from __future__ import annotations

TEXTS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "[bold red]loud[/] [link=https://evil.example]here[/link]",
    "{{ config }} {% raw %}",
    "<!channel> <@U123> &amp;",
    "Sample\n# Forged line\r\n| Owner | root",
    "abc\u202eeulav\u2066\u200b",
    "\x1b[31mred\x07\x00",
    "a | b | c",
    "$\\frac{1}{0}$",
    "😀 漢字",
)

# A formula that does not parse, control codes, and characters the font lacks: what drawing could trip over.
DRAWN = tuple(t for t in TEXTS if "$" in t or "\x1b" in t or "漢" in t)
