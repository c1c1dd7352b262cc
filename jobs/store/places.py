"""Which places a source has given counts for."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, case, null, select

from jobs.store.engine import remembered
from jobs.store.tables import counts


def places_given(
    connection: Connection, source: str, places: Collection[str], until: int
) -> set[tuple[str, str | None]]:
    """(series, area) of every located monthly count up to a month; areas other than `places` are None.

    LSOAs are not told apart: the answer is small, however many there are.
    """

    def read() -> set[tuple[str, str | None]]:
        place = case((counts.c.area.in_(sorted(places)), counts.c.area), else_=null())
        rows = connection.execute(
            select(counts.c.series, place)
            .where(counts.c.source == source, counts.c.span == 1, counts.c.area != "")
            .where(counts.c.month <= until)
            .distinct()
        )
        return {(series, area) for series, area in rows}

    return remembered(connection, ("places_given", source, until), read)
