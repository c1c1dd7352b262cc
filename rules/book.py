"""Rule files, read strictly: errors name file, key and mend."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import PurePath

from pydantic import ValidationError

from rules.detectors.registry import DETECTORS, Detector
from rules.spec import Knobs, Rule


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
    knobs = _knobs(detector, given, f"{path}: parameters.")
    try:
        rule = Rule(**raw, parameters=knobs)
    except ValidationError as error:
        raise RuleError(f"{path}: {_first(error)}") from error
    if rule.direction not in detector.directions:
        raise RuleError(f"{path}: direction: {rule.detector} knows only {', '.join(detector.directions)}")
    if PurePath(path).stem != rule.id:
        raise RuleError(f"{path}: id: the file must be called {rule.id}.toml")
    return rule


def with_parameters(rule: Rule, changes: Mapping[str, object], path: PurePath) -> Rule:
    """The rule with some parameters changed, as a partnership may."""
    detector = DETECTORS[rule.detector]
    given = rule.parameters.model_dump() | dict(changes)
    return rule.model_copy(
        update={"parameters": _knobs(detector, given, f"{path}: rules.override.{rule.id}.")}
    )


def _knobs(detector: Detector, given: Mapping[str, object], where: str) -> Knobs:
    try:
        return detector.knobs.model_validate(dict(given))
    except ValidationError as error:
        allowed = ", ".join(detector.knobs.model_fields)
        raise RuleError(f"{where}{_first(error)} (there are: {allowed})") from error


def _first(error: ValidationError) -> str:
    first = error.errors()[0]
    key = ".".join(str(p) for p in first["loc"]) or "rule"
    said = first["msg"].removeprefix("Value error, ")
    if first["type"] == "extra_forbidden":
        said = "there is no such key"
    return f"{key}: {said}"
