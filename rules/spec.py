"""A rule file as a value: strict, with errors that name file, key and mend."""

from __future__ import annotations

import tomllib
from pathlib import PurePath
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from rules.model import AreaKind


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Scope(_Strict):
    """Where and on what a rule looks."""

    levels: tuple[AreaKind, ...] = Field(min_length=1)
    series: tuple[str, ...] = ("leaves",)  # ids; "leaves" = every series without children in the cube
    except_series: tuple[str, ...] = ()


class Parameters(_Strict):
    """The knobs of the month detectors; each detector reads those it knows."""

    alpha: float = Field(default=0.001, gt=0, lt=0.5)  # one-sided
    min_count: int = Field(default=5, ge=0)
    min_excess: float = Field(default=3.0, ge=0)
    events: str = "*"  # event_window: which events, by uid pattern
    previous: int = Field(default=2, ge=1)  # event_window: earlier events that make an ordinary one


class Route(_Strict):
    """How loudly, before evidence and harm are added."""

    severity: int = Field(default=1, ge=1, le=3)


class Example(_Strict):
    """A month that must fire, or stay quiet. `area` and `county` end with the month judged."""

    title: str
    fires: bool
    area: tuple[int, ...] = Field(min_length=2)
    county: tuple[int, ...] = Field(min_length=2)  # the rest of the county, the same months
    first: str = "2020-01"
    event_months: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _same_length(self) -> Self:
        if len(self.area) != len(self.county):
            raise ValueError(f"area has {len(self.area)} months, county {len(self.county)}")
        return self


class Rule(_Strict):
    """One rule. Versioned: an alert says which version fired it."""

    id: str = Field(pattern=r"^[a-z][a-z0-9-]{2,38}$")
    title: str
    why: str
    owner: str
    version: int = Field(ge=1)
    direction: Literal["rise", "fall"]
    detector: Literal["spike", "event_window"]
    scope: Scope
    parameters: Parameters = Parameters()
    route: Route = Route()
    example: tuple[Example, ...] = Field(min_length=2)

    @model_validator(mode="after")
    def _both_kinds(self) -> Self:
        if {e.fires for e in self.example} != {True, False}:
            raise ValueError("give at least one example that fires and one that stays quiet")
        return self


class RuleError(ValueError):
    """A rule file that cannot be used; the text names file, key and mend."""


def parse_rule(text: str, path: PurePath) -> Rule:
    """Read one TOML rule; RuleError when anything in it is unknown, missing or out of range."""
    try:
        rule = Rule(**tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise RuleError(f"{path}: not TOML: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(p) for p in first["loc"]) or "rule"
        raise RuleError(f"{path}: {key}: {first['msg'].removeprefix('Value error, ')}") from error
    if PurePath(path).stem != rule.id:
        raise RuleError(f"{path}: id: the file must be called {rule.id}.toml")
    return rule
