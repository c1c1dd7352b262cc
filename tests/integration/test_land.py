"""Putting extracts away: editions replace months, nothing is lost, nothing is kept twice."""

from __future__ import annotations

import datetime as dt
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pandas as pd
import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Table, func, select
from sqlalchemy.exc import IntegrityError

from jobs.errors import NotReady, UsageError
from jobs.house import House
from jobs.landing.ingest import pull_paths, release, take
from jobs.sources.archive import Opened
from jobs.sources.base import Outcome, RawFile, Reading, Receipt
from jobs.store.bulk import insert_rows
from jobs.store.engine import Connection, Store
from jobs.store.extracts import covered, fingerprint_of_data, list_extracts, quarantined, revised_months
from jobs.store.held import held_file, turn_down
from jobs.store.read import fetch_counts, streets
from jobs.store.tables import counts, extracts, incidents, published, raw_files, revisions
from jobs.store.write import land, put_aside
from rules.model import Month, Window
from tests.integration import small_county as small
from tests.integration.small_county import NOON, put, reading
from tests.unit.sources.world import cells, workbook

A, B = "E01000001", "E01000002"
JAN, FEB, MAR = "2022-01", "2022-02", "2022-03"
JANUARY = Window(Month(2022, 1), Month(2022, 1))


def stored(connection: Connection, source: str = "open") -> dict[tuple[str, str, str], float | None]:
    """(series, area, month) -> count, None where suppressed, of everything the source has."""
    frame = fetch_counts(connection, source=source)
    assert not frame.duplicated(["series", "area", "month", "span", "dataset"]).any()
    keys = zip(frame["series"], frame["area"], frame["month"], strict=True)
    told = [(s, a, str(Month.from_key(m))) for s, a, m in keys]
    return {k: None if pd.isna(n) else n for k, n in zip(told, frame["count"].tolist(), strict=True)}


def states(connection: Connection) -> list[tuple[str, int]]:
    return [(e.state, e.edition) for e in sorted(list_extracts(connection), key=lambda e: e.id)]


def rows(connection: Connection, table: Table) -> int:
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def test_a_later_edition_stands_in_place_of_the_earlier_and_both_sides_are_kept(store: Store) -> None:
    first = {("burglary", A, JAN): 3, ("burglary", B, JAN): 5, ("burglary", "", JAN): 1, ("drugs", A, JAN): 2}
    later = {("burglary", A, JAN): 4, ("burglary", B, JAN): None, ("burglary", "", JAN): 1,
             ("robbery", A, JAN): 7}  # fmt: skip
    with store.write() as connection:
        one = put(connection, "open", first)
        two = put(connection, "open", later)
    assert (one.edition, one.changes, one.replaced) == (1, 0, ())
    assert (two.edition, two.changes, two.replaced) == (2, 4, (one.extract,))
    with store.read() as connection:
        assert stored(connection) == later
        assert states(connection) == [("replaced", 1), ("current", 2)]
        assert covered(connection, "open") == {"open-table": {Month(2022, 1)}}
        assert revised_months(connection, "open") == {Month(2022, 1): 4}
        said = {
            (r.series, r.area): (r.before, r.after)
            for r in connection.execute(select(revisions).where(revisions.c.extract_id == two.extract))
        }
    assert said == {
        ("burglary", A): (3, 4), ("burglary", B): (5, None),
        ("drugs", A): (2, None), ("robbery", A): (None, 7),
    }  # fmt: skip


def test_a_month_that_becomes_a_zero_is_a_revision_and_stays_published(store: Store) -> None:
    with store.write() as connection:
        put(connection, "open", {("burglary", A, JAN): 3})
        landed = put(connection, "open", {}, covers=[JAN])
    with store.read() as connection:
        assert landed.changes == 1
        assert stored(connection) == {}
        assert covered(connection, "open") == {"open-table": {Month(2022, 1)}}


def test_one_month_of_a_file_of_three_is_replaced_and_the_others_stay(store: Store) -> None:
    quarter: dict[tuple[str, str, str], int | None]
    quarter = {("burglary", A, m): n for n, m in enumerate((JAN, FEB, MAR), 1)}
    with store.write() as connection:
        one = put(connection, "open", quarter)
        two = put(connection, "open", {("burglary", A, FEB): 20})
    assert (two.edition, two.replaced, two.changes) == (2, (one.extract,), 1)
    with store.read() as connection:
        assert stored(connection) == quarter | {("burglary", A, FEB): 20}
        assert states(connection) == [("current", 1), ("current", 2)]
    with store.write() as connection:
        three = put(connection, "open", {("burglary", A, m): 0 for m in (JAN, MAR)})
        assert (three.edition, three.replaced) == (2, (one.extract,))
        assert states(connection) == [("replaced", 1), ("current", 2), ("current", 2)]
        four = put(connection, "open", {("burglary", A, m): 0 for m in (JAN, FEB)})
        assert (four.edition, set(four.replaced)) == (3, {two.extract, three.extract})
        assert states(connection) == [("replaced", 1), ("replaced", 2), ("current", 2), ("current", 3)]


def test_other_datasets_and_other_sources_are_left_alone(store: Store) -> None:
    mine = {("burglary", A, JAN): 3}
    with store.write() as connection:
        put(connection, "open", mine)
        other = put(connection, "open", {("fly-tipping", A, JAN): 9}, dataset="open-second")
        foreign = put(connection, "closed", {("burglary", A, JAN): 8})
        assert (other.edition, foreign.edition, other.replaced, foreign.replaced) == (1, 1, (), ())
        assert stored(connection) == mine | {("fly-tipping", A, JAN): 9}
        assert stored(connection, "closed") == {("burglary", A, JAN): 8}


def test_the_year_that_ends_with_a_month_is_another_period_than_the_month(store: Store) -> None:
    """A layout that changes from years to months must not take the year's figure away and leave a zero."""
    year, month = {("asb", small.DISTRICT, "2012-09"): 4931}, {("asb", small.DISTRICT, "2012-09"): 400}
    with store.write() as connection:
        put(connection, "open", year, span=12)
        landed = put(connection, "open", month)
        assert landed.replaced == ()
        both = put(connection, "open", {("asb", small.DISTRICT, "2012-09"): 410})
        assert both.changes == 1
        told = fetch_counts(connection, source="open")
    assert sorted(zip(told["span"], told["count"], strict=True)) == [(1, 410), (12, 4931)]


def test_of_a_file_with_years_and_months_only_the_period_given_anew_goes(store: Store) -> None:
    """A layout of ranges may mix them: `2011-10/2012-09` and `2012-09/2012-09`."""
    year = reading({("asb", small.DISTRICT, "2012-09"): 4931}, span=12)
    month = reading({("asb", small.DISTRICT, "2012-09"): 400})
    mixed = Reading("open-table", (*year.windows, *month.windows), 2, pd.concat([year.counts, month.counts]))
    with store.write() as connection:
        land(connection, "open", small.raw(), mixed, Outcome.ACCEPT, NOON)
        put(connection, "open", {("asb", small.DISTRICT, "2012-09"): 410})
        told = fetch_counts(connection, source="open")
    assert sorted(zip(told["span"], told["count"], strict=True)) == [(1, 410), (12, 4931)]


_EDITIONS = st.lists(
    st.tuples(
        st.sets(st.sampled_from([JAN, FEB, MAR]), min_size=1),
        st.dictionaries(
            st.tuples(st.sampled_from(["burglary", "drugs"]), st.sampled_from([A, B, ""])),
            st.one_of(st.none(), st.integers(0, 9)),
        ),
    ),
    min_size=1,
    max_size=5,
)  # fmt: skip


def test_the_store_holds_for_every_month_what_the_last_file_that_covered_it_said(sqlite_store: Store) -> None:
    @settings(max_examples=40, deadline=None)
    @given(_EDITIONS)
    def last_writer_wins(editions: list[tuple[set[str], dict[tuple[str, str], int | None]]]) -> None:
        wanted: dict[tuple[str, str, str], int | None] = {}
        with small.rolled_back(sqlite_store) as connection:
            marks = [fingerprint_of_data(connection, "open", Month(2022, 3))]
            for months, cells in editions:
                given = {(s, a, m): n for (s, a), n in cells.items() for m in months}
                before = dict(wanted)
                wanted = {k: n for k, n in wanted.items() if k[2] not in months} | given
                seen = {str(m) for v in covered(connection, "open").values() for m in v}
                landed = put(connection, "open", given, covers=sorted(months))
                assert stored(connection) == wanted
                differ = {
                    k for k in before.keys() | wanted.keys()
                    if k[2] in months & seen and before.get(k, 0) != wanted.get(k, 0)
                }  # fmt: skip
                assert landed.changes == len(differ), "a first figure is no revision"
                marks.append(fingerprint_of_data(connection, "open", Month(2022, 3)))
            assert len(set(marks)) == len(marks), "every landing is seen by the months that it touched"
            held = Counter(connection.execute(select(counts.c.extract_id)).scalars())
            current = {e.id for e in list_extracts(connection) if e.state == "current"}
            assert set(held) <= current, "a replaced extract holds no counts"

    last_writer_wins()


def test_what_a_table_printed_goes_with_its_period(store: Store) -> None:
    def tables(rate: float) -> pd.DataFrame:
        return pd.DataFrame(
            {"area": [A], "series": ["asb"], "month": [201209], "span": [12], "rate": [rate],
             "band": ["Très élevé · “high”"], "rank": [1]}
        )  # fmt: skip

    cells = {("asb", A, "2012-09"): 417}
    with store.write() as connection:
        put(connection, "open", cells, span=12, published=tables(280.0))
        put(connection, "open", cells, span=12, published=tables(281.5))
        found = connection.execute(select(published.c.rate, published.c.band)).all()
    assert [tuple(r) for r in found] == [(281.5, "Très élevé · “high”")]


def test_a_landing_that_fails_half_way_leaves_nothing(store: Store) -> None:
    with store.write() as connection:
        put(connection, "open", {("burglary", A, JAN): 3})
    twice = reading({("burglary", A, JAN): 4})
    wrong = Reading("open-table", twice.windows, 2, pd.concat([twice.counts, twice.counts]))
    with pytest.raises((IntegrityError, psycopg.IntegrityError)), store.write() as connection:
        land(connection, "open", small.raw(), wrong, Outcome.ACCEPT, NOON)
    with store.read() as connection:
        assert stored(connection) == {("burglary", A, JAN): 3}
        assert states(connection) == [("current", 1)]
        assert rows(connection, revisions) == 0


def test_a_server_that_goes_away_during_a_landing_is_explained(postgres_store: Store) -> None:
    """COPY speaks to the driver itself: its errors, too, become a sentence and what to do."""
    with pytest.raises(NotReady, match="does not answer"), postgres_store.write() as connection:
        victim = connection.execute(select(func.pg_backend_pid())).scalar_one()
        with postgres_store.read() as other:
            other.execute(select(func.pg_terminate_backend(victim)))
        insert_rows(connection, counts, ("area",), [(A,)])


# What is set aside


def aside(connection: Connection, raw: RawFile, reason: str = "truncated", **more: Any) -> tuple[int, bool]:
    said: dict[str, Any] = {"dataset": "", "physical_rows": 7, "advice": "ask again", "now": NOON}
    return put_aside(
        connection, "open", raw, more.pop("outcome", Outcome.REJECT_FILE), reason=reason, **(said | more)
    )


def test_a_rejected_file_is_kept_with_its_bytes_and_said_once(store: Store) -> None:
    raw = small.raw(content=bytes(range(256)) * 40)
    with store.write() as connection:
        key, new = aside(connection, raw)
        again, still_new = aside(connection, raw)
        assert (again, new, still_new) == (key, True, False)
        other, other_new = aside(connection, raw, reason="not-csv")
        assert other_new, "another reason is news"
        assert states(connection) == [("rejected", 0)]
        assert rows(connection, raw_files) == 1
        with pytest.raises(UsageError, match="not waiting"):
            held_file(connection, other)


def test_a_held_file_comes_back_byte_for_byte_and_a_no_turns_it_down(store: Store) -> None:
    raw = RawFile("in.zip:2022-06/2022-06-x-street.csv", os.urandom(5000))
    with store.write() as connection:
        key, _ = aside(connection, raw, reason="volume", outcome=Outcome.HOLD)
        row, back = held_file(connection, key)
        assert (row.state, back.name, back.content, back.sha256) == (
            "held",
            raw.name,
            raw.content,
            raw.sha256,
        )
        turn_down(connection, key)
        assert [(e.state, e.reason) for e in list_extracts(connection)] == [("rejected", "turned-down")]
        assert rows(connection, raw_files) == 1
        with pytest.raises(UsageError, match="not waiting"):
            turn_down(connection, key)


def test_a_file_too_large_to_keep_is_named_and_says_so(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jobs.store.write._KEEP_RAW", 10)
    with store.write() as connection:
        key, _ = aside(connection, small.raw(content=b"x" * 11), reason="volume", outcome=Outcome.HOLD)
        assert rows(connection, raw_files) == 0
        with pytest.raises(UsageError, match="too large") as refusal:
            held_file(connection, key)
    assert "pull the file again" in refusal.value.advice


def test_a_file_set_aside_before_and_good_now_leaves_no_second_receipt(store: Store) -> None:
    raw = small.raw()
    with store.write() as connection:
        aside(connection, raw)
        landed = land(connection, "open", raw, reading({("burglary", A, JAN): 3}), Outcome.ACCEPT, NOON)
        assert [(e.id, e.state) for e in list_extracts(connection)] == [(landed.extract, "current")]
        assert rows(connection, raw_files) == 0, "the bytes went with the old receipt"


# Through the reader: incidents, flags, crime ids


INCIDENTS = {
    "id": "incidents", "columns": {"id": "Ref", "date": "Day", "category": "Kind", "area": "Where",
                                   "street": "Street"},
    "flags": {"alcohol-flagged": "Alcohol"}, "area_by": "code",
    "categories": {"B": "burglary", "V": "violence-against-person"},
}  # fmt: skip
HEAD = "Ref,Day,Kind,Where,Street,Alcohol"


def incidents_house(store: Store) -> House:
    return small.house(store, small.source("log", reader="incidents", layouts=[INCIDENTS], hold_above=99))


def load(house: House, *lines: str, name: str = "log.csv") -> Receipt:
    content = "\n".join([HEAD, *lines, ""]).encode()
    with house.store.write() as connection:
        return take(connection, house, house.partnership.source("log"), Opened(name, RawFile(name, content)))


def test_a_crime_counted_in_another_month_is_set_aside_once_though_it_is_flagged(store: Store) -> None:
    """A flagged row counts in two series; it is one row, in both of which the crime is taken off."""
    house = incidents_house(store)
    first = load(house, f"R-1,2022-01-05,V,{A},High Street,yes", f"R-2,2022-01-06,B,{A},High Street,no")
    assert (first.outcome, first.rows_loaded) == (Outcome.ACCEPT, 2)
    second = load(
        house,
        f"R-1,2022-02-01,V,{A},High Street,yes",
        f"R-3,2022-02-02,V,{A},Low Street,yes",
        "R-2,2022-02-03,B,,,no",
        f",2022-02-04,B,{A},High Street,no",
    )
    assert (second.physical_rows, second.rows_loaded, second.rows_quarantined) == (4, 2, 2)
    assert (second.reason, second.unlocated_rows) == ("duplicate-id", 0)
    with store.read() as connection:
        assert stored(connection, "log") == {
            ("violence-against-person", A, JAN): 1, ("alcohol-flagged", A, JAN): 1, ("burglary", A, JAN): 1,
            ("violence-against-person", A, FEB): 1, ("alcohol-flagged", A, FEB): 1, ("burglary", A, FEB): 1,
        }  # fmt: skip
        kept = quarantined(connection, second.extract)
        assert [(r["line"], r["detail"], r["text"]) for r in kept] == [
            (2, "counted in 2022-01", f"R-1,2022-02-01,V,{A},High Street,yes"),
            (4, "counted in 2022-01", "R-2,2022-02-03,B,,,no"),
        ]
        # Streets are counted by rows of a series, so a flagged incident is there once for each.
        february = Window(Month(2022, 2), Month(2022, 2))
        found = streets(connection, [A], ["violence-against-person", "burglary"], february, "log")
        assert found == [("High Street", A, 1), ("Low Street", A, 1)]
        frame = connection.execute(select(incidents.c.crime_key).where(incidents.c.month == 202202)).scalars()
        assert Counter(k is None for k in frame) == {False: 2, True: 1}, "an incident without id is kept"


def test_a_later_edition_of_the_same_month_is_not_its_own_duplicate(store: Store) -> None:
    house = incidents_house(store)
    load(house, f"R-1,2022-01-05,V,{A},High Street,yes")
    again = load(house, f"R-1,2022-01-05,V,{B},High Street,no", f"R-2,2022-01-06,B,{A},,no")
    assert (again.edition, again.rows_quarantined, again.changes) == (2, 0, 4)
    with store.read() as connection:
        assert stored(connection, "log") == {("violence-against-person", B, JAN): 1, ("burglary", A, JAN): 1}
        assert rows(connection, incidents) == 2


def test_a_file_of_several_months_counts_a_crime_of_an_earlier_file_once_too(store: Store) -> None:
    """Quarterly files come as well: the crime that moved is one crime there, too."""
    house = incidents_house(store)
    load(house, f"R-1,2022-01-05,V,{A},,no")
    load(house, f"R-1,2022-02-01,V,{A},,no", f"R-5,2022-03-01,B,{A},,no", name="quarter.csv")
    with store.read() as connection:
        total = sum(n or 0 for k, n in stored(connection, "log").items() if k[0] != "burglary")
    assert total == 1


def test_what_is_taken_off_is_taken_off_in_its_own_month(store: Store) -> None:
    house = incidents_house(store)
    load(house, f"R-1,2022-01-05,V,{A},,yes")
    load(
        house,
        f"R-1,2022-02-01,V,{A},,yes",
        f"R-2,2022-02-02,V,{A},,no",
        f"R-3,2022-03-01,V,{A},,yes",
        "R-4,2022-03-02,V,,,no",
        name="quarter.csv",
    )
    with store.read() as connection:
        assert stored(connection, "log") == {
            ("violence-against-person", A, JAN): 1, ("alcohol-flagged", A, JAN): 1,
            ("violence-against-person", A, FEB): 1,
            ("violence-against-person", A, MAR): 1, ("alcohol-flagged", A, MAR): 1,
            ("violence-against-person", "", MAR): 1,
        }  # fmt: skip


def test_a_crime_may_move_inside_the_months_that_a_file_replaces(store: Store) -> None:
    house = incidents_house(store)
    load(house, f"R-1,2022-01-05,B,{A},,no", f"R-2,2022-02-05,B,{A},,no")
    again = load(house, f"R-1,2022-02-01,B,{A},,no", f"R-3,2022-01-05,B,{A},,no")
    assert (again.rows_loaded, again.rows_quarantined) == (2, 0)
    with store.read() as connection:
        assert stored(connection, "log") == {("burglary", A, JAN): 1, ("burglary", A, FEB): 1}


def test_a_file_of_crimes_that_are_all_counted_already_waits_for_a_yes(store: Store) -> None:
    """Loaded, it would make its month a month without crime."""
    house = incidents_house(store)
    load(house, f"R-1,2022-01-05,B,{A},,no")
    held = load(house, f"R-1,2022-02-05,B,{A},,no")
    assert (held.outcome, held.month) == (Outcome.HOLD, FEB)
    assert "counted in other months already" in str(held.advice)
    assert held.extract is not None
    yes = release(house, held.extract)
    assert (yes.outcome, yes.rows_loaded, yes.rows_quarantined) == (Outcome.QUARANTINE_ROWS, 0, 1)


def test_a_no_lasts_when_the_same_file_lies_in_the_inbox_on_the_next_day(store: Store) -> None:
    house = incidents_house(store)
    for month in (1, 2, 3):
        load(house, *(f"M{month}-{n},2022-0{month}-05,B,{A},,no" for n in range(10)))
    thin = [f"T-1,2022-04-05,B,{A},,no"]
    held = load(house, *thin)
    assert held.outcome is Outcome.HOLD
    assert held.extract is not None
    with store.write() as connection:
        turn_down(connection, held.extract)
    again = load(house, *thin)
    assert again.outcome is Outcome.REJECT_FILE
    with store.read() as connection:
        assert [e.state for e in list_extracts(connection) if e.id == again.extract] == ["rejected"]
    assert (again.extract, again.reason, again.month) == (held.extract, "turned-down", "2022-04")
    assert f"tocsin extracts accept {again.extract}" in str(again.advice)
    yes = release(house, held.extract)
    assert (yes.outcome, yes.rows_loaded) == (Outcome.ACCEPT, 1), "a no can be taken back"
    assert load(house, *thin).outcome is Outcome.UNCHANGED


ODD = ["NULL", "\\N", "\\.", "a\\tb", "O'Leary; DROP", "“q”", "🔔 é ß", "=1+1", "\u202egnal", "\x7f\x01"]


@pytest.mark.parametrize("text", ODD)
def test_odd_text_comes_back_as_it_was(store: Store, text: str) -> None:
    house = incidents_house(store)
    receipt = load(
        house, f"R-1,2022-01-05,B,{A},{text},no", f"R-2,2022-13-05,B,{A},{text},no", name=f"{text}.csv"
    )
    assert (receipt.rows_loaded, receipt.rows_quarantined) == (1, 1)
    with store.read() as connection:
        assert [s for s, _, _ in streets(connection, [A], ["burglary"], JANUARY, "log")] == [text.strip()]
        (kept,) = quarantined(connection)
        assert kept["text"] == f"R-2,2022-13-05,B,{A},{text},no"
        assert kept["name"] == f"{text}.csv"


def test_a_nul_is_written_out_where_databases_have_none(store: Store) -> None:
    """A CSV with one is refused; a workbook spells it _x0000_, and the reader reads it so."""
    rows = [("Ref", "Day", "Kind", "Where", "Street", "Alcohol")]
    rows += [
        ("R-1", "2022-01-05", "B", A, "High_x0000_Street", "no"),
        ("R-2", "2022-01-0_x0000_6", "B", A, "", "no"),
    ]
    house = incidents_house(store)
    raw = RawFile("log.xlsx", workbook({"Log": cells(*rows)}))
    with house.store.write() as connection:
        receipt = take(connection, house, house.partnership.source("log"), Opened(raw.name, raw))
    assert (receipt.rows_loaded, receipt.rows_quarantined) == (1, 1)
    with store.read() as connection:
        ((street, _, n),) = streets(connection, [A], ["burglary"], JANUARY, "log")
        (kept,) = quarantined(connection)
    assert n == 1
    assert "\0" not in f"{street}{kept['text']}{kept['detail']}"
    assert street.startswith("High")
    assert str(kept["text"]).startswith("R-2,2022-01-0")


def test_a_file_name_that_is_no_text_is_shown_as_well_as_it_can_be(store: Store, tmp_path: Path) -> None:
    house = incidents_house(store)
    content = "\n".join([HEAD, f"R-1,2022-01-05,B,{A},,no", ""]).encode()
    bad = b"\xff\xff,\n1,2\n"
    for name, body in (
        (b"good-\xff.csv", content),
        (b"bad-\xfe.csv", bad),
        (b"bad-\x1b[1m\n.csv", bad + b"\n"),
    ):
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_bytes(body)
    receipts = list(pull_paths(house, house.partnership.source("log"), [tmp_path]))
    assert {r.file: r.outcome.value for r in receipts} == {
        r"good-\xff.csv": "accept", r"bad-\xfe.csv": "reject-file", r"bad-\x1b[1m\n.csv": "reject-file",
    }  # fmt: skip
    for receipt in receipts:
        assert f"{receipt.file}{receipt.advice or ''}".isprintable(), "it can be printed and stored"


def test_times_of_receipt_are_kept_in_utc(store: Store) -> None:
    local = dt.datetime(2022, 7, 1, 0, 30, tzinfo=dt.timezone(dt.timedelta(hours=1)))
    with store.write() as connection:
        put(connection, "open", {("burglary", A, JAN): 1}, now=local)
    with store.read() as connection:
        (row,) = list_extracts(connection)
        raw_value = connection.execute(select(extracts.c.received_at)).scalar_one()
    assert row.received == local
    assert raw_value is not None
