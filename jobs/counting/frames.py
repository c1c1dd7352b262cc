"""From counts in the database to the cube that is judged."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from jobs.counting.baskets import baskets_of, parts_of
from jobs.counting.grain import Grain, places, upwards
from jobs.counting.rollup import Rollup
from jobs.folder.geography import Geography
from jobs.folder.lexicon import Lexicon
from jobs.folder.partnership import SourceSettings
from jobs.store.engine import Connection
from jobs.store.extracts import FAR, covered
from jobs.store.read import fetch_counts
from rules.model import AreaKind, Cube, Month, Window

_JUDGED = (AreaKind.LSOA, AreaKind.SITE, AreaKind.MSOA, AreaKind.WARD, AreaKind.STATION)

Floats = npt.NDArray[np.float64]


def build_cube(
    connection: Connection,
    source: SourceSettings,
    geography: Geography,
    lexicon: Lexicon,
    until: Month | None,
) -> Cube | None:
    """Every month of one source as a cube; None when the source has published nothing that is counted.

    Areas are the county, its districts and what lies in them; a series counts as published in a month when
    a dataset that carries it covers that month. A suppressed count makes its area, and what contains it,
    unknown in that month; an area that the source does not speak for is never known (see `grain`).
    """
    months = covered(connection, source.id, until=until.key if until else FAR)
    everything = set().union(*months.values()) if months else set()
    if not everything:
        return None
    span = Window(min(everything), max(everything))
    rows = fetch_counts(connection, source=source.id, window=span, span=1)
    if rows.empty:
        return None
    carried = set(rows["series"].unique())
    leaves = tuple(s for s in lexicon.by_id if s in carried)
    frame = rows.assign(t=_ordinals(rows["month"]) - span.first.ordinal)
    areas = _axis(geography)
    shape = (len(leaves), span.months)
    published = _published(frame, leaves, months, span)
    counts = np.zeros((shape[0], len(areas), shape[1]))
    _add_units(counts, frame, leaves, areas, geography)
    _add_places(counts, frame, leaves, areas, Rollup.of(source, geography))
    counts[~_spoken(frame, leaves, areas, geography)] = np.nan
    counts[~np.broadcast_to(published[:, None, :], counts.shape)] = np.nan
    unlocated = _sum_over(frame[frame["area"] == ""], leaves, shape)
    unlocated[~published] = np.nan
    cube = Cube(leaves, tuple(areas), span.first, counts, unlocated)
    return _with_baskets(cube, lexicon, baskets_of(source))


def _axis(geography: Geography) -> dict[str, int]:
    county = geography[geography.county].units
    inside = [
        a.code for a in geography.areas.values()
        if (a.kind in _JUDGED and a.units and a.units <= county and a.vintage == 2011)
        or (a.kind in {AreaKind.WARD, AreaKind.STATION} and not a.units)
        or (a.kind is AreaKind.DISTRICT and a.units <= county)
    ]  # fmt: skip
    names = dict.fromkeys((geography.county, geography.district, *inside))
    return {code: i for i, code in enumerate(names)}


def _ordinals(months: pd.Series[int]) -> npt.NDArray[np.int64]:
    keys = np.asarray(months, dtype=np.int64)
    return keys // 100 * 12 + keys % 100 - 1


def _published(
    frame: pd.DataFrame, leaves: tuple[str, ...], months: dict[str, set[Month]], span: Window
) -> npt.NDArray[np.bool_]:
    """(series, months): True where a dataset that ever carried the series covers the month."""
    carried = frame[["series", "dataset"]].drop_duplicates()
    found = np.zeros((len(leaves), span.months), dtype=bool)
    index = {s: i for i, s in enumerate(leaves)}
    for series, dataset in carried.itertuples(index=False):
        for month in months.get(dataset, ()):
            found[index[series], month - span.first] = True
    return found


def _add_units(
    counts: Floats, frame: pd.DataFrame, leaves: tuple[str, ...], areas: dict[str, int], geography: Geography
) -> None:
    """Counts of LSOAs, carried to every area that contains them; split LSOAs go to the older one."""
    units = {u: i for i, u in enumerate(geography.base_units)}
    base = frame["area"].map({c: geography.base(c) for c in geography.unit_codes})
    mine = frame[base.isin(units)]
    at = base[base.isin(units)].map(units).to_numpy(dtype=np.int64)
    small = np.zeros((len(leaves), len(units), counts.shape[2]))
    np.add.at(small, (_positions(mine["series"], leaves), at, mine["t"]), mine["count"].to_numpy())
    member = np.zeros((len(areas), len(units)))
    for code, i in areas.items():
        member[i, [units[u] for u in geography[code].units if u in units]] = 1.0
    counts += np.einsum("au,sut->sat", member, np.nan_to_num(small), optimize=True)
    unknown = np.einsum("au,sut->sat", member, np.isnan(small).astype(float), optimize=True) > 0
    counts[unknown] = np.nan


def _add_places(
    counts: Floats, frame: pd.DataFrame, leaves: tuple[str, ...], areas: dict[str, int], rollup: Rollup
) -> None:
    """Counts that came for a ward, a station or a town as such: to it and to what it lies in."""
    given = places(rollup.geography).intersection(frame["area"].unique())
    above = dict.fromkeys(up for code in given for up in upwards(rollup.geography, code))
    when = frame.drop_duplicates("month").set_index("month")["t"]
    for code in above:
        if code in areas:
            figure = rollup.figure(frame[frame["area"].isin(rollup.inside(code))], code).reset_index()
            s, t = _positions(figure["series"], leaves), figure["month"].map(when)
            counts[s, areas[code], t] = figure["count"].to_numpy()


def _spoken(
    frame: pd.DataFrame, leaves: tuple[str, ...], areas: dict[str, int], geography: Geography
) -> npt.NDArray[np.bool_]:
    """(series, areas): True where the source has a figure, if only zero."""
    pairs = frame.loc[frame["area"] != "", ["series", "area"]].drop_duplicates()
    known = places(geography)
    grain = Grain.of(((s, c if c in known else None) for s, c in pairs.itertuples(index=False)), geography)
    return np.array([[grain.speaks(s, c) for c in areas] for s in leaves])


def _positions(series: pd.Series[str], leaves: tuple[str, ...]) -> npt.NDArray[np.int64]:
    return np.asarray(series.map({s: i for i, s in enumerate(leaves)}), dtype=np.int64)


def _sum_over(frame: pd.DataFrame, leaves: tuple[str, ...], shape: tuple[int, int]) -> Floats:
    total = np.zeros(shape)
    np.add.at(total, (_positions(frame["series"], leaves), frame["t"]), frame["count"].to_numpy())
    return total


def _with_baskets(cube: Cube, lexicon: Lexicon, baskets: tuple[str, ...]) -> Cube:
    """Parents as the sum of their parts, innermost first; a parent given directly stays as it is."""
    names, counts, unlocated = list(cube.series), [*cube.counts], [*cube.unlocated]
    for basket in sorted(baskets, key=lambda b: -len(lexicon.ancestors(b))):
        parts = [cube.series.index(p) for p in parts_of(basket, cube.series, baskets, lexicon)]
        if parts and basket not in cube.series:
            names.append(basket)
            counts.append(cube.counts[parts].sum(axis=0))
            unlocated.append(cube.unlocated[parts].sum(axis=0))
    return Cube(tuple(names), cube.areas, cube.first, np.array(counts), np.array(unlocated))
