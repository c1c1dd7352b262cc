"""A table as read: text, with the physical line of every row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Table:
    """A sheet of text. `frame`: one string column per header, one row per record, nothing missing.

    `lines`: the physical line of every row, the header on line 1. `text(row)`: a row (from 0) as it stood.
    `dated`: cells that were dates are ISO text (a workbook), whatever the layout says about dates.
    """

    name: str
    frame: pd.DataFrame
    lines: npt.NDArray[np.int64]
    text: Callable[[int], str]
    dated: bool = False

    @property
    def header(self) -> tuple[str, ...]:
        """The column names, in order."""
        return tuple(self.frame.columns)

    def verbatim(self, line: int) -> str:
        """The row that starts on a physical line, as it stood."""
        return self.text(int(np.searchsorted(self.lines, line)))
