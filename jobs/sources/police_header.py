"""What a police.uk file is, by its name and header: which month, which force, or another kind of file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from jobs.errors import Rejected
from jobs.sources.base import RawFile, ReadContext
from jobs.sources.forces import slug_in, slug_of
from jobs.sources.received import reject
from jobs.sources.sieve import Mask
from jobs.sources.values import per_value
from jobs.sources.zips import month_of as month_named
from rules.model import Month

if TYPE_CHECKING:
    import pandas as pd

STREET = (
    "Crime ID", "Month", "Reported by", "Falls within", "Longitude", "Latitude", "Location",
    "LSOA code", "LSOA name", "Crime type", "Last outcome category", "Context",
)  # fmt: skip
_SIBLINGS = {"Outcome type": "outcomes", "Object of search": "stop-and-search"}
_STREET_FILE = "give the file that ends in -street.csv"


def check_header(raw: RawFile, header: tuple[str, ...]) -> None:
    """Rejected unless the header is exactly that of a street-level file since 2013."""
    for column, kind in _SIBLINGS.items():
        if column in header:
            raise reject(raw, "not-street-crime", f"is a file of {kind}, not of crimes", _STREET_FILE)
    if {"Easting", "Northing", "Crime type"} <= set(header):
        what = "has the layout used until 2012: Easting and Northing, no Crime ID and no LSOA"
        raise reject(raw, "old-police-header", what, "use files from 2013 on; rows of this one have no place")
    lacking = [c for c in STREET if c not in header]
    surplus = [c for c in header if c not in STREET]
    if len(lacking) > len(STREET) // 2:
        raise reject(raw, "not-street-crime", "has none of the columns of street-level crime", _STREET_FILE)
    if lacking:
        instead = f"; it has {_list(surplus)} instead" if surplus else ""
        what = f"lacks the column {_list(lacking)}{instead}"
        raise reject(raw, "missing-column", what, "ask for the file as the publisher issues it")
    if header != STREET:
        what = f"has {'the surplus column ' + _list(surplus) if surplus else 'its columns in another order'}"
        raise reject(raw, "unexpected-column", what, "ask for the file as the publisher issues it")


def month_of(raw: RawFile, context: ReadContext, column: pd.Series[str]) -> tuple[Month, Mask]:
    """The month that the file is of, and which rows are not of it."""
    named, asked = month_named(raw.base), context.month
    if named and asked and named != asked:
        raise _other_month(raw, asked, str(named))
    month = asked or named or _only_month(raw, column)
    if month > Month.of(context.today):
        what = f"is of {month}, which is still to come on {context.today}"
        raise reject(raw, "future-month", what, "check the file name, `--month` and `--as-of`", len(column))
    other = (column != str(month)).to_numpy(dtype=np.bool_)
    if 2 * other.sum() > len(column):
        raise _other_month(raw, month, str(column.mode().iat[0]))
    return month, other


def force_of(raw: RawFile, context: ReadContext, column: pd.Series[str]) -> tuple[str, Mask]:
    """The slug of the force that the file is of, and which rows are not of it."""
    slugs = np.array(per_value(column, slug_of), dtype=object)
    found, times = np.unique(slugs.astype(str), return_counts=True)
    commonest = str(found[times.argmax()])
    force = slug_in(raw.base) or commonest
    if force not in context.source.forces or force != commonest:
        wanted = ", ".join(context.source.forces)
        what = f"is of the force {commonest if force in context.source.forces else force!r}"
        advice = f"this source reads {wanted}; give its file, or add the force to `forces` of the source"
        raise reject(raw, "other-force", what, advice, len(column))
    return force, slugs != force


def _only_month(raw: RawFile, column: pd.Series[str]) -> Month:
    months = column.unique().tolist()
    try:
        if len(months) == 1:
            return Month.parse(months[0])
    except ValueError:
        pass  # said below, with the months that do stand there
    what = f"does not say which month it is of; its rows have {_list(sorted(months)[:3])}"
    raise reject(raw, "month-unclear", what, "say `--month YYYY-MM`", len(column))


def _other_month(raw: RawFile, month: Month, found: str) -> Rejected:
    what = f"is of {found[:20]!r}, not of {month}"
    return reject(raw, "other-month", what, f"give the file of {month}, or say `--month` as the file has it")


def _list(names: list[str]) -> str:
    return ", ".join(repr(n[:40]) for n in names)
