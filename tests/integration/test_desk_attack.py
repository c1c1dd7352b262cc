"""The shipped partner source attacked through the front desk: every answer is one more equation."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from bot.answers.desk import Desk
from bot.message import Answer
from bot.renderers.json import answer_json
from jobs.counting.baskets import baskets_of, parts_of
from jobs.house import House
from jobs.store.engine import Store
from jobs.store.read import fetch_counts
from rules.model import AreaKind, Classification, Month, Window
from tests import sample
from tests.attacker import Attacker, Key
from tests.cli import NWL

told_file = sample.told_file
YEARS = [Window(Month(y, 1), Month(y, 12)) for y in (2020, 2021)]
BELOW = 5
# Claims that count no incidents.
_OTHER = ("months ", "areas ", "LSOAs ", "figures not told", "smallest ", "largest ", "baseline ", "periods ")


@dataclass(frozen=True)
class Partner:
    """A partner reader, and the truth to compare with."""

    house: House
    asked: list[Answer] = field(default_factory=list)

    @cached_property
    def desk(self) -> Desk:
        return Desk(self.house)

    @cached_property
    def stored(self) -> dict[str, tuple[str, ...]]:
        """Each series as stored."""
        fire, lexicon = self.house.partnership.source("fire"), self.house.lexicon
        held = {s for s, _, _ in self.counts}
        return {s.id: p for s in lexicon if (p := parts_of(s.id, held, baskets_of(fire), lexicon))}

    @cached_property
    def counts(self) -> dict[Key, int]:
        with self.house.store.read() as connection:
            rows = fetch_counts(connection, source="fire", span=1)
        base = [self.house.geography.base(str(a)) for a in rows["area"]]
        found: dict[Key, int] = {}
        for s, u, m, n in zip(rows["series"], base, rows["month"], rows["count"], strict=True):
            found[str(s), u, int(m)] = found.get((str(s), u, int(m)), 0) + int(n)
        return found

    def cell(self, series: str, area: str, window: Window) -> list[Key]:
        units = self.house.geography[area].units
        keys = [m.key for m in window.first.until(window.last)]
        return [(s, u, k) for s in self.stored[series] for u in units for k in keys]

    def true(self, series: str, area: str, window: Window) -> int:
        return sum(self.counts.get(key, 0) for key in self.cell(series, area, window))

    def ask(self, text: str) -> Answer:
        answer = self.desk.ask(text, clearance=Classification.PARTNER)
        self.asked.append(answer)
        return answer


@pytest.fixture(scope="module")
def partner(told_file: Path) -> Iterator[Partner]:
    with closing(Store.at(f"sqlite:///{told_file}")) as store:
        yield Partner(House(NWL, store))


def learnt(partner: Partner, answer: Answer) -> Iterator[tuple[str, Window, float, str]]:
    """(area, window, figure, mark) of every figure and of every mark in the data of an answer."""
    data: dict[str, Any] = answer_json(answer)["data"]  # type: ignore[assignment]
    if "window" not in data:
        return
    window = Window.parse(str(data["window"]))
    earlier = Window(window.first + -window.months, window.first + -1)
    place, area = partner.house.geography, str(data["area"])
    for row in data.get("rows", ()):
        yield row["code"], window, row["count"], ""
        if row["before"] is not None:
            yield row["code"], earlier, row["before"], ""
    if data.get("total") is not None:
        yield area, window, data["total"], ""
    inside = [a for a in place.areas.values() if a.units and a.units <= place[area].units]
    named = {a.name: a.code for a in inside if a.kind in (AreaKind.LSOA, AreaKind.MSOA)}
    for said in data.get("hidden", ()):
        if "area_name" in said:
            yield named[said["area_name"]], window, math.nan, said["mark"]
        else:
            yield area, Window.parse(said["window"]), math.nan, said["mark"]
    for point in data.get("points", ()):
        if point["count"] is not None:
            yield area, Window.parse(point["month"]), point["count"], ""
    for period in data.get("periods", ()):
        yield area, Window.parse(period["window"]), period["count"], ""


def questions(partner: Partner, series: str) -> Iterator[str]:
    """Both verbs, every size of place, months and years."""
    own = partner.house.geography
    msoas = [a.code for a in own.of_kind(AreaKind.MSOA, inside=own.district)]
    for place in ("nwl", "coalville", msoas[1]):
        yield from (f"hotspots {place} {series} {window} top:30" for window in ("2020", "2021"))
    for window in ("", "2020", "2021"):
        yield f"trend {series} nwl {window}"
    for place in ("county", msoas[0]):
        yield f"trend {series} {place}"
    yield f"hotspots {msoas[0]} {series} 2021-06"


def attack_by_desk(partner: Partner, series: str) -> tuple[int, list[str]]:
    """How many small cells were attacked, and those that came out exactly."""
    district = partner.house.geography.district
    attacker = Attacker(BELOW)
    kinds = [s for s, p in partner.stored.items() if set(p) <= set(partner.stored[series])]
    for kind in kinds:
        every = (
            questions(partner, kind) if kind == series else (f"trend {kind} nwl", f"trend {kind} coalville")
        )
        for text in every:
            answer = partner.ask(text)
            assert answer.state in ("ok", "withheld"), text
            for area, window, value, mark in learnt(partner, answer):
                true = partner.true(kind, area, window)
                right = math.isnan(value) or (value == true and not 0 < true < BELOW)
                assert right, (text, area, window)
                attacker.learns(partner.cell(kind, area, window), value, mark)
    assert len(attacker.equal) > 20, "the desk tells hardly anything: then this shows nothing"
    units = sorted(partner.house.geography[district].units)
    msoas = [a.code for a in partner.house.geography.of_kind(AreaKind.MSOA, inside=district)]
    months = [Window(m, m) for m in Month(2020, 1).until(Month(2022, 7))]
    asked = [(series, a, y) for y in YEARS for a in (*msoas, *units)]
    asked += [(series, district, w) for w in months] + [(k, district, y) for k in kinds for y in YEARS]
    small = [c for c in asked if 0 < partner.true(*c) < BELOW]
    targets = {f"{s} {a} {w}": partner.cell(s, a, w) for s, a, w in small[:: max(len(small) // 60, 1)]}
    truth = {f"{s} {a} {w}": float(partner.true(s, a, w)) for s, a, w in small}
    return len(targets), attacker.works_out(targets, truth)


@pytest.mark.parametrize("series", ["fires-deliberate", "rtc"])
def test_no_small_figure_is_worked_out(partner: Partner, series: str) -> None:
    assert attack_by_desk(partner, series)[1] == []


def test_what_counts_itself_small_is_never_a_claim(partner: Partner) -> None:
    """Claims travel in every format: none of this source counts 1 to 4 incidents."""
    texts = ("area nwl", "area coalville", "trend rtc", "hotspots coalville rtc", "trend fires-primary",
             "data", "alerts all", "hotspots nwl hoax-calls", "trend hoax-calls 2021-06")  # fmt: skip
    for text in texts:
        for claim in partner.ask(text).claims:
            incidents = claim.source == "fire" and claim.unit in ("count", "share", "per_1000", "percent")
            if incidents and not claim.name.startswith(_OTHER):
                assert not 0 < claim.numerator < BELOW, (text, claim)
                assert not 0 < (claim.denominator or 0) < BELOW, (text, claim)


def test_streets_and_rows_of_a_partner_are_told_to_nobody(partner: Partner) -> None:
    unit = min(partner.house.geography[partner.house.geography.district].units)
    answer = partner.ask(f"hotspots {unit} rtc 2021")
    assert "streets" not in answer.data and answer.state == "withheld" and answer.suppressed == 1
    rows: Iterable[tuple[str, ...]] = partner.ask("data").table.rows  # type: ignore[union-attr]
    (fire,) = (row for row in rows if row[0].startswith("invented fire sample"))
    assert fire[4:] == ("-", "-", "-")
