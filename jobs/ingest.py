"""From a file to facts in the store: read, weigh, land. One extract is one transaction."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from jobs.errors import Rejected
from jobs.house import House
from jobs.partnership import SourceSettings
from jobs.sources.archive import Opened, open_path
from jobs.sources.base import BadRow, Outcome, RawFile, ReadContext, Reading, Receipt
from jobs.sources.readers import read, wanted
from jobs.store.engine import Connection
from jobs.store.extracts import ExtractRow, known_content, row_counts
from jobs.store.read import months_of_keys
from jobs.store.write import land, put_aside
from rules.model import Month, Window

_HELD_ADVICE = "look at the file; then `tocsin extracts accept {id}` or `tocsin extracts reject {id}`"
_USUAL_MONTHS = 12  # the volume of a month is weighed against the median of so many before it


def pull_paths(
    house: House, source: SourceSettings, paths: Iterable[Path], month: Month | None = None
) -> Iterator[Receipt]:
    """Every file under the paths, one receipt each, in the order of their months."""
    for path in paths:
        for opened in open_path(path, wanted(source, month)):
            with house.store.write() as connection:
                receipt = take(connection, house, source, opened, month)
            yield receipt


def take(
    connection: Connection,
    house: House,
    source: SourceSettings,
    opened: Opened,
    month: Month | None = None,
) -> Receipt:
    """One file, inside the caller's transaction, so that what follows from it can be in the same one."""
    if opened.raw is None:
        assert opened.rejected is not None
        kept = RawFile(opened.name, opened.content or opened.name.encode())
        return _rejected(connection, house, source, kept, opened.rejected)
    raw = opened.raw
    known = known_content(connection, source.id, raw.sha256)
    if known is not None and known.state in {"current", "replaced"}:
        return _unchanged(known, raw)
    context = ReadContext(source, house.geography, house.lexicon, house.today, month)
    try:
        reading = read(raw, context)
    except Rejected as error:
        return _rejected(connection, house, source, raw, error)
    reading = _without_known_crimes(connection, source, reading)
    if reason := _unfinished(house, reading) or _implausible(connection, source, reading):
        return _held(connection, house, source, raw, reading, reason)
    return _landed(connection, house, source, raw, reading)


def release(house: House, extract: int) -> Receipt:
    """Load a held extract after a person's yes."""
    from jobs.store.held import held_file

    with house.store.write() as connection:
        row, raw = held_file(connection, extract)
        source = house.partnership.source(row.source)
        context = ReadContext(source, house.geography, house.lexicon, house.today)
        reading = _without_known_crimes(connection, source, read(raw, context))
        return _landed(connection, house, source, raw, reading)


def _landed(
    connection: Connection, house: House, source: SourceSettings, raw: RawFile, reading: Reading
) -> Receipt:
    outcome = Outcome.QUARANTINE_ROWS if reading.bad else Outcome.ACCEPT
    landed = land(connection, source.id, raw, reading, outcome, house.now())
    return Receipt(
        file=raw.name, source=source.id, month=_months(reading), edition=landed.edition, outcome=outcome,
        physical_rows=reading.physical_rows, rows_loaded=reading.rows_loaded,
        rows_quarantined=len(reading.bad), reason=_reasons(reading), unlocated_rows=reading.unlocated_rows,
        advice="see `tocsin quarantine list`" if reading.bad else None,
        changes=landed.changes, notes=reading.notes, extract=landed.extract,
    )  # fmt: skip


def _reasons(reading: Reading) -> str | None:
    return ", ".join(sorted({b.reason for b in reading.bad})) or None


def _months(reading: Reading) -> str:
    first, last = min(w.first for w in reading.windows), max(w.last for w in reading.windows)
    return str(first) if first == last else f"{first}..{last}"


def _unchanged(known: ExtractRow, raw: RawFile) -> Receipt:
    same = "this content is loaded already"
    older = "a later edition has replaced this content"
    months = {str(m) for m in (known.first, known.last) if m}
    return Receipt(
        file=raw.name, source=known.source, month="..".join(sorted(months)) or None, edition=known.edition,
        outcome=Outcome.UNCHANGED, physical_rows=known.physical_rows, rows_loaded=known.rows_loaded,
        rows_quarantined=known.rows_quarantined, reason=older if known.state == "replaced" else same,
        unlocated_rows=known.unlocated_rows, extract=known.id,
    )  # fmt: skip


def _rejected(
    connection: Connection, house: House, source: SourceSettings, raw: RawFile, error: Rejected
) -> Receipt:
    key, new = put_aside(
        connection, source.id, raw, Outcome.REJECT_FILE, dataset="", physical_rows=error.physical_rows,
        reason=error.reason, advice=f"{error}. {error.advice}", now=house.now(),
    )  # fmt: skip
    return Receipt(
        file=raw.name, source=source.id, month=None, edition=None, outcome=Outcome.REJECT_FILE,
        physical_rows=error.physical_rows, rows_loaded=0, rows_quarantined=0, reason=error.reason,
        advice=f"{error}. {error.advice}", notes=() if new else ("said before",), extract=key,
    )  # fmt: skip


def _held(
    connection: Connection, house: House, source: SourceSettings, raw: RawFile, reading: Reading, why: str
) -> Receipt:
    key, _ = put_aside(
        connection, source.id, raw, Outcome.HOLD, dataset=reading.dataset,
        physical_rows=reading.physical_rows, reason="volume", advice=why, now=house.now(),
    )  # fmt: skip
    return Receipt(
        file=raw.name, source=source.id, month=_months(reading), edition=None, outcome=Outcome.HOLD,
        physical_rows=reading.physical_rows, rows_loaded=0, rows_quarantined=0, reason="volume",
        advice=f"{why}. {_HELD_ADVICE.format(id=key)}", extract=key,
    )  # fmt: skip


def _unfinished(house: House, reading: Reading) -> str:
    """A month that has not ended is a partial month: it would read as a fall."""
    last = max(w.last for w in reading.windows)
    return f"{last.words} has not ended yet" if last >= Month.of(house.today) else ""


def _implausible(connection: Connection, source: SourceSettings, reading: Reading) -> str:
    """Why a complete file waits for a yes: far fewer or far more rows than its dataset usually has."""
    if source.cadence != "monthly" or len(reading.windows) != 1:
        return ""
    month = reading.windows[0].last
    around = Window(month + -_USUAL_MONTHS, month + _USUAL_MONTHS)
    known = row_counts(connection, source.id, reading.dataset, around)
    if len(known) < 3:
        return ""
    usual = statistics.median(known)
    share = reading.physical_rows / max(usual, 1)
    if source.hold_below <= share <= source.hold_above:
        return ""
    return f"{reading.physical_rows:,} rows where {usual:,.0f} are usual ({100 * share:.0f} %)"


def _without_known_crimes(connection: Connection, source: SourceSettings, reading: Reading) -> Reading:
    """A Crime ID that is already counted in another month is one crime: the later arrival is set aside."""
    frame = reading.incidents
    if frame is None or len(reading.windows) != 1:
        return reading
    keyed = frame[frame["crime_key"].notna()]
    known = months_of_keys(connection, source.id, keyed["crime_key"].tolist(), reading.windows[0].last)
    if not known:
        return reading
    again = frame["crime_key"].isin(known.keys())
    gone = frame[again]
    first = gone.drop_duplicates("line")  # a flagged incident counts in several series, and is one row
    bad = [
        BadRow(line, "duplicate-id", reading.verbatim(line), f"counted in {known[key]}")
        for line, key in zip(first["line"].tolist(), first["crime_key"].tolist(), strict=True)
    ]
    less = gone.assign(less=1).groupby(["series", "area"], dropna=False)["less"].sum().reset_index()
    counts = reading.counts.merge(less, on=["series", "area"], how="left")
    counts["count"] = counts["count"] - counts.pop("less").fillna(0).astype("Int64")
    lost = int(first["area"].isna().sum())
    return replace(
        reading, incidents=frame[~again], counts=counts[counts["count"] > 0], bad=[*reading.bad, *bad],
        unlocated_rows=reading.unlocated_rows - lost,
    )  # fmt: skip
