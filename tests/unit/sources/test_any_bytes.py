"""Whatever arrives: a reading that accounts for every row, or one clear refusal. Never anything else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.errors import Rejected
from jobs.sources.base import RawFile, ReadContext, Reading
from jobs.sources.readers import read
from tests.unit.sources.world import BAD, FIRE, FLYTIPPING, POLICE, context, police, source

INCIDENTS = source(
    "incidents",
    {
        "id": "i",
        "columns": {"date": "Month", "category": "Incident type", "area": "Station area"},
        "date_format": "%Y-%m",
        "categories": {"Deliberate secondary fire": "fires-secondary"},
    },
)
CONTEXTS = [context(s) for s in (police(), FIRE, FLYTIPPING, INCIDENTS)]
JUNE = (POLICE / "2022-06-leicestershire-street.csv").read_bytes()
FIRES = (BAD / "j_fire_counts.csv").read_bytes().replace(b"-1", b"12").replace(b"two", b"103")


def outcome(raw: RawFile, given_context: ReadContext) -> Reading | None:
    """The reading, checked to account for all its rows; None when the file is refused."""
    try:
        reading = read(raw, given_context)
    except Rejected as error:
        assert raw.name in str(error)
        assert error.advice
        assert 0 < len(error.reason) <= 40
        assert error.physical_rows >= 0
        return None
    lines = raw.content.count(b"\n") + 1
    assert reading.rows_loaded + len(reading.bad) == reading.physical_rows < lines
    assert len({b.line for b in reading.bad}) == len(reading.bad)
    assert reading.windows
    return reading


@given(st.binary(max_size=200), st.sampled_from(CONTEXTS), st.sampled_from(["x.csv", "x.xlsx"]))
def test_any_bytes(content: bytes, given_context: ReadContext, name: str) -> None:
    outcome(RawFile(name, content), given_context)


@given(st.text("'\",;\r\n0aé<PK\ufeff", max_size=60), st.sampled_from(CONTEXTS))
def test_any_text(text: str, given_context: ReadContext) -> None:
    header = JUNE[: JUNE.index(b"\n") + 1] if given_context.source.id == "police" else b"Month,Incidents\n"
    outcome(RawFile("x.csv", header + text.encode()), given_context)


PLAUSIBLE = ["", "2025-03", "Moira", "Deliberate secondary fire", "4", "<5", "NULL"]
CELL = st.one_of(st.sampled_from(PLAUSIBLE), st.text())


@given(
    st.lists(st.tuples(CELL, CELL, CELL, CELL), min_size=1, max_size=8), st.sampled_from([FIRE, INCIDENTS])
)
def test_any_cells(rows: list[tuple[str, ...]], settings_of_source: object) -> None:
    quoted = ["2025-03,Moira,Deliberate secondary fire,1"]
    quoted += [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    text = "Month,Station area,Incident type,Incidents\n" + "\n".join(quoted) + "\n"
    chosen = next(c for c in CONTEXTS if c.source is settings_of_source)
    outcome(RawFile("x.csv", text.encode("utf-8", "replace")), chosen)


@settings(max_examples=60)
@given(st.integers(0, len(JUNE) - 1), st.integers(0, 255))
def test_a_changed_byte_costs_one_row_at_most_or_the_file(at: int, byte: int) -> None:
    broken = JUNE[:at] + bytes([byte]) + JUNE[at + 1 :]
    reading = outcome(RawFile("2022-06-leicestershire-street.csv", broken), CONTEXTS[0])
    assert reading is None or (reading.physical_rows == 52 and len(reading.bad) <= 1)


def _cut(content: bytes, at: int, name: str, given_context: ReadContext) -> None:
    """A cut file is refused, unless it ends where a row ends: that no reader can know."""
    reading = outcome(RawFile(name, content[:at]), given_context)
    if reading is not None:
        whole_rows = content[:at].rstrip(b"\r\n")
        assert content[len(whole_rows) :][:1] in (b"\r", b"\n"), f"accepted a cut at byte {at}"
        assert reading.physical_rows == whole_rows.count(b"\n")
        assert reading.bad == []


def test_a_counts_file_cut_anywhere() -> None:
    for at in range(len(FIRES)):
        _cut(FIRES, at, "fires.csv", CONTEXTS[1])


@pytest.mark.parametrize("start", range(12))
def test_a_police_file_cut_anywhere(start: int) -> None:
    for at in range(start, 3000, 36):
        _cut(JUNE[:3000], at, "2022-06-leicestershire-street.csv", CONTEXTS[0])
