"""How fresh each source is: what is in, what is missing, what was revised, what is late."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import replace

from jobs.facts import SourceFacts
from jobs.folder.partnership import SourceSettings
from jobs.store.engine import Connection
from jobs.store.extracts import FAR, ExtractRow, covered, holders, list_extracts, revised_months
from jobs.store.kept import kept
from rules.model import Month

_REVISED_SHOWN = 6


def source_facts(
    connection: Connection,
    source: SourceSettings,
    *,
    until: Month | None = None,
    today: dt.date | None = None,
) -> SourceFacts:
    """What is known of a source; `until` tells it as of that data month, `today` asks whether it is late.

    As of a month, nothing is known of what came in about later ones (`rows` has the whole of a file that
    speaks of both). `unlocated` and `last_rows` are of the last month alone: both are 0 when its file speaks
    of other months as well.
    """

    def read() -> SourceFacts:
        return _source_facts(connection, source, until, today)

    return kept(connection, ("source_facts", source.model_dump_json(), until, today), read)


def _source_facts(
    connection: Connection, source: SourceSettings, until: Month | None, today: dt.date | None
) -> SourceFacts:
    plain = SourceFacts(
        id=source.id, title=source.title, short=source.short, licence=source.licence,
        attribution=source.attribution, classification=source.classification.value, invented=source.invented,
    )  # fmt: skip
    every = published_months(connection, source)
    months = [m for m in every if until is None or m <= until]
    extracts = [e for e in list_extracts(connection, source=source.id) if _known(e, until)]
    current = [e for e in extracts if e.state == "current"]
    facts = replace(
        plain,
        held=sum(e.state == "held" for e in extracts),
        rows=sum(e.rows_loaded for e in current),
        quarantined=sum(e.rows_quarantined for e in current),
        # Told as of a month, the month after it is not late for being left out of the telling.
        late=late_month(source, months, today) if today and months == every else None,
    )
    if not months:
        return facts
    now = holders(connection, source.id, months[-1])
    latest = [e for e in current if e.id in now]
    alone = [e for e in latest if e.first == e.last]
    told = until.key if until else FAR
    return replace(
        facts,
        last_month=str(months[-1]),
        received=max((e.received.date() for e in latest), default=None),
        edition=max((e.edition for e in latest), default=1),
        months=len(months),
        gaps=gaps(months) if source.cadence != "annual" else (),
        revised=tuple(
            str(m) for m in sorted(revised_months(connection, source.id, until=told))[-_REVISED_SHOWN:]
        ),
        unlocated=sum(e.unlocated_rows for e in alone),
        last_rows=sum(e.physical_rows for e in alone),
    )


def published_months(
    connection: Connection, source: SourceSettings, until: Month | None = None
) -> list[Month]:
    """Months that any dataset of the source has published (for a table, those its periods end with)."""
    spans = (1,) if source.cadence == "monthly" else (1, 3, 12)
    every: set[Month] = set()
    for span in spans:
        every.update(*covered(connection, source.id, span=span).values())
    return sorted(m for m in every if until is None or m <= until)


def gaps(months: list[Month]) -> tuple[str, ...]:
    """Runs of months between the first and the last that were not published."""
    found = []
    for before, after in itertools.pairwise(months):
        if after - before > 1:
            first, last = before + 1, after + -1
            found.append(str(first) if first == last else f"{first}..{last}")
    return tuple(found)


def due_month(source: SourceSettings, today: dt.date) -> Month:
    """The newest month that should be out: `lag_months` have passed since it ended."""
    return Month.of(today) + -(1 + source.lag_months)


def late_month(source: SourceSettings, months: list[Month], today: dt.date) -> str | None:
    """The first month that should have been in by now, waiting days included."""
    if source.cadence != "monthly" or not months:
        return None
    due = due_month(source, today - dt.timedelta(days=source.waiting_days))
    missing = months[-1] + 1
    return str(missing) if missing <= due else None


def _known(extract: ExtractRow, until: Month | None) -> bool:
    return until is None or extract.first is None or extract.first <= until
