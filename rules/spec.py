"""A rule as a value: what it looks at, with which detector, how loudly, and examples that prove it."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SerializeAsAny, model_validator

from rules.model import AreaKind, Direction, Month

__all__ = ["Example", "Knobs", "Promise", "Route", "Rule", "Scope"]


Whole = Annotated[int, Field(ge=0, strict=True)]
_HOMES = r"home[1-9]\d?(\.\.home[1-9]\d?)?"
_PLACE = rf"^[a-z][a-z0-9-]*@(mine|near|other|rest|{_HOMES}|peer[1-6])$"


def _month(text: str) -> str:
    Month.parse(text)
    return text


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Scope(_Strict):
    """Where and on what a rule looks."""

    levels: tuple[AreaKind, ...] = Field(min_length=1)
    series: tuple[str, ...] = Field(
        default=("leaves",), min_length=1
    )  # ids; "leaves" = every series without children in the cube
    except_series: tuple[str, ...] = ()


class Knobs(_Strict):
    """The parameters of a detector; each detector has a class of its own."""


class Route(_Strict):
    """How loudly, before evidence and harm are added."""

    severity: int = Field(default=1, ge=1, le=3)
    post: bool = True  # False: a standing fact, for `alerts` and the digest, that nobody is messaged about


class Promise(_Strict):
    """A target in an example: `percent` from `baseline`, in the `months` from `first` on, in `area`."""

    baseline: float = Field(gt=0)
    percent: float = Field(gt=0)
    direction: Literal["increase", "decrease"]
    first: str
    months: int = Field(default=12, ge=1)
    area: str = AreaKind.DISTRICT.value


class Example(_Strict):
    """A month that must fire, or stay quiet; every list of counts ends with the month judged.

    `area` are the rule's series in the place judged, `county` the same in the rest of the county (four more
    districts, in equal parts). `counts`
    adds others: "SERIES@PLACE", where PLACE is mine, near (adjacent to mine), other (a third place of the
    district), home1..home99 (more of them; "home1..home20" gives each the same) or peer1..peer6 (other
    districts).
    """

    title: str
    fires: bool
    area: tuple[Whole, ...] = ()
    county: tuple[Whole, ...] = ()
    counts: dict[Annotated[str, Field(pattern=_PLACE)], tuple[Whole, ...]] = Field(default_factory=dict)
    first: Annotated[str, AfterValidator(_month)] = "2020-01"
    event_months: tuple[Annotated[str, AfterValidator(_month)], ...] = ()
    parents: dict[str, str] = Field(default_factory=dict)  # series -> the series that it is part of
    good: tuple[str, ...] = ()  # series of which more is wanted: their polarity is `good`
    promise: Promise | None = None  # a target for the rule's first series

    @model_validator(mode="after")
    def _same_length(self) -> Self:
        lengths = {len(c) for c in (self.area, self.county, *self.counts.values()) if c}
        if len(lengths) != 1:
            raise ValueError(f"all counts must have the same number of months, not {sorted(lengths)}")
        return self


class Rule(_Strict):
    """One rule. Versioned: an alert says which version fired it. Made by `rules.book.parse_rule`."""

    id: str = Field(pattern=r"^[a-z][a-z0-9-]{2,38}$")
    title: str = Field(min_length=1)
    why: str = Field(min_length=1)
    owner: str = Field(min_length=1)
    version: int = Field(ge=1)
    direction: Direction
    detector: str
    scope: Scope
    parameters: SerializeAsAny[Knobs]
    route: Route = Route()
    example: tuple[Example, ...] = Field(min_length=2)

    @model_validator(mode="after")
    def _both_kinds(self) -> Self:
        if {e.fires for e in self.example} != {True, False}:
            raise ValueError("give at least one example that fires and one that stays quiet")
        return self
