"""Street-level crime: real excerpts, and each way in which a file or a row can be wrong."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest

from jobs.errors import Rejected
from jobs.sources.archive import open_path
from jobs.sources.base import RawFile, ReadContext, Reading
from jobs.sources.forces import slug_of
from jobs.sources.police import read_police
from rules.month import Month, Window
from tests.unit.sources.world import AWKWARD, ONLY_2021, POLICE, context, counts_of, police

JUNE = "2022-06-leicestershire-street.csv"
Rows = list[list[str]]
ID, MONTH, FORCE, LON, LAT, PLACE, CODE, NAME, KIND = 0, 1, 3, 4, 5, 6, 7, 8, 9


def load(name: str) -> RawFile:
    return RawFile(name, (POLICE / name).read_bytes())


def rows_of(raw: RawFile) -> Rows:
    return list(csv.reader(io.StringIO(raw.content.decode(), newline="")))


def keyed() -> int:
    """Number of a row of the excerpt that has an ID and lies in the district."""
    rows = rows_of(load(JUNE))[1:]
    return next(i for i, row in enumerate(rows) if row[ID] and row[NAME].startswith("North West"))


def june(change: Callable[[Rows], object] | None = None, name: str = JUNE) -> RawFile:
    """The excerpt of June 2022 with its rows changed (the header is not among them)."""
    header, *rows = rows_of(load(JUNE))
    if change is not None:
        change(rows)
    out = io.StringIO()
    csv.writer(out).writerows([header, *rows])
    return RawFile(name, out.getvalue().encode())


def read(raw: RawFile, given: ReadContext | None = None) -> Reading:
    reading = read_police(raw, given or context(police()))
    assert reading.rows_loaded + len(reading.bad) == reading.physical_rows
    assert reading.incidents is not None
    assert len(reading.incidents) == reading.rows_loaded == reading.counts["count"].sum()
    return reading


def refused(raw: RawFile, given: ReadContext | None = None) -> Rejected:
    with pytest.raises(Rejected) as caught:
        read_police(raw, given or context(police()))
    assert raw.name in str(caught.value)
    assert caught.value.advice
    return caught.value


def put(row: int, column: int, value: str) -> Callable[[Rows], None]:
    return lambda rows: rows[row].__setitem__(column, value)


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


def test_old_and_sibling_files_are_called_what_they_are() -> None:
    found = {}
    for path in AWKWARD.glob("*.csv"):
        error = refused(RawFile(path.name, path.read_bytes()))
        found[path.name[:20]] = (error.reason, error.physical_rows)
    assert found == {
        "2012-04-avon-and-som": ("old-police-header", 9), "2012-08-avon-and-som": ("not-street-crime", 9),
        "2018-01-avon-and-som": ("not-street-crime", 5), "2024-01-leicestershi": ("not-street-crime", 2),
    }  # fmt: skip


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


def test_when_no_row_is_usable_the_file_is_not() -> None:
    """Otherwise the month would read as one without a single crime."""
    error = refused(june(lambda rows: [row.__setitem__(KIND, "Sorcery") for row in rows]))
    assert (error.reason, error.physical_rows) == ("unknown-category", 52)
    assert "Sorcery" in str(error)


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
