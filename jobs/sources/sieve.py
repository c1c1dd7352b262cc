"""Which rows are kept and which are quarantined: every row ends in exactly one of the two."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from jobs.errors import Rejected
from jobs.sources.base import BadRow, RawFile
from jobs.sources.received import reject
from jobs.sources.table import Table

Mask = npt.NDArray[np.bool_]


@dataclass
class Sieve:
    """Collects bad rows of a table of `size` rows; the first reason given to a row is the one that stays."""

    size: int
    good: Mask = field(init=False)
    _why: dict[int, tuple[str, str]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.good = np.ones(self.size, dtype=np.bool_)

    def drop(self, bad: Mask, reason: str, detail: str | Callable[[int], str] = "") -> None:
        """Quarantine the rows of a mask of shape (size,); `detail` may be asked per row position."""
        fresh = bad & self.good
        if not fresh.any():
            return
        for row in np.flatnonzero(fresh).tolist():
            self._why[row] = (reason, detail if isinstance(detail, str) else detail(row))
        self.good &= ~fresh

    def bad_rows(self, table: Table, positions: npt.NDArray[np.int64] | None = None) -> list[BadRow]:
        """The quarantined rows verbatim, in order; `positions`: where they stand in a longer table."""
        found = []
        for row, (reason, detail) in sorted(self._why.items()):
            at = row if positions is None else int(positions[row])
            found.append(BadRow(int(table.lines[at]), reason, table.text(at), detail))
        return found

    def nothing_left(self, raw: RawFile) -> Rejected:
        """When no row is usable the file is not: its months would read as months without incidents."""
        counted = Counter(reason for reason, _ in self._why.values()).most_common()
        said = ", ".join(f"{n:,} {reason}" for reason, n in counted[:4])
        reason = counted[0][0] if len(counted) == 1 else "no-usable-row"
        example = next((d for r, d in self._why.values() if r == counted[0][0] and d), "")
        what = f"has no row that can be used ({said}{': ' + example if example else ''})"
        return reject(raw, reason, what, "check that it is the right file for this source", self.size)
