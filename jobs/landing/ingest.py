"""From a file to facts in the store: read, weigh, land. One extract is one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from jobs.errors import Rejected
from jobs.folder.partnership import SourceSettings
from jobs.house import House
from jobs.landing import receipts
from jobs.landing.doubts import Doubt, doubt_about
from jobs.landing.repeats import without_known_crimes
from jobs.sources.archive import Opened, open_path
from jobs.sources.base import Outcome, RawFile, ReadContext, Reading, Receipt
from jobs.sources.readers import read, wanted
from jobs.store.engine import Connection
from jobs.store.extracts import known_content
from jobs.store.held import held_file, is_turned_down
from jobs.store.write import land, put_aside
from rules.model import Month


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
        return receipts.unchanged(known, raw)
    if known is not None and is_turned_down(known):
        return receipts.turned_down(known, raw)
    try:
        reading = _read(connection, house, source, raw, month)
    except Rejected as error:
        return _rejected(connection, house, source, raw, error)
    if doubt := doubt_about(connection, source, reading, house.today):
        return _held(connection, house, source, raw, reading, doubt)
    return _landed(connection, house, source, raw, reading)


def release(house: House, extract: int) -> Receipt:
    """Load a held extract after a person's yes, or one that was turned down when the no is taken back."""
    with house.store.write() as connection:
        row, raw = held_file(connection, extract, turned_down=True)
        source = house.partnership.source(row.source)
        return _landed(connection, house, source, raw, _read(connection, house, source, raw))


def _read(
    connection: Connection, house: House, source: SourceSettings, raw: RawFile, month: Month | None = None
) -> Reading:
    context = ReadContext(source, house.geography, house.lexicon, house.today, month)
    return without_known_crimes(connection, source.id, read(raw, context))


def _landed(
    connection: Connection, house: House, source: SourceSettings, raw: RawFile, reading: Reading
) -> Receipt:
    outcome = Outcome.QUARANTINE_ROWS if reading.bad else Outcome.ACCEPT
    landed = land(connection, source.id, raw, reading, outcome, house.now())
    return receipts.loaded(source.id, raw, reading, outcome, landed)


def _rejected(
    connection: Connection, house: House, source: SourceSettings, raw: RawFile, error: Rejected
) -> Receipt:
    key, new = put_aside(
        connection, source.id, raw, Outcome.REJECT_FILE, dataset="", physical_rows=error.physical_rows,
        reason=error.reason, advice=f"{error}. {error.advice}", now=house.now(),
    )  # fmt: skip
    return receipts.rejected(source.id, raw, error, key, new=new)


def _held(
    connection: Connection, house: House, source: SourceSettings, raw: RawFile, reading: Reading, doubt: Doubt
) -> Receipt:
    key, _ = put_aside(
        connection, source.id, raw, Outcome.HOLD, dataset=reading.dataset, windows=reading.windows,
        physical_rows=reading.physical_rows, reason=doubt.reason, advice=doubt.why, now=house.now(),
    )  # fmt: skip
    return receipts.held(source.id, raw, reading, doubt, key)
