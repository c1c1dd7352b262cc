"""Cards against the published JSON schema 1.5, and against what Teams asks beside it.

Reads as much of JSON Schema (draft 6) as that schema uses, and stops at a keyword that it does not know.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

SCHEMA = Path(__file__).resolve().parents[1] / "data" / "adaptive-cards" / "adaptive-card-1.5.json"
_WORDS = {
    "description", "default", "version", "examples", "features", "title", "id", "$schema", "definitions",
    "format",
}  # fmt: skip
_CHECKED = {
    "$ref",
    "anyOf",
    "allOf",
    "enum",
    "pattern",
    "type",
    "properties",
    "additionalProperties",
    "required",
}
_CHECKED |= {"items"}
_TYPES = {"string": str, "object": dict, "array": list, "boolean": bool, "null": type(None)}


@cache
def schema() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return loaded


def problems(card: Any) -> list[str]:
    """What is wrong with a card; empty when nothing is."""
    wrong = list(_problems(card, {"$ref": "#/definitions/AdaptiveCard"}, "card"))
    return wrong or list(_beside(card))


def _problems(value: Any, rule: dict[str, Any], at: str) -> Iterator[str]:
    if unknown := rule.keys() - _WORDS - _CHECKED:
        raise NotImplementedError(f"JSON Schema keywords {sorted(unknown)}")
    if "$ref" in rule:
        yield from _problems(value, schema()["definitions"][rule["$ref"].rpartition("/")[2]], at)
    for part in rule.get("allOf", ()):
        yield from _problems(value, part, at)
    if "anyOf" in rule:
        tried = [list(_problems(value, part, at)) for part in rule["anyOf"]]
        if all(tried):
            yield min(tried, key=lambda found: (-max(f.count("/") for f in found), len(found)))[0]
    yield from _simple(value, rule, at)
    if isinstance(value, dict):
        yield from _members(value, rule, at)
    if isinstance(value, list) and "items" in rule:
        for i, item in enumerate(value):
            yield from _problems(item, rule["items"], f"{at}/{i}")


def _simple(value: Any, rule: dict[str, Any], at: str) -> Iterator[str]:
    kind = rule.get("type")
    if kind == "number" and (isinstance(value, bool) or not isinstance(value, (int, float))):
        yield f"{at} is not a number"
    if kind in _TYPES and not isinstance(value, _TYPES[kind]):
        yield f"{at} is not of type {kind}"
    if "enum" in rule and value not in rule["enum"]:
        yield f"{at} is {value!r}, not one of {rule['enum'][:8]}"
    if "pattern" in rule and isinstance(value, str) and not re.search(rule["pattern"], value):
        yield f"{at} does not match {rule['pattern']}"


def _members(value: dict[str, Any], rule: dict[str, Any], at: str) -> Iterator[str]:
    known = rule.get("properties", {})
    for name in rule.get("required", ()):
        if name not in value:
            yield f"{at} has no {name}"
    for name, member in value.items():
        if name in known:
            yield from _problems(member, known[name], f"{at}/{name}")
        elif rule.get("additionalProperties") is False:
            yield f"{at} has an unknown {name}"


def _beside(card: dict[str, Any]) -> Iterator[str]:
    if card.get("version") != "1.5":
        yield "card has no version 1.5"
    if not card.get("fallbackText") or not card.get("speak"):
        yield "card has no fallbackText or nothing to speak"
    ids = [item["id"] for item in _objects(card) if "id" in item]
    if len(set(ids)) < len(ids):
        yield "card uses an id twice"
    for item in _objects(card):
        if item.get("type") == "Image" and not (item.get("altText") and item["url"].startswith("https://")):
            yield "card has an image without altText, or one that is not https"
        if item.get("type") in ("Action.Submit", "Action.Execute"):
            yield "card has a button that a webhook cannot hear"
        yield from (
            f"card toggles {t!r}, which it lacks" for t in item.get("targetElements", ()) if t not in ids
        )


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _objects(item)
