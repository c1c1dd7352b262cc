"""Which places a source has given counts for."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import Connection, case, null, select

from jobs.store.kept import kept, of_extracts
from jobs.store.tables import counts, extracts


def places_given(
    connection: Connection, source: str, places: Collection[str], until: int
) -> set[tuple[str, str | None]]:
    """(series, area) of every located monthly count up to a month; areas other than `places` are None.

    LSOAs are not told apart: the answer is small, however many there are.
    """
    known = frozenset(places)

    def of(some: Sequence[int]) -> Iterator[tuple[int, tuple[object, ...]]]:
        own, area = (
            counts.c.extract_id,
            counts.c.area,
        )  # by the extract: its index holds all that is asked for
        place = case((area.in_(sorted(known)), area), else_=null())
        query = select(own, counts.c.month, counts.c.series, place).distinct()
        rows = connection.execute(query.where(own.in_(some), counts.c.span == 1, area != ""))
        return ((extract, (month, series, found)) for extract, month, series, found in rows)

    def read() -> set[tuple[str, str | None]]:
        each = of_extracts(connection, ("places_given", known), source, of).values()
        return {
            (str(series), None if area is None else str(area))
            for piece in each
            for month, series, area in piece
            if int(str(month)) <= until
        }

    return kept(connection, ("places_given", source, until, known), read)


def areas_in_table(
    connection: Connection, source: str, dataset: str, span: int, series: Collection[str]
) -> frozenset[str]:
    """Every area for which a table of a source has ever had a count in one of the series."""

    def read() -> frozenset[str]:
        rows = connection.execute(
            select(counts.c.area)
            .join(extracts, extracts.c.id == counts.c.extract_id)
            .where(
                extracts.c.source == source,
                extracts.c.dataset == dataset,
                counts.c.span == span,
                counts.c.series.in_(sorted(series)),
            )
            .distinct()
        )
        return frozenset(rows.scalars())

    return kept(connection, ("areas_in_table", source, dataset, span, tuple(sorted(series))), read)
