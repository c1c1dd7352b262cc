"""Rule files, read strictly: errors name file, key and mend."""

from __future__ import annotations

import tomllib
from pathlib import PurePath

from pydantic import ValidationError

from rules.detectors.registry import DETECTORS
from rules.spec import Rule


class RuleError(ValueError):
    """A rule file that cannot be used; the text names file, key and mend."""


def parse_rule(text: str, path: PurePath) -> Rule:
    """Read one TOML rule; RuleError when anything in it is unknown, missing or out of range."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RuleError(f"{path}: not TOML: {error}") from error
    detector = DETECTORS.get(str(raw.get("detector")))
    if detector is None:
        raise RuleError(
            f"{path}: detector: {raw.get('detector')!r} is none of {', '.join(sorted(DETECTORS))}"
        )
    given = raw.pop("parameters", {})
    if not isinstance(given, dict):
        raise RuleError(f"{path}: parameters: must be a table")
    try:
        knobs = detector.knobs(**given)
    except ValidationError as error:
        allowed = ", ".join(detector.knobs.model_fields)
        raise RuleError(f"{path}: {_first(error, 'parameters.')} (there are: {allowed})") from error
    try:
        rule = Rule(**raw, parameters=knobs)
    except ValidationError as error:
        raise RuleError(f"{path}: {_first(error)}") from error
    if PurePath(path).stem != rule.id:
        raise RuleError(f"{path}: id: the file must be called {rule.id}.toml")
    return rule


def _first(error: ValidationError, prefix: str = "") -> str:
    first = error.errors()[0]
    key = ".".join(str(p) for p in first["loc"]) or "rule"
    said = first["msg"].removeprefix("Value error, ")
    if first["type"] == "extra_forbidden":
        said = "there is no such key"
    return f"{prefix}{key}: {said}"
