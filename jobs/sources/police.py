"""Street-level crime of data.police.uk, `YYYY-MM-<force>-street.csv`, one force and month at a time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from jobs.sources.base import RawFile, ReadContext, Reading
from jobs.sources.coordinates import Floats, coordinates
from jobs.sources.police_header import check_header, force_of, month_of
from jobs.sources.sieve import Mask, Sieve
from jobs.sources.table import Table
from jobs.sources.tabular import read_csv
from jobs.sources.values import cell, crime_keys, per_value
from rules.model import Month, Window

if TYPE_CHECKING:
    import pandas as pd

_AREA = re.compile(r"(?:[EWNS][0-9]{8}|95[A-Z]{2}[0-9]{2}[A-Z][0-9])\Z")
_NEAR = "On or near"


def read_police(raw: RawFile, context: ReadContext) -> Reading:
    """Read one file. LSOA codes stay as received; rows elsewhere and rows without a place are kept."""
    table = read_csv(raw, lambda header: check_header(raw, header))
    frame = table.frame
    month, other_month = month_of(raw, context, frame["Month"])
    force, other_force = force_of(raw, context, frame["Falls within"])
    sieve = Sieve(len(frame))
    sieve.drop(other_month, "month-mismatch", lambda row: f"{cell(frame['Month'], row)}, not {month}")
    sieve.drop(other_force, "force-mismatch", lambda row: f"{cell(frame['Falls within'], row)}, not {force}")
    series = _series(sieve, context, frame["Crime type"])
    lon, lat = _points(sieve, frame)
    areas, elsewhere = _areas(sieve, context, frame["LSOA code"], frame["LSOA name"])
    ids = frame["Crime ID"].str.strip().str.lower()
    _repeats(sieve, ids)
    if not sieve.good.any():
        raise sieve.nothing_left(raw)
    incidents = _incidents(sieve.good, table, month, series, areas, ids, lon, lat)
    outside = int((elsewhere & sieve.good).sum())
    return Reading(
        dataset=f"{force}-street",
        windows=(Window(month, month),),
        physical_rows=len(frame),
        counts=_counts(incidents, month),
        incidents=incidents,
        bad=sieve.bad_rows(table),
        unlocated_rows=int(incidents["area"].isna().sum()),
        vintage=_vintage(context, incidents["area"]),
        notes=(f"{outside:,} rows lie outside the county",) if outside else (),
        verbatim=table.verbatim,
    )


def _series(sieve: Sieve, context: ReadContext, kinds: pd.Series[str]) -> npt.NDArray[np.object_]:
    known = context.lexicon.police
    series = np.array(per_value(kinds, lambda kind: known.get(kind, "")), dtype=object)
    sieve.drop(series == "", "unknown-category", lambda row: f"crime type {cell(kinds, row)}")
    return series


def _points(sieve: Sieve, frame: pd.DataFrame) -> tuple[Floats, Floats]:
    lon, lat, bad = coordinates(frame["Longitude"], frame["Latitude"])
    x, y = frame["Longitude"], frame["Latitude"]
    sieve.drop(bad, "bad-coordinates", lambda row: f"{cell(x, row)} {cell(y, row)}")
    return lon, lat


def _areas(
    sieve: Sieve, context: ReadContext, codes: pd.Series[str], names: pd.Series[str]
) -> tuple[npt.NDArray[np.object_], Mask]:
    """LSOA codes ('' where there is no place), and which are of another county."""
    ours, districts = context.geography.unit_codes, context.geography.district_names
    malformed = np.array(per_value(codes, lambda code: code != "" and _AREA.match(code) is None))
    sieve.drop(malformed, "bad-area", lambda row: f"LSOA code {cell(codes, row)}")
    # A code we do not know is a row elsewhere, unless its name says that it should be one of ours.
    elsewhere = np.array(per_value(codes, lambda code: code != "" and code not in ours), dtype=np.bool_)
    local = np.zeros(len(codes), dtype=np.bool_)
    local[elsewhere] = per_value(names[elsewhere], lambda name: name.rsplit(" ", 1)[0] in districts)
    sieve.drop(local, "unknown-area", lambda row: f"{cell(names, row)} has no LSOA {cell(codes, row)}")
    return codes.to_numpy(dtype=object), elsewhere


def _repeats(sieve: Sieve, ids: pd.Series[str]) -> None:
    """Two rows with one Crime ID are one crime; rows without an ID have no key and all count."""
    keyed = ids[sieve.good & (ids != "").to_numpy()]
    repeated = np.zeros(sieve.size, dtype=np.bool_)
    repeated[keyed.index[keyed.duplicated()]] = True
    sieve.drop(repeated, "duplicate-id", "the Crime ID stands in an earlier row")


def _incidents(
    good: Mask,
    table: Table,
    month: Month,
    series: npt.NDArray[np.object_],
    areas: npt.NDArray[np.object_],
    ids: pd.Series[str],
    lon: Floats,
    lat: Floats,
) -> pd.DataFrame:
    import pandas as pd

    kept = ids[good].to_numpy(dtype=object)
    blank = kept == ""
    keys = np.zeros(len(kept), np.int64)
    keys[~blank] = crime_keys(kept[~blank])
    located = pd.Series(areas[good], dtype="str")
    return pd.DataFrame(
        {
            "line": table.lines[good],
            "crime_key": pd.arrays.IntegerArray(keys, blank),
            "month": np.full(len(kept), month.key, np.int64),
            "area": located.where(located != ""),
            "series": pd.Series(series[good], dtype="str"),
            "lon": lon[good],
            "lat": lat[good],
            "street": pd.Series(per_value(table.frame["Location"][good], _street), dtype="str"),
        }
    )


def _street(place: str) -> str:
    """The street alone: "" for `No Location`, and for `On or near ` with nothing after it."""
    words = place.strip()
    return "" if words.casefold() == "no location" else words.removeprefix(_NEAR).strip()


def _counts(incidents: pd.DataFrame, month: Month) -> pd.DataFrame:
    """Incidents by series and area (NA kept: recorded, but not placed)."""
    counts = incidents.groupby(["series", "area"], dropna=False).size().rename("count").reset_index()
    counts["month"] = np.int64(month.key)
    counts["span"] = np.int64(1)
    return counts.astype({"count": "Int64"})[["series", "area", "month", "span", "count"]]


def _vintage(context: ReadContext, areas: pd.Series[str]) -> int:
    """2021 as soon as one code exists only there; files do not say it themselves."""
    units = context.geography.units
    newest = {u.code for u in units if u.vintage == 2021} - {u.code for u in units if u.vintage != 2021}
    return 2011 if newest.isdisjoint(areas.unique().tolist()) else 2021
