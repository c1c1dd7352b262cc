"""Which table a partner has sent, and its rows: chosen by file name and columns from the source's layouts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from jobs.errors import Rejected, UsageError
from jobs.folder.lexicon import Lexicon
from jobs.folder.partnership import Layout, SourceSettings
from jobs.sources.base import RawFile
from jobs.sources.received import reject
from jobs.sources.table import Table
from jobs.sources.tabular import read_table

if TYPE_CHECKING:
    import pandas as pd

_ROLES = {
    "month", "date", "area", "category", "count", "id", "lon", "lat", "street", "rate", "band", "rank",
}  # fmt: skip
_MEND = "mend the layout in partnership.toml, or ask the source for the usual columns"
NOT_COUNTED = "-"


@dataclass(frozen=True)
class Sheet:
    """The rows of one dataset. `positions`: where they stand in the table (others belong to no dataset)."""

    layout: Layout
    table: Table
    frame: pd.DataFrame
    positions: npt.NDArray[np.int64]
    notes: tuple[str, ...]

    def role(self, name: str) -> pd.Series[str] | None:
        """The column that plays a role, a constant as a whole column; None when there is none."""
        import pandas as pd

        if name in self.layout.columns:
            return self.frame[self.layout.columns[name]]
        if name in self.layout.constant:
            return pd.Series([self.layout.constant[name]] * len(self.frame), dtype="str")
        return None

    def need(self, name: str) -> pd.Series[str]:
        """The same, of a role that the layout must have."""
        column = self.role(name)
        if column is None:
            raise UsageError(
                f"the layout {self.layout.id!r} names no {name}", f"add it to {_where(self.layout)}"
            )
        return column


def open_sheet(raw: RawFile, source: SourceSettings, lexicon: Lexicon) -> Sheet:
    """Choose the layout, read the table, keep the rows that belong to it. Rejected when nothing fits."""
    layout, table = _choose(raw, source)
    _check(layout, lexicon)
    mine = np.ones(len(table.frame), dtype=np.bool_)
    for column, values in layout.where.items():
        wanted = [values] if isinstance(values, str) else values
        mine &= table.frame[column].str.strip().isin(wanted).to_numpy(dtype=np.bool_)
    if not mine.any():
        what = f"has no row of {layout.id}: none is {_where_words(layout)}"
        raise reject(raw, "empty", what, _MEND, len(mine))
    left = int((~mine).sum())
    note = f"{left:,} of {len(mine):,} rows are not {_where_words(layout)} and were left out"
    frame = table.frame[mine].reset_index(drop=True)
    return Sheet(layout, table, frame, np.flatnonzero(mine), (note,) if left else ())


def _choose(raw: RawFile, source: SourceSettings) -> tuple[Layout, Table]:
    """The layout with the most columns of those that fit name and header; a named glob goes before `*`."""
    candidates = [x for x in source.layouts if fnmatch(raw.base.lower(), x.files.lower())]
    if not candidates:
        names = ", ".join(sorted({x.files for x in source.layouts}))
        raise reject(raw, "no-layout", f"is not named like any table of {source.id} ({names})", _MEND)
    tables: dict[str | None, Table | Rejected] = {}
    for layout in candidates:
        if layout.sheet not in tables:
            tables[layout.sheet] = _table(raw, layout.sheet)
    readable = [(x, t) for x in candidates if isinstance(t := tables[x.sheet], Table)]
    if not readable:
        raise next(t for t in tables.values() if isinstance(t, Rejected))
    fits = [(x, t) for x, t in readable if not _lacking(x, t)]
    if fits:
        return max(fits, key=lambda f: (f[0].files != "*", len(_columns(f[0]))))
    raise _nothing_fits(raw, readable)


def _table(raw: RawFile, sheet: str | None) -> Table | Rejected:
    try:
        table = read_table(raw, sheet)
    except Rejected as error:
        return error
    table.frame.columns = [c.strip() for c in table.frame.columns]
    return table


def _columns(layout: Layout) -> list[str]:
    """Every column that the layout needs, each once."""
    return list(
        dict.fromkeys([*layout.columns.values(), *layout.flags.values(), *layout.melt, *layout.where])
    )


def _lacking(layout: Layout, table: Table) -> list[str]:
    return [c for c in _columns(layout) if c not in table.header]


def _nothing_fits(raw: RawFile, readable: list[tuple[Layout, Table]]) -> Rejected:
    """Name what is missing from the nearest layout; when nothing is near, list what each expects."""
    layout, table = min(readable, key=lambda f: len(_lacking(*f)) / max(1, len(_columns(f[0]))))
    lacking, rows = _lacking(layout, table), len(table.frame)
    if 2 * len(lacking) <= len(_columns(layout)):
        has = ", ".join(repr(c[:40]) for c in table.header)
        what = f"lacks the column {', '.join(map(repr, lacking))} of {layout.id}; it has {has}"
        return reject(raw, "missing-column", what, _MEND, rows)
    expected = "; ".join(f"{x.id} wants {', '.join(map(repr, _columns(x)))}" for x, _ in readable[:5])
    return reject(raw, "no-layout", f"has the columns of no known table: {expected}", _MEND, rows)


def _check(layout: Layout, lexicon: Lexicon) -> None:
    """A layout that cannot work is the operator's mistake, not the file's."""
    for wrong in _mistakes(layout, lexicon):
        raise UsageError(f"the layout {layout.id!r} {wrong}", f"mend {_where(layout)}")


def _mistakes(layout: Layout, lexicon: Lexicon) -> Iterator[str]:
    if unknown := (layout.columns.keys() | layout.constant.keys()) - _ROLES:
        yield f"has unknown roles {sorted(unknown)}; there are {', '.join(sorted(_ROLES))}"
    for series in (*layout.categories.values(), *layout.flags):
        if series != NOT_COUNTED and series not in lexicon:
            yield f"points to {series!r}, which is no series"


def _where(layout: Layout) -> str:
    return f"[[sources.<source>.layouts]] with id = {layout.id!r} in partnership.toml"


def _where_words(layout: Layout) -> str:
    return " and ".join(
        f"{column} = {values if isinstance(values, str) else ' or '.join(values)}"
        for column, values in layout.where.items()
    )
