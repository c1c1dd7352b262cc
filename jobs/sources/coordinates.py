"""Longitude and latitude of an incident: plausible, or plainly absent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import pandas as pd

# The United Kingdom with its islands; a snap point may lie a little off the coast.
_LON, _LAT = (-9.0, 2.5), (49.0, 61.5)

Floats = npt.NDArray[np.float64]


def coordinates(lon: pd.Series[str], lat: pd.Series[str]) -> tuple[Floats, Floats, npt.NDArray[np.bool_]]:
    """Degrees (NaN where blank) and which rows cannot be right: half a pair, no number, or not in the UK."""
    x, no_x = _degrees(lon)
    y, no_y = _degrees(lat)
    with np.errstate(invalid="ignore"):
        inside = (_LON[0] <= x) & (x <= _LON[1]) & (_LAT[0] <= y) & (y <= _LAT[1])
    bad = (no_x != no_y) | ~(inside | (no_x & no_y))
    return x, y, bad


def _degrees(column: pd.Series[str]) -> tuple[Floats, npt.NDArray[np.bool_]]:
    import pandas as pd

    blank = (column.isin(["", "NULL"])).to_numpy()
    values = pd.to_numeric(column, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    return np.where(blank, np.nan, values), blank
