"""A partnership is a folder of data: no code knows a district."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from jobs.folder.atlas import load_geography
from jobs.folder.partnership import load_partnership

ROOT = Path(__file__).resolve().parents[2]
CODE = re.compile(r"\b[EW]\d{8}\b")
# The county is the name of a police force too: an error message may give it as an example.
COMMON_WORDS = {
    "airport", "county", "district", "heather", "the airport", "the circuit", "the county", "the district",
    "leicestershire", "valley", "wilson",
}  # fmt: skip


def places() -> re.Pattern[str]:
    """Every name of five letters or more that either folder has for a place."""
    names: set[str] = set()
    for folder in ("nwl", "blaby"):
        geography = load_geography(load_partnership(ROOT / "deploy" / "partnerships" / folder))
        names |= {a.name.casefold() for a in geography.areas.values()}
        names |= {name.casefold() for name, _, _ in geography.names}
    wanted = sorted((n for n in names - COMMON_WORDS if len(n) >= 5), key=len, reverse=True)
    return re.compile(r"\b(?:" + "|".join(map(re.escape, wanted)) + r")\b")


def strings(path: Path) -> list[tuple[int, str]]:
    """String constants that a program can act on or show; docstrings and comments are for its readers."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [
        (node.lineno, node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose
    ]


def test_no_code_knows_a_district():
    known = places()
    assert known.search("burglary in coalville centre")
    found = [
        f"{path.relative_to(ROOT)}:{line}: {text[:60]!r}"
        for room in ("rules", "jobs", "bot")
        for path in sorted((ROOT / room).rglob("*.py"))
        for line, text in strings(path)
        if CODE.search(text) or known.search(text.casefold())
    ]
    assert not found, "a place is named in code; make it data:\n" + "\n".join(found)
