"""What an alert, a late source and the signals beyond the cap say."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.message import Message
from bot.renderers.text import message_text
from bot.views.alerts import alert_message, late_message, rollup_message
from bot.words import never_used
from jobs.facts import AlertFacts, RollupFacts
from rules.model import Polarity, Verdict
from tests.unit.facts_samples import FIRE, POLICE, alert, fall, late
from tests.unit.renderers.hostile import TEXTS

FIGURE = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")


def said(message: Message) -> str:
    """Everything but the picture."""
    fields = [part for pair in message.fields for part in pair]
    return "\n".join((message.title, message.summary, *message.lines, *fields, *message.footer))


def test_the_one_sentence():
    message = alert_message(alert())
    assert message.lines[0] == (
        "Theft from the person in Sampleton North: 41 recorded in June 2022 (usual 9-27). "
        "Much higher than usual. Data to June 2022, received 3 August 2022."
    )
    assert message.title == "● Urgent: Theft from the person in Sampleton North, June 2022"
    assert (message.key, message.revision, message.severity) == ("alert:A-2022-06-03", 2, 3)


def test_the_summary_is_complete_in_itself():
    summary = alert_message(alert(caveats=("recording varies",), source=FIRE)).summary
    for piece in (
        "● Urgent",
        "41 recorded in June 2022",
        "(usual 9-27)",
        "Much higher",
        "Data to",
        "unwelcome",
    ):
        assert piece in summary
    assert "Caveat: recording varies." in summary
    assert "Invented sample" in summary


@pytest.mark.parametrize("verdict", list(Verdict))
def test_the_verdict_is_said_on_the_one_scale(verdict):
    text = alert_message(alert(verdict=verdict)).lines[0]
    assert f"{verdict[:1].upper()}{verdict[1:]}." in text
    assert not re.search(r"p\s*[<=]", said(alert_message(alert(verdict=verdict))))


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        (Verdict.HIGHER, "More than its usual share of the county."),
        (Verdict.MUCH_HIGHER, "Much more than its usual share of the county."),
        (Verdict.LOWER, "Less than its usual share of the county."),
        (Verdict.MUCH_LOWER, "Much less than its usual share of the county."),
    ],
)
def test_a_verdict_against_the_county_is_said_as_a_share(verdict, words):
    text = alert_message(alert(verdict=verdict, basis="county")).lines[0]
    assert words in text
    assert "(usual share of the county 9-27)" in text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"status": "new"}, "New"),
        ({"status": "continuing", "months_running": 3}, "Continuing, 3 months"),
        ({"status": "escalated", "months_running": 2}, "Escalated, after 2 months"),
        ({"status": "ended"}, "Ended: levels have since reduced"),
        ({"status": "ended", "direction": "fall"}, "Ended: levels have since come back up"),
        ({"status": "withdrawn"}, "Withdrawn: a later edition of the data no longer shows this"),
    ],
)
def test_status(changes, words):
    assert ("Status", words) in alert_message(alert(**changes)).fields


@pytest.mark.parametrize(
    ("polarity", "direction", "words"),
    [
        (Polarity.BAD, "rise", "A rise here is unwelcome."),
        (Polarity.BAD, "fall", "A fall here is welcome."),
        (Polarity.GOOD, "rise", "More reports are wanted here: a rise is welcome."),
        (Polarity.GOOD, "fall", "a fall may mean that fewer people report."),
        (Polarity.ACTIVITY, "rise", "follows police work"),
        (Polarity.AMBIGUOUS, "fall", "Reporting or recording may have changed"),
    ],
)
def test_what_a_movement_means_depends_on_the_series(polarity, direction, words):
    assert words in alert_message(alert(polarity=polarity, direction=direction)).lines[1]


def test_percentages_only_on_a_base_of_thirty():
    fields = dict(alert_message(alert()).fields)
    assert fields["Last 12 months"] == "212, 165 in the 12 before: +28.5%"
    assert fields["Share of the district"] == "41 of 58 (70.7%)"
    small = alert_message(alert(count=7, rolling=40, rolling_before=29, district_count=29))
    assert dict(small.fields)["Last 12 months"] == "40, 29 in the 12 before: +11, within usual variation"
    assert dict(small.fields)["Share of the district"] == "7 of 29"
    assert "%" not in said(small)


def test_a_missing_month_leaves_no_twelve_months():
    fields = dict(alert_message(alert(rolling=None)).fields)
    assert fields["Last 12 months"] == "not complete: a month is missing"
    fields = dict(alert_message(alert(rolling_before=None)).fields)
    assert fields["Last 12 months"] == "212, the 12 months before are not complete"


def test_no_share_of_a_district_for_the_district_itself():
    for changes in (
        {"area_kind": "district"},
        {"area_kind": "county"},
        {"district_count": None},
        {"district_count": 3},
    ):
        assert "Share of the district" not in dict(alert_message(alert(**changes)).fields)


def test_an_event_is_named_and_never_made_the_reason():
    text = said(alert_message(alert(event="Sample Fair, Sampleton, June 2022")))
    assert "In the event calendar for this month: Sample Fair, Sampleton, June 2022." in text
    assert "the figures show no reason" in text
    assert never_used(text) == ()


def test_visitor_areas_scope_caveats_and_confidence():
    lines = alert_message(
        alert(
            visitor="festival visitors",
            scope="county",
            caveats=("low confidence: only 18 months", "x varies"),
        )
    ).lines
    assert "County-wide: the whole county moved in the same month." in lines[1]
    assert (
        "Visitor area (festival visitors): read the count first. A rate per resident is not risk here."
        in lines
    )
    assert "Low confidence: only 18 months." in lines
    assert "Caveat: x varies." in lines
    assert sum("onfidence" in line for line in lines) == 1


def test_low_confidence_without_a_stated_cause_shows_what_the_baseline_shows():
    lines = alert_message(alert(confidence="low", baseline_months=14, baseline_last="2021-02")).lines
    assert (
        "Low confidence: only 14 months of history; the history ends 16 months before the month judged."
        in lines
    )
    assert "Low confidence." in alert_message(alert(confidence="low")).lines
    assert "judged on 33 months" in said(alert_message(alert(baseline_first="", baseline_last="")))


def test_an_invented_source_says_so_in_title_text_and_summary():
    message = alert_message(alert(source=FIRE))
    assert message.title.endswith("(invented sample)")
    assert any(line.startswith("Invented sample: the figures of Fire service") for line in message.lines)
    assert "Partner data: not for public channels." in message.footer
    assert "nvented" not in said(alert_message(alert(source=POLICE)))


def test_source_licence_rule_and_extract_are_in_the_footer():
    footer = alert_message(alert()).footer
    assert footer[0].startswith(
        "A-2022-06-03 · A month far above usual (month-spike, version 3) · judged on 33 months"
    )
    assert "Open Government Licence v3.0." in footer[1]
    assert footer[1].endswith("Extract 0123456789ab.")


def test_folded_alerts_are_listed_and_the_rest_counted():
    parts = tuple(fall(area=f"place-{c}", area_name=f"Place {c}") for c in "ABCDEFG")
    lines = alert_message(alert(children=parts)).lines
    assert lines[lines.index("Parts of this alert:") + 1] == "· Fly-tipping in Place A: 6 (usual 11-29)"
    assert "· and 2 more" in lines
    assert sum(line.startswith("· Fly") for line in lines) == 5


def test_several_rules_at_one_figure_are_one_part():
    place = fall(area="place-a", area_name="Place A")
    same = [replace(place, rule=rule, rule_title=rule.title()) for rule in ("one", "two", "three")]
    message = alert_message(alert(children=(*same, fall(area="place-b", area_name="Place B"))))
    listed = [line for line in message.lines if line.startswith("· ")]
    assert listed == [f"· Fly-tipping in Place {c}: 6 (usual 11-29)" for c in "AB"]
    assert next(c.numerator for c in message.claims if c.name == "parts") == 2
    other = replace(place, rule_title="Another range", upper=40.0)
    listed = [line for line in alert_message(alert(children=(*same, other))).lines if line.startswith("· ")]
    assert [line.partition(":")[0] for line in listed] == [
        "· Fly-tipping in Place A, “One”",
        "· Fly-tipping in Place A, “Another range”",
    ]


def test_another_rule_about_the_same_place_is_named_and_is_not_where_it_is_from():
    whole = alert()
    same = replace(whole, rule_title="A month far above usual", scope="local", area_kind="lsoa")
    text = "\n".join(alert_message(replace(whole, children=(same,))).lines)
    assert "“A month far above usual”: " in text
    assert "Most of it is in" not in text


def test_buttons_carry_the_id_and_nothing_else():
    actions = alert_message(alert()).actions
    assert [a.id for a in actions] == [
        "acknowledge",
        "why",
        "chart",
        "silence",
        "useful",
        "known",
        "noise",
        "own",
    ]
    assert {a.value for a in actions} == {"A-2022-06-03"}
    assert [a.label for a in actions][-1] == "Take on"
    closed = alert_message(alert(status="ended"))
    assert [a.id for a in closed.actions] == ["why", "chart", "useful", "known", "noise"]
    assert closed.title.startswith("✓ Ended: ")
    assert closed.severity == 1


def test_the_chart_is_drawn_only_when_asked_and_has_the_numbers_in_words():
    message = alert_message(alert(area_name="Sampleton / North", event="x"))
    (picture,) = message.pictures
    assert picture.name == "alert-A-2022-06-03-2"
    assert "June 2022: 41 recorded (usual 9-27)" in picture.alt
    assert picture.draw().startswith(b"\x89PNG")
    assert alert_message(alert(history=())).pictures == ()
    assert "INVENTED SAMPLE" in alert_message(alert(source=FIRE)).pictures[0].alt


def test_a_late_source_is_one_notice():
    message = late_message(late())
    assert message.key == "late:fire:2022-05"
    assert "the extract for May 2022 has not arrived. It was expected by 14 August 2022." in message.lines[0]
    assert "missing, it is not zero" in message.summary
    assert message.actions == ()
    never = late_message(replace(late(), source=replace(FIRE, last_month=None, received=None, held=1)))
    assert "Nothing has arrived from it yet." in never.summary
    assert "1 extract from this source waits for a yes or no." in never.summary


def test_the_signals_beyond_the_cap_are_one_line():
    names = tuple(f"Burglary, Place {i}" for i in range(14))
    message = rollup_message(
        RollupFacts("2022-06", 14, names, "police.uk", invented=False), "rollup:police:2022-06"
    )
    assert message.key == "rollup:police:2022-06"
    assert message.title == "14 lower signals in June 2022"
    assert message.lines[0].endswith("Burglary, Place 11; and 2 more.")
    assert "/alerts all" in message.summary


@pytest.mark.parametrize("text", TEXTS)
def test_hostile_names_are_only_text(text):
    source = replace(POLICE, title=text, licence=text, attribution=text)
    facts = alert(area_name=text, series_title=text, event=text, visitor=text, caveats=(text,), owner=text,
                  rule_title=text, source=source, children=(fall(area_name=text),))  # fmt: skip
    message = alert_message(facts)
    everything = (
        message.title,
        message.summary,
        *message.lines,
        *message.footer,
        *(v for f in message.fields for v in f),
    )
    assert len(message.fields) == 4
    assert [label for label, _ in message.fields][-1] == "Owner"
    for piece in everything:
        assert not re.search(r"[\x00-\x1f\u200b\u202e\u2066]", piece)
    assert message.actions[0].value == facts.id
    assert "\x1b" not in message_text(message)
    if "{{" in text:
        assert "{{ config }}" in message.title


whole = st.integers(0, 50_000)


@st.composite
def any_alert(draw: st.DrawFn) -> AlertFacts:
    lower = draw(st.floats(0, 3000))
    return alert(
        count=draw(whole), lower=lower, upper=lower + draw(st.floats(0, 500)), expected=lower,
        rolling=draw(st.none() | whole), rolling_before=draw(st.none() | whole),
        district_count=draw(st.none() | whole), months_running=draw(st.integers(1, 40)),
        baseline_months=draw(st.integers(3, 96)), confidence=draw(st.sampled_from(["normal", "low"])),
        status=draw(st.sampled_from(["new", "continuing", "escalated", "ended", "withdrawn"])),
        direction=draw(st.sampled_from(["rise", "fall"])), polarity=draw(st.sampled_from(list(Polarity))),
        verdict=draw(st.sampled_from(list(Verdict))), basis=draw(st.sampled_from(["here", "county"])),
        scope=draw(st.sampled_from(["local", "district", "county"])), severity=draw(st.integers(1, 3)),
        children=tuple(draw(st.lists(st.builds(lambda n: fall(count=n), whole), max_size=8))), history=(),
    )  # fmt: skip


def known_figures(f: AlertFacts) -> set[str]:
    """Every figure that may be printed, worked out from the facts alone."""
    assert f.count is not None
    numbers: set[float] = {f.count, f.months_running, f.baseline_months, 12, 2022, f.rule_version}
    for a in (f, *f.children):
        assert a.count is not None and a.lower is not None and a.upper is not None
        numbers |= {a.count, math.ceil(a.lower), math.floor(a.upper), math.floor(a.lower), math.ceil(a.upper)}
    numbers |= {n for n in (f.rolling, f.rolling_before, f.district_count) if n is not None}
    numbers |= {max(len({c.count for c in f.children}) - 5, 0)}  # they differ in nothing else
    texts = {f"{n:,}" for n in numbers}
    if f.rolling is not None and f.rolling_before is not None:
        texts.add(f"{abs(f.rolling - f.rolling_before):,}")
        if f.rolling_before >= 30:
            texts.add(f"{abs(100 * (f.rolling - f.rolling_before) / f.rolling_before):.1f}")
    if f.district_count is not None and f.district_count >= 30:
        texts.add(f"{100 * f.count / f.district_count:.1f}")
    fixed = f"{f.id} {f.source.licence} {f.extract_sha256[:12]} 2019 3 August"
    return texts | set(FIGURE.findall(fixed)) | {"2022"}  # the sample's own month


@given(any_alert())
@settings(deadline=None)
def test_every_figure_in_a_message_comes_from_the_facts(facts):
    text = said(alert_message(facts))
    assert set(FIGURE.findall(text)) <= known_figures(facts)
    assert f"{facts.count:,} recorded" in text
    assert never_used(text) == ()
