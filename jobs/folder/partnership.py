"""A partnership is a folder of data: `partnership.toml`, read strictly. No code knows a district."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from jobs.attention.people import Person
from jobs.attention.quiet import Quiet
from jobs.attention.workdays import Escalation
from jobs.errors import UsageError
from jobs.judging.parts import together
from rules.model import Classification


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Layout(_Strict):
    """How one kind of table maps to series, areas, months and counts."""

    id: str  # the dataset: a later file of the same dataset and period replaces the earlier
    files: str = "*"  # glob on the file name
    sheet: str | None = None  # XLSX: the sheet; None = the first
    columns: dict[str, str] = Field(default_factory=dict)
    """role -> header. Roles: month, date, area, category, count, id, lon, lat, street, rate, band, rank."""
    flags: dict[str, str] = Field(default_factory=dict)  # series id -> column that says yes or no
    constant: dict[str, str] = Field(default_factory=dict)  # role -> value: month, area, category
    melt: dict[str, str] = Field(default_factory=dict)  # wide tables: column header -> period
    where: dict[str, str | list[str]] = Field(default_factory=dict)  # column -> value(s) that belong here
    categories: dict[str, str] = Field(default_factory=dict)  # text -> series id; "-" = known, not counted
    areas: dict[str, str] = Field(default_factory=dict)  # text -> area code
    area_by: Literal["code", "name"] = "name"
    period: Literal["month", "calendar-year", "financial-year", "range"] = "month"
    span: Literal[1, 3, 12] = 1
    covers: Literal["months-seen", "file-span"] = "months-seen"
    date_format: str = "%Y-%m-%d"
    suppressed: tuple[str, ...] = ("*", "c", "..", ":", "x", "-")
    vintage: int = 2011


class SourceSettings(_Strict):
    """One source of extracts."""

    id: str = Field(pattern=r"^[a-z][a-z0-9-]{0,34}$")
    reader: Literal["police-street", "incidents", "counts", "joint"]
    title: str
    short: str  # in messages: "police.uk"
    classification: Classification
    licence: str
    attribution: str = ""
    invented: bool = False  # said in the file, in `data`, in `sources` and in every message that uses it
    inbox: str | None = None  # folder in which extracts arrive, relative to the partnership folder
    sample: str | None = None  # folder with the shipped extracts, relative to the partnership folder
    forces: tuple[str, ...] = ()  # police-street: whose files are ours, as in the file name
    archive_url: str | None = None  # police-street: all-months zip; {month} is replaced
    dates_url: str | None = None  # police-street: the list of published months
    layouts: tuple[Layout, ...] = ()
    baskets: tuple[str, ...] = ()  # parents that this source fills: the sum of what it gives of their family
    cadence: Literal["monthly", "annual", "once"] = "monthly"
    lag_months: int = 3  # data for month m are expected this many months after m ends
    waiting_days: int = 14  # and called late this many days after that
    retention_months: int = 120
    hold_below: float = 0.5  # a month with less than this share of the usual rows waits for a yes
    hold_above: float = 2.0
    parts: tuple[str, ...] = ()  # joint: the sources that are judged together; never written in a file

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.reader == "police-street" and not self.forces:
            raise ValueError("a police-street source needs `forces`, for example forces = ['leicestershire']")
        if (self.reader == "joint") != bool(self.parts):
            raise ValueError("sources are judged together by a table [joint.ID] with `parts` and `rules`")
        if self.reader in ("incidents", "counts") and not self.layouts:
            raise ValueError(f"a {self.reader} source needs at least one [[sources.{self.id}.layouts]]")
        return self


class Joint(_Strict):
    """Sources that some rules set side by side: judged together (see jobs.judging.joint)."""

    id: str = Field(pattern=r"^[a-z][a-z0-9-]{0,34}$")
    parts: tuple[str, ...] = Field(min_length=2)  # at least one of them monthly
    rules: tuple[str, ...] = Field(min_length=1)  # judged here, and on no source alone


class Channel(_Strict):
    """Where alerts and digests go."""

    id: str
    title: str
    platform: Literal["console", "slack", "teams"]
    clearance: Classification = Classification.PUBLIC
    address: str = ""  # Slack channel id; for Teams the NAME of the environment variable that holds the URL
    areas: tuple[str, ...] = ("*",)
    series: tuple[str, ...] = ("*",)
    sensitive_series: tuple[str, ...] = ()  # sensitive series are told here only if they are named, each
    min_severity: int = 1
    max_messages: int = 5
    digest: bool = False
    operator: bool = False  # is told of messages that cannot be delivered, and of alerts that nobody took up
    quiet: str = ""  # "18:00-08:00", local time: new messages wait until it is over
    quiet_except: int = Field(default=4, ge=1, le=4)  # alerts this severe do not wait; 4 = all do

    @field_validator("quiet")
    @classmethod
    def _hours(cls, text: str) -> str:
        return str(Quiet.parse(text)) if text else ""


class Digest(_Strict):
    """When and how the monthly digest goes out."""

    mode: Literal["draft", "auto"] = "auto"
    priorities: tuple[str, ...] = ()  # series ids or, with a colon, "Title: narrative"
    contact: str = ""


class RuleSettings(_Strict):
    """What a partnership changes in the rule book. Rules of its own are files in its folder `rules/`."""

    mute: tuple[str, ...] = ()  # rules that never ring here
    override: dict[str, dict[str, str | int | float | bool | list[str]]] = Field(default_factory=dict)


class Partnership(_Strict):
    """One Community Safety Partnership."""

    folder: Path
    id: str
    name: str
    district: str  # area code
    county: str
    reference: str  # folder under jobs/reference with the county's look-ups
    timezone: str = "Europe/London"
    default_series: str = "total"
    suppress_below: int = Field(default=5, ge=3)  # a smaller one would tell the small figures themselves
    examples: tuple[str, ...] = ()  # commands that show what can be asked; the demo answers them
    sources: dict[str, SourceSettings]
    joint: dict[str, Joint] = {}
    channels: dict[str, Channel]
    people: dict[str, Person] = {}
    escalation: Escalation = Escalation()
    digest: Digest = Digest()
    rules: RuleSettings = RuleSettings()

    @model_validator(mode="after")
    def _joins(self) -> Self:
        for name, joint in self.joint.items():
            unknown = [p for p in joint.parts if p not in self.sources]
            if unknown or name in self.sources:
                wrong = f"no source {unknown[0]!r}" if unknown else "it has the name of a source"
                raise ValueError(f"joint.{name}: {wrong}; sources are {', '.join(self.sources)}")
            if all(self.sources[p].cadence != "monthly" for p in joint.parts):
                raise ValueError(f"joint.{name}: none of its parts comes monthly")
        return self

    def source(self, name: str) -> SourceSettings:
        """The source called `name`, or the joint of several; UsageError with the ones there are."""
        if name in self.joint:
            return SourceSettings.model_validate(
                together(name, [self.source(p) for p in self.joint[name].parts])
            )
        if name not in self.sources:
            raise UsageError(
                f"there is no source called {name!r} in {self.folder / 'partnership.toml'}",
                f"use one of: {', '.join(sorted(self.sources))}",
            )
        return self.sources[name]

    def sample(self, name: str) -> Path | None:
        """The folder with this source's shipped extracts."""
        sample = self.source(name).sample
        return (self.folder / sample).resolve() if sample else None


def load_partnership(folder: Path) -> Partnership:
    """Read `folder/partnership.toml`; UsageError names file, key and what was expected."""
    path = folder / "partnership.toml"
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UsageError(
            f"{folder} is not a partnership folder: it has no partnership.toml",
            "give --partnership DIR, or make a folder with `tocsin init DIR`",
        ) from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}", "mend the file and try again") from error
    for kind in ("sources", "joint", "channels", "people"):
        for name, table in (data.get(kind) or {}).items():
            if isinstance(table, dict):
                table.setdefault("id", name)
    try:
        return Partnership(folder=folder, **data)
    except ValidationError as error:
        raise UsageError(
            f"{path} is not right: {explain(error)}", "mend the key named and try again"
        ) from error


def explain(error: ValidationError) -> str:
    """Pydantic's findings as one line: `key: what is wrong`, first three."""
    parts = [
        f"{'.'.join(str(p) for p in e['loc']) or 'file'}: {e['msg'].removeprefix('Value error, ')}"
        for e in error.errors()
    ]
    return "; ".join(parts[:3]) + (f" (and {len(parts) - 3} more)" if len(parts) > 3 else "")
