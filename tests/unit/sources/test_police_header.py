"""Street-level crime: whole files of another kind, month or force."""

from __future__ import annotations

import io
from dataclasses import replace

import pandas as pd
import pytest

from jobs.sources.base import RawFile
from jobs.sources.forces import slug_of
from rules.month import Month
from tests.unit.sources.police_files import (
    FORCE,
    JUNE,
    MONTH,
    june,
    load,
    put,
    read,
    refused,
)
from tests.unit.sources.world import AWKWARD, context, police


def test_old_and_sibling_files_are_called_what_they_are() -> None:
    found = {}
    for path in AWKWARD.glob("*.csv"):
        error = refused(RawFile(path.name, path.read_bytes()))
        found[path.name[:20]] = (error.reason, error.physical_rows)
    assert found == {
        "2012-04-avon-and-som": ("old-police-header", 9), "2012-08-avon-and-som": ("not-street-crime", 9),
        "2018-01-avon-and-som": ("not-street-crime", 5), "2024-01-leicestershi": ("not-street-crime", 2),
    }  # fmt: skip


def _without(column: str) -> RawFile:
    frame = pd.read_csv(io.BytesIO(load(JUNE).content), dtype=str, keep_default_na=False)
    return RawFile(JUNE, frame.drop(columns=column).to_csv(index=False).encode())


def test_the_header_must_be_the_publishers() -> None:
    assert refused(_without("Month")).reason == "missing-column"
    assert "'Month'" in str(refused(_without("Month")))
    more = RawFile(
        JUNE, load(JUNE).content.replace(b",Context", b",Context,Extra", 1).replace(b",\r\n", b",,\r\n")
    )
    assert refused(more).reason == "unexpected-column"
    swapped = RawFile(JUNE, load(JUNE).content.replace(b"Longitude,Latitude", b"Latitude,Longitude", 1))
    assert refused(swapped).reason == "unexpected-column"
    assert refused(RawFile(JUNE, b"a,b\n1,2\n")).reason == "not-street-crime"


def test_a_file_of_another_month_is_refused() -> None:
    assert refused(load(JUNE), context(police(), "2022-05")).reason == "other-month"
    may = june(lambda rows: [row.__setitem__(MONTH, "2022-05") for row in rows])
    assert refused(may).reason == "other-month"
    assert "'2022-05', not of 2022-06" in str(refused(may))
    mostly = june(lambda rows: [row.__setitem__(MONTH, "2022-05") for row in rows[5:]])
    assert refused(mostly).reason == "other-month"


def test_the_month_comes_from_the_name_the_caller_or_the_rows() -> None:
    assert read(june(name="crimes.csv")).windows[0].last == Month(2022, 6)
    assert read(june(name="crimes.csv"), context(police(), "2022-06")).windows[0].last == Month(2022, 6)
    mixed = june(put(0, MONTH, "2022-05"), name="crimes.csv")
    assert refused(mixed).reason == "month-unclear"
    assert len(read(mixed, context(police(), "2022-06")).bad) == 1
    assert refused(june(lambda rows: [r.__setitem__(MONTH, "June") for r in rows], name="x.csv")).reason == (
        "month-unclear"
    )


def test_a_month_that_is_still_to_come_is_refused() -> None:
    earlier = replace(context(police()), today=Month(2022, 5).first_day)
    assert refused(load(JUNE), earlier).reason == "future-month"


def test_another_force_is_refused_by_name_or_by_rows() -> None:
    assert refused(load(JUNE), context(police("derbyshire"))).reason == "other-force"
    kent = june(lambda rows: [row.__setitem__(FORCE, "Kent Police") for row in rows], name="x-2022-06.csv")
    assert refused(kent).reason == "other-force"
    assert "'kent'" in str(refused(kent))
    assert "leicestershire" in refused(kent).advice
    disguised = RawFile(JUNE, kent.content)
    assert refused(disguised, context(police("kent", "leicestershire"))).reason == "other-force"


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Leicestershire Police", "leicestershire"),
        ("British Transport Police", "btp"),
        ("Avon and Somerset Constabulary", "avon-and-somerset"),
        ("Devon & Cornwall Police", "devon-and-cornwall"),
        ("Dyfed-Powys Police", "dyfed-powys"),
        ("Metropolitan Police Service", "metropolitan"),
        ("City of London Police", "city-of-london"),
        ("Police Service of Northern Ireland", "northern-ireland"),
        ("Hampshire Constabulary", "hampshire"),
    ],
)
def test_slugs_of_forces(name: str, slug: str) -> None:
    assert slug_of(name) == slug
