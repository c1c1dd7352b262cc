"""Two registers of a partnership, TOML, read strictly: breaks in the record, and targets.

    breaks.toml    [[breaks]]   id, title, first, last, mask, series, areas, source
    targets.toml   [[targets]]  id, title, series, area, baseline, baseline_window, percent | value,
                                direction, window, source

Months are written `2012-04`, windows `2012-04..2013-03`. A folder without the file has no breaks, no targets.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal, Self, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from jobs.errors import UsageError
from jobs.folder.partnership import explain
from rules.model import Break
from rules.month import Month, Window
from rules.targets import Target


def _as_month(text: object) -> object:
    return Month.parse(text) if isinstance(text, str) else text


def _as_window(text: object) -> object:
    return Window.parse(text) if isinstance(text, str) else text


_Month = Annotated[Month, BeforeValidator(_as_month)]
_Window = Annotated[Window, BeforeValidator(_as_window)]
_Text = Annotated[str, Field(min_length=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class _Break(_Strict):
    id: _Text
    title: _Text
    first: _Month
    last: _Month | None = None
    mask: Literal["exclude", "relative-only", "straddle"]
    series: Annotated[tuple[_Text, ...], Field(min_length=1)]
    areas: Annotated[tuple[_Text, ...], Field(min_length=1)] = ("*",)
    source: _Text

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.mask == "straddle" and self.last is not None:
            raise ValueError("a straddle is a point in time: it has `first` and no `last`")
        if self.last is not None and self.last < self.first:
            raise ValueError(f"`last` ({self.last}) is before `first` ({self.first})")
        return self


class _Target(_Strict):
    id: _Text
    title: _Text
    series: _Text
    area: _Text
    baseline: Annotated[float, Field(gt=0)] | None = None
    baseline_window: _Window | None = None
    percent: Annotated[float, Field(gt=0)] | None = None
    value: Annotated[float, Field(ge=0)] | None = None
    direction: Literal["increase", "decrease"]
    window: _Window
    source: _Text

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if (self.percent is None) == (self.value is None):
            raise ValueError("give either `percent` or `value`")
        if self.percent is not None and self.baseline is None and self.baseline_window is None:
            raise ValueError("a percentage needs a `baseline` or a `baseline_window`")
        return self


class _Breaks(_Strict):
    breaks: tuple[_Break, ...] = ()


class _Targets(_Strict):
    targets: tuple[_Target, ...] = ()


def load_breaks(path: Path) -> tuple[Break, ...]:
    """The registry of breaks, in the order of the file. UsageError names file and key."""
    found = _toml(path, _Breaks).breaks
    once(path, [b.id for b in found])
    return tuple(Break(**dict(b)) for b in found)


def load_targets(path: Path) -> tuple[Target, ...]:
    """The targets, in the order of the file. UsageError names file and key."""
    found = _toml(path, _Targets).targets
    once(path, [t.id for t in found])
    return tuple(Target(**dict(t)) for t in found)


_M = TypeVar("_M", bound=BaseModel)


def _toml(path: Path, model: type[_M]) -> _M:
    if not path.exists():
        return model()
    try:
        return model.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}", "mend the file and try again") from error
    except ValidationError as error:
        raise UsageError(
            f"{path} is not right: {explain(error)}", "mend the key named and try again"
        ) from error


def once(path: Path, ids: Sequence[str]) -> None:
    """UsageError when an id stands in the file twice."""
    if twice := sorted({i for i in ids if ids.count(i) > 1}):
        raise UsageError(f"{path}: {', '.join(twice[:3])} stands there twice", "give each its own id")
