"""A county of eight districts made of plain numbers, and the shipped rules on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from rules.book import parse_rule
from rules.context import Context
from rules.engine import evaluate
from rules.findings import Finding
from rules.model import Area, AreaKind, Break, Classification, Cube, Month, Polarity, Series
from rules.spec import Rule
from rules.targets import Target

LIBRARY = Path(__file__).resolve().parents[3] / "rules" / "library"
PEERS = tuple(f"peer{i}" for i in range(1, 8))
HOME = ("mine", "other")
FIRST = Month(2018, 1)
Row = Sequence[float] | npt.NDArray[np.float64]


def spread(total: int, months: int = 12) -> list[float]:
    """A total over months as evenly as whole numbers allow."""
    return [float(total * (i + 1) // months - total * i // months) for i in range(months)]


def years(*totals: int) -> list[float]:
    """One year after the other."""
    return [n for total in totals for n in spread(total)]


def shipped(rule: str) -> Rule:
    """A rule of the library by its id."""
    path = LIBRARY / f"{rule}.toml"
    return parse_rule(path.read_text(encoding="utf-8"), path)


def areas() -> dict[str, Area]:
    found = {u: Area(u, u, AreaKind.LSOA, frozenset({u})) for u in (*HOME, *PEERS)}
    found["ours"] = Area("ours", "Ours", AreaKind.DISTRICT, frozenset(HOME))
    found |= {f"d-{p}": Area(f"d-{p}", p, AreaKind.DISTRICT, frozenset({p})) for p in PEERS}
    found["county"] = Area("county", "The county", AreaKind.COUNTY, frozenset({*HOME, *PEERS}))
    return found


def cube_of(given: Mapping[str, Mapping[str, Row]]) -> Cube:
    """series -> LSOA -> monthly counts; larger places are sums."""
    places = areas()
    units = (*HOME, *PEERS)
    months = len(next(iter(next(iter(given.values())).values())))
    small = np.zeros((len(given), len(units), months))
    for i, rows in enumerate(given.values()):
        for unit, row in rows.items():
            small[i, units.index(unit)] = row
    member = np.array([[float(u in a.units) for u in units] for a in places.values()])
    counts = np.zeros((len(given), len(places), months))
    for a in range(len(places)):
        counts[:, a] = small[:, member[a] > 0].sum(axis=1)
    return Cube(tuple(given), tuple(places), FIRST, counts, np.zeros((len(given), months)))


def context_of(
    cube: Cube,
    *,
    parents: Mapping[str, str] | None = None,
    breaks: tuple[Break, ...] = (),
    targets: tuple[Target, ...] = (),
    secret: tuple[str, ...] = (),
) -> Context:
    """Every district has 100,000 residents; `secret` series are sensitive."""
    series = {
        s: Series(
            s, s.capitalize(), (parents or {}).get(s), Polarity.BAD, 1,
            Classification.SENSITIVE if s in secret else Classification.PUBLIC, 0, s,
        )
        for s in cube.series
    }  # fmt: skip
    people = {a.code: 100_000.0 for a in areas().values() if a.kind is AreaKind.DISTRICT}
    return Context(areas(), series, "ours", "county", breaks=breaks, targets=targets, people=people)


def ring(rule: str, cube: Cube, context: Context, month: Month | None = None) -> tuple[Finding, ...]:
    """What a shipped rule finds in a month, the last by default."""
    return evaluate([shipped(rule)], cube, month or cube.last, context)


def ours(series: str, row: Row, rest: Row | None = None) -> dict[str, dict[str, Row]]:
    """One series in our first LSOA, and the same row or `rest` in every other district."""
    return {series: {"mine": row} | (dict.fromkeys(PEERS, rest) if rest is not None else {})}


PARENTS = {"asb-environmental": "asb", "asb-neighbours": "asb", "asb-personal": "asb", "drugs": "total",
           "violence": "total", "serious-acquisitive": "total"}  # fmt: skip


def world(
    counts: Mapping[str, tuple[Row, Row]], breaks: tuple[Break, ...] = (), secret: tuple[str, ...] = ()
) -> tuple[Cube, Context]:
    """series -> (our district, each other district)."""
    rows: dict[str, Mapping[str, Row]] = {}
    for name, (own, rest) in counts.items():
        rows |= ours(name, own, rest)
    cube = cube_of(rows)
    return cube, context_of(cube, parents=PARENTS, breaks=breaks, secret=secret)
