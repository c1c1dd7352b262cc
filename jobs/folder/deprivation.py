"""How deprived and how rural each LSOA is: a county look-up, read strictly. Of areas, never of people.

deprivation.csv   unit,vintage,decile,settlement    decile among England's LSOAs, 1 = most deprived
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from jobs.errors import UsageError

_SETTLEMENTS = ("urban", "rural")


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """One LSOA of the base census."""

    fifth: int  # of England's LSOAs by deprivation, 1 = most deprived
    settlement: str  # "urban" | "rural"


def load_deprivation(county: Path) -> dict[str, Neighbourhood]:
    """By LSOA code; empty where the county's folder has no such file. UsageError names file and row."""
    path = county / "deprivation.csv"
    if not path.exists():
        return {}
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines, strict=True, restval=""))
        return {r["unit"]: _neighbourhood(r) for r in rows}
    except (OSError, UnicodeDecodeError, csv.Error, KeyError, ValueError) as error:
        raise UsageError(f"{path} is not right: {error}", "restore the file") from error


def _neighbourhood(row: dict[str, str]) -> Neighbourhood:
    decile, settlement = int(row["decile"]), row["settlement"]
    if not 1 <= decile <= 10 or settlement not in _SETTLEMENTS:
        raise ValueError(f"{row['unit']}: decile {decile}, settlement {settlement!r}")
    return Neighbourhood((decile + 1) // 2, settlement)
