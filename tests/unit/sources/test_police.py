"""Street-level crime, row by row: real excerpts, and each way in which a row can be wrong."""

from __future__ import annotations

import pandas as pd
import pytest

from jobs.sources.archive import open_path
from rules.month import Month, Window
from tests.unit.sources.police_files import (
    CODE,
    FORCE,
    ID,
    JUNE,
    KIND,
    LAT,
    LON,
    MONTH,
    NAME,
    PLACE,
    Rows,
    june,
    keyed,
    load,
    put,
    read,
    refused,
    rows_of,
)
from tests.unit.sources.world import AWKWARD, ONLY_2021, context, counts_of, police


def test_a_real_excerpt_is_read_row_by_row() -> None:
    raw = load(JUNE)
    reading = read(raw)
    assert reading.dataset == "leicestershire-street"
    assert reading.windows == (Window(Month(2022, 6), Month(2022, 6)),)
    assert (reading.physical_rows, reading.bad, reading.vintage) == (52, [], 2011)
    frame = reading.incidents
    assert frame is not None
    for (_, row), text in zip(frame.iterrows(), rows_of(raw)[1:], strict=True):
        assert row["series"] == context(police()).lexicon.police[text[KIND]]
        assert row["month"] == 202206
        assert (row["area"] == text[CODE]) if text[CODE] else pd.isna(row["area"])
        assert (row["crime_key"] == int(text[ID][:15], 16)) if text[ID] else row["crime_key"] is pd.NA
        assert (row["lon"] == float(text[LON])) if text[LON] else pd.isna(row["lon"])
        assert (row["lat"] == float(text[LAT])) if text[LAT] else pd.isna(row["lat"])
        assert reading.verbatim(row["line"]) == raw.content.decode().split("\r\n")[row["line"] - 1]


def test_streets_are_without_their_lead_in() -> None:
    frame = read(load("2022-07-leicestershire-street.csv")).incidents
    assert frame is not None
    places = [r[PLACE] for r in rows_of(load("2022-07-leicestershire-street.csv"))[1:]]
    assert {"On or near ", "No Location"} <= set(places)
    assert [s == "" for s in frame["street"]] == [p in ("On or near ", "No Location") for p in places]
    assert not frame["street"].str.contains("On or near").any()
    commas = read(load(JUNE)).incidents
    assert commas is not None
    assert "Asda, Thurmaston" in set(commas["street"])


def test_rows_without_a_place_and_rows_elsewhere_are_kept_and_told() -> None:
    reading = read(load(JUNE))
    blank = sum(row[CODE] == "" for row in rows_of(load(JUNE))[1:])
    assert reading.unlocated_rows == blank == 4
    assert sum(n or 0 for (_, area, _, _), n in counts_of(reading).items() if area == "") == blank
    elsewhere = sum(not row[NAME].startswith("North West") for row in rows_of(load(JUNE))[1:] if row[CODE])
    assert reading.notes == (f"{elsewhere} rows lie outside the county",)


def test_the_counts_are_the_incidents_added_up() -> None:
    reading = read(load(JUNE))
    expected: dict[tuple[str, str, int, int], int] = {}
    for row in rows_of(load(JUNE))[1:]:
        key = (context(police()).lexicon.police[row[KIND]], row[CODE], 202206, 1)
        expected[key] = expected.get(key, 0) + 1
    assert counts_of(reading) == expected


def test_repeated_ids_are_one_crime_and_blank_ones_are_many() -> None:
    reading = read(load("2018-12-derbyshire-street.csv"), context(police("derbyshire")))
    assert [b.reason for b in reading.bad] == ["duplicate-id"] * 3
    ids = [row[ID] for row in rows_of(load("2018-12-derbyshire-street.csv"))]
    for bad in reading.bad:
        assert ids[bad.line - 1] in ids[1 : bad.line - 1], "the first one is kept"


def test_an_id_in_capitals_is_the_same_id() -> None:
    reading = read(june(lambda rows: rows.append([rows[keyed()][ID].upper(), *rows[keyed()][1:]])))
    assert [(b.line, b.reason) for b in reading.bad] == [(54, "duplicate-id")]


def test_a_repeat_of_a_quarantined_row_is_kept() -> None:
    def change(rows: Rows) -> None:
        rows.append(list(rows[keyed()]))
        rows[keyed()][KIND] = "Witchcraft"

    assert [b.reason for b in read(june(change)).bad] == ["unknown-category"]


def test_keys_tell_odd_ids_apart_and_are_the_same_in_every_file() -> None:
    def change(rows: Rows) -> None:
        rows[0][ID], rows[1][ID], rows[2][ID] = "A/1", "A/2", f"{7:064x}"

    def backwards(rows: Rows) -> None:
        change(rows)
        rows.reverse()

    first, second = read(june(change)).incidents, read(june(backwards)).incidents
    assert first is not None
    assert second is not None
    keys = first["crime_key"].dropna()
    assert keys.is_unique
    assert set(keys) == set(second["crime_key"].dropna())
    assert keys.between(0, 2**60 - 1).all()


@pytest.mark.parametrize(
    ("column", "value", "reason", "said"),
    [
        (MONTH, "2022-05", "month-mismatch", "2022-05"),
        (MONTH, "", "month-mismatch", "not 2022-06"),
        (FORCE, "Kent Police", "force-mismatch", "Kent"),
        (KIND, "Violent crime", "unknown-category", "Violent crime"),
        (KIND, "", "unknown-category", ""),
        (LON, "", "bad-coordinates", ""),
        (LON, "east", "bad-coordinates", "east"),
        (LON, "nan", "bad-coordinates", "nan"),
        (LAT, "5.27", "bad-coordinates", "5.27"),
        (CODE, "E0102593", "bad-area", "E0102593"),
        (CODE, "Ashby", "bad-area", "Ashby"),
        (CODE, "E01999999", "unknown-area", "North West Leicestershire"),
    ],
)
def test_a_row_that_cannot_be_right_is_quarantined(column: int, value: str, reason: str, said: str) -> None:
    raw = june(put(keyed(), column, value))
    (bad,) = read(raw).bad
    assert (bad.line, bad.reason) == (keyed() + 2, reason)
    assert said in bad.detail
    assert bad.text == raw.content.decode().split("\r\n")[keyed() + 1]


def test_an_unknown_code_elsewhere_is_a_row_elsewhere() -> None:
    def change(rows: Rows) -> None:
        rows[3][CODE], rows[3][NAME] = "E01999999", "Derby 001A"

    assert read(june(change)).bad == []


def test_one_code_of_2021_makes_the_file_one_of_2021() -> None:
    assert read(june(put(3, CODE, ONLY_2021))).vintage == 2021


def test_transport_police_have_no_ids_at_all() -> None:
    (opened,) = open_path(AWKWARD / "2018-10-btp.zip")
    assert opened.raw is not None
    reading = read(opened.raw, context(police("btp")))
    assert reading.dataset == "btp-street"
    assert (reading.physical_rows, len(reading.bad), reading.unlocated_rows) == (5080, 0, 91)
    frame = reading.incidents
    assert frame is not None
    assert frame["crime_key"].isna().all()
    assert frame.loc[frame["area"].isna(), "lon"].notna().any(), "a point without an LSOA is kept"


def test_when_no_row_is_usable_the_file_is_not() -> None:
    """Otherwise the month would read as one without a single crime."""
    error = refused(june(lambda rows: [row.__setitem__(KIND, "Sorcery") for row in rows]))
    assert (error.reason, error.physical_rows) == ("unknown-category", 52)
    assert "Sorcery" in str(error)
