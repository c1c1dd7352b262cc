"""What is said about one file: every outcome, and what the person should do about it."""

from __future__ import annotations

from collections.abc import Iterable

from jobs.errors import Rejected
from jobs.landing.doubts import Doubt
from jobs.sources.base import Outcome, RawFile, Reading, Receipt
from jobs.store.extracts import ExtractRow
from jobs.store.write import Landed
from rules.model import Month

_HELD_ADVICE = "look at the file; then `tocsin extracts accept {id}` or `tocsin extracts reject {id}`"
_NO_ADVICE = "a person has turned this file down; earlier data stays. `tocsin extracts accept {id}` loads it"


def loaded(source: str, raw: RawFile, reading: Reading, outcome: Outcome, landed: Landed) -> Receipt:
    """The file is in."""
    return Receipt(
        file=raw.name, source=source, month=_of(reading), edition=landed.edition, outcome=outcome,
        physical_rows=reading.physical_rows, rows_loaded=reading.rows_loaded,
        rows_quarantined=len(reading.bad), reason=", ".join(sorted({b.reason for b in reading.bad})) or None,
        unlocated_rows=reading.unlocated_rows, advice="see `tocsin quarantine list`" if reading.bad else None,
        changes=landed.changes, notes=reading.notes, extract=landed.extract,
    )  # fmt: skip


def unchanged(known: ExtractRow, raw: RawFile) -> Receipt:
    """This content was loaded before, and may have been replaced since."""
    same = "this content is loaded already"
    older = "a later edition has replaced this content"
    return Receipt(
        file=raw.name, source=known.source, month=_span(known), edition=known.edition,
        outcome=Outcome.UNCHANGED, physical_rows=known.physical_rows, rows_loaded=known.rows_loaded,
        rows_quarantined=known.rows_quarantined, reason=older if known.state == "replaced" else same,
        unlocated_rows=known.unlocated_rows, extract=known.id,
    )  # fmt: skip


def turned_down(known: ExtractRow, raw: RawFile) -> Receipt:
    """A person has said no to this content, and the no lasts."""
    return Receipt(
        file=raw.name, source=known.source, month=_span(known), edition=None, outcome=Outcome.REJECT_FILE,
        physical_rows=known.physical_rows, rows_loaded=0, rows_quarantined=0, reason=known.reason,
        advice=_NO_ADVICE.format(id=known.id), notes=("said before",), extract=known.id,
    )  # fmt: skip


def rejected(source: str, raw: RawFile, error: Rejected, extract: int, *, new: bool) -> Receipt:
    """The file cannot be used."""
    return Receipt(
        file=raw.name, source=source, month=None, edition=None, outcome=Outcome.REJECT_FILE,
        physical_rows=error.physical_rows, rows_loaded=0, rows_quarantined=0, reason=error.reason,
        advice=f"{error}. {error.advice}", notes=() if new else ("said before",), extract=extract,
    )  # fmt: skip


def held(source: str, raw: RawFile, reading: Reading, doubt: Doubt, extract: int) -> Receipt:
    """The file can be read, and waits for a yes."""
    return Receipt(
        file=raw.name, source=source, month=_of(reading), edition=None, outcome=Outcome.HOLD,
        physical_rows=reading.physical_rows, rows_loaded=0, rows_quarantined=0, reason=doubt.reason,
        advice=f"{doubt.why}. {_HELD_ADVICE.format(id=extract)}", extract=extract,
    )  # fmt: skip


def _of(reading: Reading) -> str:
    first, last = min(w.first for w in reading.windows), max(w.last for w in reading.windows)
    return str(first) if first == last else f"{first}..{last}"


def _span(known: ExtractRow) -> str | None:
    months: Iterable[Month | None] = (known.first, known.last)
    return "..".join(sorted({str(m) for m in months if m})) or None
