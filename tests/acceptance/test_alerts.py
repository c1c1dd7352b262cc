"""A month in, posts out: what the shipped real months ring, and what they must not."""

from __future__ import annotations

from typing import Any

import pytest

from jobs.store.engine import Store
from jobs.store.tables import outbox
from tests.cli import Tocsin

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("houses_stay_open")]


def _alerts(tocsin: Tocsin, database: str) -> list[dict[str, Any]]:
    told = tocsin("alerts", "all", "--json", database=database).json
    data = told["data"]
    assert isinstance(data, dict)
    return list(data["alerts"])


def test_the_festival_june_is_told_with_the_event_from_the_calendar(tocsin: Tocsin, told: str) -> None:
    found = [
        a for a in _alerts(tocsin, told)
        if (a["series"], a["area"], a["month"]) == ("theft-from-person", "E07000134", "2022-06")
    ]  # fmt: skip
    assert len(found) == 1
    assert found[0]["count"] == 37
    assert "Donington Park" in str(found[0]["event"])
    why = tocsin("why", str(found[0]["id"]), database=told)
    assert why.code == 0
    assert "Donington Park" in why.out
    assert "caused by" not in why.out
    assert "due to" not in why.out


def test_ibstock_burglary_in_february_2022(tocsin: Tocsin, told: str) -> None:
    found = [
        a for a in _alerts(tocsin, told)
        if a["series"] == "burglary" and a["month"] == "2022-02" and "Ibstock" in str(a["area_name"])
    ]  # fmt: skip
    assert 7 in [a["count"] for a in found]


def test_other_theft_by_the_petrol_stations_in_june_2021_and_no_festival(tocsin: Tocsin, told: str) -> None:
    found = [
        a for a in _alerts(tocsin, told)
        if (a["series"], a["area"], a["month"], a["span"]) == ("other-theft", "E01025929", "2021-06", 1)
    ]  # fmt: skip
    assert [(a["count"], a["rule"], a["event"]) for a in found] == [(25, "month-spike", "")]
    why = tocsin("why", str(found[0]["id"]), database=told)
    assert why.code == 0
    assert "25 recorded" in why.out
    assert "In the event calendar for this month" not in why.out


def test_there_is_no_district_level_burglary_spike(tocsin: Tocsin, told: str) -> None:
    assert not [
        a for a in _alerts(tocsin, told)
        if a["series"] == "burglary" and a["area"] == "E07000134" and a["direction"] == "rise"
    ]  # fmt: skip


def test_a_district_alert_folds_in_the_lsoa_that_explains_it(tocsin: Tocsin, told: str) -> None:
    district = next(
        a for a in _alerts(tocsin, told)
        if (a["series"], a["area"], a["month"]) == ("theft-from-person", "E07000134", "2022-06")
    )  # fmt: skip
    parts = {c["area"]: c["count"] for c in district["children"]}
    assert parts["E01025926"] == 28
    assert "site-donington-park" in parts, "the rule about events has its say inside the district's alert"
    posted = _outbox(told)
    folded = [
        a for a in _alerts(tocsin, told)
        if a["parents"] and a["series"] == "theft-from-person" and a["month"] == "2022-06"
    ]  # fmt: skip
    assert folded
    assert not {f"alert:{a['id']}" for a in folded} & {key for key, _ in posted}


def test_judging_again_changes_and_posts_nothing(tocsin: Tocsin, told_copy: str) -> None:
    before = _outbox(told_copy)
    again = tocsin("evaluate", "--json", database=told_copy)
    assert again.code == 0
    assert again.out == ""
    assert _outbox(told_copy) == before


def test_at_most_five_messages_a_month_and_channel(told: str) -> None:
    months: dict[str, int] = {}
    for key, _ in _outbox(told):
        if key.startswith("alert:"):
            month = key.removeprefix("alert:A-")[:7]
            months[month] = months.get(month, 0) + 1
    assert months
    assert max(months.values()) <= 5


def test_every_message_from_the_invented_sample_says_so(tocsin: Tocsin, told: str) -> None:
    fires = [a for a in _alerts(tocsin, told) if a["source"]["id"] == "fire"]
    assert all(a["source"]["invented"] for a in fires)
    answer = tocsin("ask", "--clearance", "partner", "hotspots nwl fires-deliberate", database=told)
    assert "nvented sample" in answer.out


def _outbox(url: str) -> list[tuple[str, int]]:
    from sqlalchemy import select

    store = Store.at(url)
    with store.read() as connection:
        rows = connection.execute(select(outbox.c.key, outbox.c.revision).order_by(outbox.c.id)).all()
    store.close()
    return [(r.key, r.revision) for r in rows]


@pytest.mark.parametrize("place", ["nwl", "castle donington", "donington park", "coalville", "E01025926"])
def test_a_place_and_its_alerts_fold_alike(tocsin: Tocsin, told: str, place: str) -> None:
    area, listed = (
        tocsin("ask", f"{verb} {place}", "--format", "json", database=told).json
        for verb in ("area", "alerts")
    )
    rows = [row[0] for row in listed["table"]["rows"]] if listed["table"] else []
    assert area["data"]["alerts"] == rows
    every = {a["id"] for a in listed["data"]["alerts"]}
    assert set(area["data"]["alerts"]) | set(area["data"]["folded"]) == every
    assert set(area["data"]["folded"]).isdisjoint(rows)
    named = [line.split()[2].rstrip(":") for line in area["lines"] if line.startswith("Open alert A-")]
    assert named == rows[: len(named)]
