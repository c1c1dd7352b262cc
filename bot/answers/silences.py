"""`silences`: what is kept quiet now, by whom, why and until when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.answers.deed_words import scope
from bot.grammar.query import Query
from bot.message import Align, Answer, Table
from bot.words import plural, short_day
from jobs.attention.people import shown_name
from jobs.store.silences import standing_silences
from rules.claims import Claimant

if TYPE_CHECKING:
    from jobs.house import House
    from jobs.store.silences import SilenceRow

_HEAD: tuple[tuple[str, Align], ...] = (
    ("No", "right"), ("What", "left"), ("Until", "left"), ("By", "left"), ("Why", "left"),
)  # fmt: skip


def answer(house: House, query: Query) -> Answer:
    """Those that the reader may know of: made by somebody with no higher clearance."""
    with house.store.read() as connection:
        rows = standing_silences(connection, house.today)
    rows = [r for r in rows if r.clearance.rank <= query.clearance.rank]
    told = Claimant("silences")
    count = told.count("silences", len(rows))
    for row in rows:
        told.rank("number", row.id)
    return Answer(
        "Silences", (f"{plural(int(count.value), 'silence')} in force.",),
        table=Table("the one that ends last first", _HEAD, tuple(_cells(house, r) for r in rows))
        if rows else None,
        claims=tuple(told.made), state="ok" if rows else "empty",
        suggestions=(f"unsilence {rows[0].id}", "alerts all") if rows else ("alerts all",),
        classification=max((r.clearance for r in rows), key=lambda c: c.rank, default=query.clearance),
        data={"silences": [{"number": r.id, "alert": r.alert, "rule": r.rule, "series": r.series,
                            "area": r.area, "until": r.silence.last.isoformat(), "by": r.silence.who,
                            "why": r.silence.why} for r in rows]},
    )  # fmt: skip


def _cells(house: House, row: SilenceRow) -> tuple[str, ...]:
    about = scope(house, row.rule, row.series, row.area)
    what = f"{row.alert}: {about}" if row.alert else about
    by = shown_name(house.partnership, row.silence.who)
    return (str(row.id), what, short_day(row.silence.last), by, row.silence.why)
