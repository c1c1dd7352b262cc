"""Silences at work: which alerts they keep quiet, and what is told when they begin and end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from jobs.attention.clearance import may_see
from jobs.attention.people import shown_name
from jobs.attention.reach import ANY, belongs_to, lies_in
from jobs.facts import ALERT, AlertFacts
from jobs.folder.partnership import SourceSettings
from jobs.house import House
from jobs.judging.telling import Changed, Rung, revise, tell
from jobs.store.engine import Connection
from jobs.store.findings import AlertRow, judged_months, list_alerts, note_event, scores_of
from jobs.store.silences import SilenceRow, standing_silences
from rules.lifecycle import silence_on

SILENCED, LIFTED = "silenced", "silence-over"  # events of an alert


def reaching(
    house: House, rows: Sequence[SilenceRow], source: SourceSettings, facts: AlertFacts
) -> list[SilenceRow]:
    """The silences that are about an alert, whether they hold today or not.

    One made for an alert is about its rule, series and area and nothing else; others reach what lies in the
    area and what belongs to the series. None reaches what its maker may not see.
    """

    def reaches(row: SilenceRow) -> bool:
        if not may_see(row.clearance, source, facts.series, house.lexicon) or row.rule not in (
            ANY,
            facts.rule,
        ):
            return False
        if row.alert:
            return (row.series, row.area) == (facts.series, facts.area)
        return belongs_to(house, facts.series, row.series) and lies_in(house.geography, facts.area, row.area)

    return [row for row in rows if reaches(row)]


def with_silence(
    house: House, rows: Sequence[SilenceRow], source: SourceSettings, facts: AlertFacts, today: dt.date
) -> AlertFacts:
    """The facts with the silence that holds today, or with none."""
    found = silence_on(today, (r.silence for r in reaching(house, rows, source, facts)))
    if found is None:
        return replace(facts, silenced_until=None, silenced_by="", silenced_why="")
    by = shown_name(house.partnership, found.who)
    return replace(facts, silenced_until=found.last, silenced_by=by, silenced_why=found.why)


def settle_silences(
    connection: Connection, house: House, *, actor: str = "rules", ref: str = ""
) -> list[Rung]:
    """Bring every open alert's silence to what holds today, and tell what follows; told again, nothing.

    An alert that is up says that it is silenced, or no longer. One that rings still and was kept back is
    posted, as news of its month. To be run once a local day, and after every silence made or lifted.
    """
    today, rung = house.today, list[Rung]()
    standing = standing_silences(connection, today)
    by_source: dict[str, list[AlertRow]] = {}
    for row in list_alerts(connection, open_only=True, lock=True):
        by_source.setdefault(row.source, []).append(row)
    for id_, rows in by_source.items():
        if id_ not in house.partnership.sources and id_ not in house.partnership.joint:
            continue  # a source that was taken out of the settings: nobody may see what is left of it
        source = house.partnership.source(id_)
        changed = [
            _changed(connection, house, row, before, after, actor, ref or today.isoformat())
            for row in rows
            if (after := with_silence(house, standing, source, before := _facts(row), today)) != before
        ]
        if changed:
            as_of = max(judged_months(connection, id_))
            rung += tell(connection, house, source, as_of, changed, scores_of(connection, id_, as_of))
    return rung


def _facts(row: AlertRow) -> AlertFacts:
    return ALERT.validate_json(row.facts)


def _changed(
    connection: Connection,
    house: House,
    row: AlertRow,
    before: AlertFacts,
    after: AlertFacts,
    actor: str,
    ref: str,
) -> Changed:
    kind = SILENCED if after.silenced_until else LIFTED
    said = after if after.silenced_until else before
    detail = f"until {said.silenced_until}: {said.silenced_why}"
    note_event(connection, row.id, kind, row.last, house.now(), actor, ref=ref, detail=detail)
    return revise(connection, row, after)
