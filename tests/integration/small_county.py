"""A small invented county in a real database: two districts of LSOAs, hand-made readings, a clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Any

import pandas as pd

from jobs.folder.geography import Geography
from jobs.folder.partnership import Channel, Partnership, SourceSettings
from jobs.house import House
from jobs.sources.base import BadRow, Outcome, RawFile, Reading
from jobs.store.engine import Connection, Store
from jobs.store.write import Landed, land
from rules.model import Area, AreaKind, Break, Event, Month, Window
from rules.spec import Rule
from tests.unit.small_cube import SPIKE
from tests.unit.small_geography import COUNTY, DISTRICT, OTHER, small_geography

__all__ = ["COUNTY", "DISTRICT", "OTHER"]

NOON = dt.datetime(2022, 9, 1, 12, tzinfo=dt.UTC)
HOME_UNITS = tuple(f"E01{n:06d}" for n in range(1, 16))
OTHER_UNITS = ("E01000020", "E01000021")
OLD, NEW = "E01000009", "E01000091"  # NEW came out of OLD in 2021
STATIONS = ("station-coalville", "station-ashby")  # fire grounds: no LSOAs of their own
BARE_WARD = "ward-bare"  # a ward whose LSOAs nobody has said

Cells = Mapping[tuple[str, str, str], int | None]  # (series, area or "", month) -> count; None = suppressed

_numbers = count(1)


def place() -> Geography:
    """The small geography with a second fire station and a ward without LSOAs."""
    small = small_geography()
    more = {
        STATIONS[1]: Area(STATIONS[1], "Ashby fire station", AreaKind.STATION, frozenset(), 2011, DISTRICT),
        BARE_WARD: Area(BARE_WARD, "A ward", AreaKind.WARD, frozenset(), 2011, DISTRICT),
    }
    return replace(small, areas=small.areas | more)


def source(id_: str = "open", **more: Any) -> SourceSettings:
    """A public monthly source of ready counts, unless said otherwise."""
    said: dict[str, Any] = {
        "id": id_, "reader": "counts", "title": f"{id_}, invented", "short": id_,
        "classification": "public", "licence": "invented", "layouts": [{"id": f"{id_}-table"}],
    }  # fmt: skip
    return SourceSettings.model_validate(said | more)


def channel(id_: str = "all", **more: Any) -> Channel:
    """A console channel for everything that its readers may see."""
    said: dict[str, Any] = {"id": id_, "title": id_, "platform": "console", "clearance": "public"}
    return Channel.model_validate(said | more)


@dataclass
class _Clock:
    now: dt.datetime = NOON

    def __call__(self) -> dt.datetime:
        return self.now


@dataclass(frozen=True)
class SmallHouse(House):
    """A house whose partnership, places and calendar are given instead of read."""

    sources: tuple[SourceSettings, ...] = ()
    channels: tuple[Channel, ...] = ()
    happenings: tuple[Event, ...] = ()
    known_breaks: tuple[Break, ...] = ()
    clock: _Clock = field(default_factory=_Clock)

    @cached_property
    def partnership(self) -> Partnership:
        """Two districts, the sources and channels given."""
        return Partnership(
            folder=self.folder, id="x", name="Invented", district=DISTRICT, county=COUNTY, reference="none",
            sources={s.id: s for s in self.sources}, channels={c.id: c for c in self.channels},
        )  # fmt: skip

    @cached_property
    def geography(self) -> Geography:
        """The small county."""
        return place()

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """As given."""
        return self.happenings

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """One rule, about single months far above usual: what rings is plain to see."""
        return (SPIKE,)

    @cached_property
    def breaks(self) -> tuple[Break, ...]:
        """As given."""
        return self.known_breaks


def house(
    store: Store,
    *sources: SourceSettings,
    channels: Sequence[Channel] = (),
    events: Sequence[Event] = (),
    breaks: Sequence[Break] = (),
) -> SmallHouse:
    """A house on the store; its clock stands at noon of 1 September 2022 until moved."""
    clock = _Clock()
    return SmallHouse(
        Path("/nowhere"), store, clock, tuple(sources), tuple(channels), tuple(events), tuple(breaks), clock
    )  # fmt: skip


def months(first: str, n: int) -> list[str]:
    """`n` months from `first` on, as text."""
    return [str(Month.parse(first) + i) for i in range(n)]


def raw(name: str = "table.csv", content: bytes | None = None) -> RawFile:
    """A file; without content one that was never seen before."""
    return RawFile(name, f"file {next(_numbers)}".encode() if content is None else content)


def windows(said: Iterable[str], span: int = 1) -> tuple[Window, ...]:
    """The periods of a file: of `span` months each, ending with these."""
    return tuple(Window.ending(Month.parse(m), span) for m in said)


def reading(
    cells: Cells,
    covers: Iterable[str] | None = None,
    *,
    dataset: str = "open-table",
    span: int = 1,
    rows: int | None = None,
    unlocated: int = 0,
    bad: Sequence[BadRow] = (),
    incidents: pd.DataFrame | None = None,
    published: pd.DataFrame | None = None,
) -> Reading:
    """Ready counts as a reader gives them; `covers`: the months it speaks for (else those of the cells)."""
    said = sorted({m for _, _, m in cells}) if covers is None else list(covers)
    frame = pd.DataFrame(
        {
            "series": pd.Series([s for s, _, _ in cells], dtype="str"),
            "area": pd.Series([a or None for _, a, _ in cells], dtype="str"),
            "month": pd.Series([Month.parse(m).key for _, _, m in cells], dtype="int64"),
            "span": pd.Series([span] * len(cells), dtype="int64"),
            "count": pd.Series([pd.NA if n is None else n for n in cells.values()], dtype="Int64"),
        }
    )
    known = sum(n or 0 for n in cells.values())
    return Reading(
        dataset=dataset, windows=windows(said, span), physical_rows=known if rows is None else rows,
        counts=frame, incidents=incidents, published=published, bad=list(bad), unlocated_rows=unlocated,
    )  # fmt: skip


def put(
    connection: Connection,
    source_id: str,
    cells: Cells,
    covers: Iterable[str] | None = None,
    now: dt.datetime = NOON,
    **more: Any,
) -> Landed:
    """Land hand-made counts of a new file."""
    outcome = Outcome.QUARANTINE_ROWS if more.get("bad") else Outcome.ACCEPT
    return land(connection, source_id, raw(), reading(cells, covers, **more), outcome, now)


class _Undo(Exception):
    """Leaves a transaction without a trace."""


@contextmanager
def rolled_back(store: Store) -> Iterator[Connection]:
    """A transaction that is undone at the end: for properties that are tried many times."""
    try:
        with store.write() as connection:
            yield connection
            raise _Undo
    except _Undo:
        return
