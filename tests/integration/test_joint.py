"""Sources judged side by side: what no source alone can tell, under the strictest class, naming them all."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

from bot.views.alerts import alert_message
from jobs.errors import UsageError
from jobs.facts import ALERT, AlertFacts
from jobs.folder.library import load_rules
from jobs.folder.partnership import Joint, Partnership, SourceSettings, load_partnership
from jobs.judging import joint
from jobs.judging.evaluate import evaluate, evaluate_within
from jobs.store.engine import Connection, Store
from jobs.store.findings import judged_months, list_alerts
from jobs.store.outbox import keys_in
from rules.model import Classification, Month
from rules.spec import Rule
from tests.cli import NWL
from tests.integration import small_county as small
from tests.integration.small_county import HOME_UNITS, NOON, OTHER_UNITS, SmallHouse, put

HERE = HOME_UNITS[0]
MONTHS = small.months("2021-01", 18)
RULE = "fire-asb-flytip-cluster"
POLICE = small.source("police", title="Recorded by the police", licence="open licence", short="police")
FIRE = small.source(
    "fire", title="Recorded by the fire service", licence="agreement of 2021", short="fire",
    classification="partner", invented=True, baskets=["fires-deliberate"],
)  # fmt: skip
STREET = small.source("street", title="Reported on the street", licence="open data", short="street")
SERIES = {"police": "asb", "fire": "fires-secondary", "street": "fly-tipping"}


@dataclass(frozen=True)
class JointHouse(SmallHouse):
    """A small county whose sources are judged together by one rule."""

    rule: str = RULE

    @cached_property
    def partnership(self) -> Partnership:
        """The sources given, as one joint."""
        parts = tuple(s.id for s in self.sources)
        own = Joint(id="disorder", parts=parts, rules=(self.rule,))
        return super().partnership.model_copy(update={"joint": {"disorder": own}})

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """The shipped rule, and one that looks at single months."""
        return tuple(r for r in load_rules() if r.id in {RULE, "month-spike"})


def a_house(store: Store, *sources: SourceSettings, rule: str = RULE) -> JointHouse:
    channels = (
        small.channel("everybody"),
        small.channel("partners", clearance="partner"),
    )
    clock = small.house(store).clock
    return JointHouse(Path("/nowhere"), store, clock, sources, channels, (), (), clock, rule=rule)


def counts(source: str, last: int, months: list[str] = MONTHS) -> dict[tuple[str, str, str], int | None]:
    """Two a month in every LSOA; in the last quarter `last` a month here."""
    every = ((u, m) for m in months for u in (*HOME_UNITS, *OTHER_UNITS))
    name = SERIES[source]
    return {(name, u, m): last if u == HERE and m in MONTHS[-3:] else 2 for u, m in every}


def fill(connection: Connection, last: int = 6, months: list[str] = MONTHS) -> None:
    for source in SERIES:
        put(connection, source, counts(source, last, months), dataset=f"{source}-table")


def told(connection: Connection, source: str) -> list[AlertFacts]:
    rows = list_alerts(connection, source=source)
    return [ALERT.validate_json(r.facts) for r in rows]


def test_three_sources_that_rise_together_ring_once_under_one_name(store: Store) -> None:
    house = a_house(store, POLICE, FIRE, STREET)
    with store.write() as connection:
        fill(connection)
    list(evaluate(house))
    with store.read() as connection:
        found = {f.rule for s in SERIES for f in told(connection, s)}
        (alert,) = (f for f in told(connection, "disorder") if f.area == HERE)
        assert RULE not in found, "no source alone can say it"
        assert alert.rule == RULE
        assert (alert.source.id, alert.source.invented) == ("disorder", True)
        assert alert.source.classification == "partner"
        text = " ".join(
            (alert_message(alert).summary, *alert_message(alert).lines, *alert_message(alert).footer)
        )
        for source in (POLICE, FIRE, STREET):
            assert source.title in text
            assert source.licence.lower() in text.lower()
        # Figures of several sources are told as the strictest of them is: not at all.
        assert (alert.count, alert.hidden, alert.note, alert.history) == (None, "withheld", "", ())
        assert "a withheld number recorded" in text.lower()
        assert "Invented sample" in text
        assert all(sha[:12] in text for sha in alert.extract_sha256.split())
        assert len(alert.extract_sha256.split()) == 3
        key = f"alert:{alert.id}"
        assert key in keys_in(connection, "partners")
        assert key not in keys_in(connection, "everybody"), "as strict as its strictest part"


def test_one_source_that_rises_is_its_own_story(store: Store) -> None:
    house = a_house(store, POLICE, FIRE, STREET)
    with store.write() as connection:
        fill(connection, last=2)
        put(connection, "police", counts("police", 30), dataset="police-table")
    list(evaluate(house))
    with store.read() as connection:
        assert told(connection, "disorder") == []
        assert {f.rule for f in told(connection, "police")} == {"month-spike"}


def test_a_month_waits_for_every_part_that_comes_monthly(store: Store) -> None:
    once = STREET.model_copy(update={"cadence": "once"})
    house = a_house(store, POLICE, FIRE, once)
    with store.write() as connection:
        fill(connection, months=MONTHS[:-1])
        put(connection, "police", counts("police", 6, MONTHS[-1:]), dataset="police-table")
    list(evaluate(house))
    with store.write() as connection:
        assert max(judged_months(connection, "disorder")) == Month.parse(MONTHS[-2])
        put(connection, "fire", counts("fire", 6, MONTHS[-1:]), dataset="fire-table")
        done = evaluate_within(connection, house, FIRE)
        assert [(j.source, str(j.month)) for j in done] == [("fire", MONTHS[-1]), ("disorder", MONTHS[-1])]
        (alert,) = (f for f in told(connection, "disorder") if f.area == HERE and f.month == MONTHS[-1])
        assert alert.source.title == f"{POLICE.title}; {FIRE.title}", "the third has not spoken of this month"
        assert "fly-tipping" not in alert.note.lower()


def test_a_revision_of_one_part_is_told_in_the_joint_and_nothing_else_is(store: Store) -> None:
    house = a_house(store, POLICE, FIRE, STREET)
    with store.write() as connection:
        fill(connection)
    list(evaluate(house))
    assert list(evaluate(house)) == []
    with store.write() as connection:
        last = counts("fire", 2, MONTHS[-3:])
        put(connection, "fire", last, dataset="fire-table", now=NOON + dt.timedelta(days=1))
        put(connection, "street", counts("street", 2, MONTHS[-3:]), dataset="street-table",
            now=NOON + dt.timedelta(days=1))  # fmt: skip
    judged = {(j.source, str(j.month)) for j in evaluate(house)}
    assert judged == {(s, m) for s in ("fire", "street", "disorder") for m in MONTHS[-3:]}
    with store.read() as connection:
        assert {f.status for f in told(connection, "disorder") if f.area == HERE} == {"withdrawn"}


def test_a_rule_of_a_joint_looks_at_no_source_alone(store: Store) -> None:
    house = a_house(store, POLICE, FIRE, STREET)
    assert [r.id for r in joint.rules_for(house, POLICE)] == ["month-spike"]
    assert [r.id for r in joint.rules_for(house, house.partnership.source("disorder"))] == [RULE]
    with pytest.raises(UsageError, match=r"joint\.disorder\.rules: there is no rule 'co-rise'"):
        joint.rules_for(a_house(store, POLICE, FIRE, rule="co-rise"), POLICE)


def test_the_settings_of_a_joint_follow_from_its_parts(store: Store) -> None:
    own = a_house(store, POLICE, FIRE, STREET).partnership.source("disorder")
    assert own.classification is Classification.PARTNER
    assert own.licence == "open licence; agreement of 2021; open data"
    assert own.short == "police + fire + street"
    assert own.invented


@pytest.mark.parametrize(
    ("table", "wrong"),
    [
        ('[joint.x]\nparts = ["police", "nobody"]\nrules = ["a"]', "no source 'nobody'"),
        ('[joint.police]\nparts = ["police", "fire"]\nrules = ["a"]', "the name of a source"),
        ('[joint.x]\nparts = ["police"]\nrules = ["a"]', r"joint\.x\.parts"),
        ('[joint.x]\nparts = ["flytipping", "assessments"]\nrules = ["a"]', "comes monthly"),
        ('[joint.x]\nparts = ["police", "fire"]', r"joint\.x\.rules"),
    ],
)
def test_a_joint_that_cannot_be_is_refused_by_name(tmp_path: Path, table: str, wrong: str) -> None:
    text = (NWL / "partnership.toml").read_text(encoding="utf-8")
    (tmp_path / "partnership.toml").write_text(f"{text}\n{table}\n", encoding="utf-8")
    with pytest.raises(UsageError, match=wrong):
        load_partnership(tmp_path)


def test_a_source_cannot_pass_itself_off_as_several() -> None:
    for said in ({"reader": "joint"}, {"parts": ["a", "b"]}):
        with pytest.raises(ValueError, match="judged together"):
            small.source("x", **said)
