"""Tables of counts as a partner sends them, and their reading with a small layout."""

from __future__ import annotations

from typing import Any

from jobs.sources.base import RawFile, Reading
from jobs.sources.readers import read
from tests.unit.sources.world import (
    FIRE,
    context,
    source,
    table,
)

HEAD = "Month,Station area,Incident type,Incidents"


LAYOUT: dict[str, Any] = {
    "id": "t",
    "columns": {"month": "m", "area": "a", "category": "k", "count": "n"},
    "categories": {"Fires": "fires-secondary", "Hoax": "hoax-calls", "Other": "-"},
}


def take(raw: RawFile, settings: Any = FIRE, month: str | None = None) -> Reading:
    reading = read(raw, context(settings, month))
    assert reading.rows_loaded + len(reading.bad) == reading.physical_rows
    return reading


def fires(*rows: str) -> Reading:
    return take(table(HEAD, *rows))


def own(layout: dict[str, Any], *rows: str, name: str = "table.csv") -> Reading:
    return take(table(*rows, name=name), source("counts", {**LAYOUT, **layout}))


def reasons(reading: Reading) -> list[tuple[int, str]]:
    return [(b.line, b.reason) for b in reading.bad]
