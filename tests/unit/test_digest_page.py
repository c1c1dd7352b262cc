"""The monthly digest as a page for a board, as a message and as text."""

from __future__ import annotations

import datetime as dt
import re
import textwrap
from dataclasses import replace

import pytest

from bot.renderers.html import digest_html
from bot.views.digest import PHONE_COLUMNS, PHONE_LINES, digest_message, digest_text, digest_thread, posted
from bot.words import never_used
from jobs.digest.pieces import REPLIES, only
from jobs.facts import DigestPost
from rules.model import Verdict
from tests.unit.facts_samples import (
    FIRE,
    FLYTIPS,
    HOT,
    POLICE,
    alert,
    board,
    digest,
    event,
    hot,
    peer,
    report,
    season,
    target,
    unconnected,
)
from tests.unit.renderers.hostile import TEXTS
from tests.unit.renderers.pages import Page, read

MAP = b"\x89PNG\r\n\x1a\nmade up"


@pytest.fixture(scope="module")
def html() -> str:
    return digest_html(digest(), MAP)


@pytest.fixture(scope="module")
def page(html: str) -> Page:
    return read(html)


def bare(**changes: object) -> str:
    """A page without charts, which take the time."""
    values: dict[str, object] = {
        "headline": board("Recorded crime", history=()), "unusual": (), "boxes": (), "hot": (),
    }  # fmt: skip
    return digest_html(digest(**(values | changes)), None)


def test_the_page_is_sound_and_fetches_nothing(page, html):
    assert page.problems == []
    assert re.findall(r"https?://[^\s\"<]+", html.split("</style>")[1]) == []
    assert "default-src 'none'" in html
    assert html.startswith("<!doctype html>")


def test_its_parts_stand_in_their_order(page):
    assert [text for level, text in page.headings if level < 3] == [
        "Community safety digest, June 2022", "Headline", "How fresh the data are", "Priorities",
        "Unusual this month", "Looking ahead", "Areas with the most recorded", "Other series",
        "Reports that are wanted", "Targets", "Among the districts of the county", "Event diary",
        "Open alerts and who has them", "Method, sources and contact",
    ]  # fmt: skip
    assert page.tables == 4


def test_the_headline_is_computed(page):
    text = page.text
    assert (
        "Recorded crime in Sample District: 742 recorded in June 2022 (usual 623-784). "
        "Within the usual range." in text
    )
    assert "Last 12 months: 8,312, 8,534 in the 12 before: -2.6%, within usual variation." in text
    assert "Unusual this month: 3 up, 2 down, and 12 lower signals." in text
    missing = read(bare(headline=board("Recorded crime", month_count=None, history=())))
    assert "Recorded crime in Sample District: not published for June 2022." in missing.text


def test_data_status_says_late_revised_unplaced_and_missing(page):
    for words in (
        "Late: May 2022.", "Revised: Apr 2022.", "41 of 812 rows (5.0%) without a place",
        "1 of 19 rows without a place",
        "Not published: Apr 2020 to May 2020.", "3 August 2022",
    ):  # fmt: skip
        assert words in page.text


def test_a_priority_without_data_says_so_and_a_narrative_stands_as_written(page):
    assert page.text.count("No figures.") == 3
    assert "Two licensing visits in June; a joint patrol plan is agreed." in page.text


def test_unusual_items_go_both_ways_and_carry_their_event_and_id(page):
    assert "Sample Fair, 11 June 2022. Same time and place; the figures show no reason." in page.text
    assert "A fall here is welcome." in page.text
    assert "A-2022-06-07" in page.text
    assert "Nothing was beyond its usual range." in read(bare()).text


def test_areas_have_count_rate_base_band_and_mover(page):
    text = " ".join(page.text.split())
    assert "Per 1,000: residents, mid-2020." in text
    assert "Samplethorpe Park (visitor area)" in text
    assert "A rate per resident is not risk here." in text
    assert "It is not patrol targeting." in text
    assert "no base" in text


def test_every_picture_has_its_numbers_in_words(page):
    alts = [i["alt"] for i in page.images]
    assert len(alts) == 1 + 5 + 1 + 5
    assert "June 2022: 742 recorded" in alts[0]
    assert any(a.startswith("Map: Recorded crime by area") and "Sampleton Centre 431" in a for a in alts)
    assert max(map(len, alts)) <= 2000


def test_an_invented_source_is_announced_only_where_there_is_one(page):
    assert "Invented sample. The figures of Fire service incidents (sample) are made up" in page.text
    assert "Deliberate fires, Samplethorpe (invented sample)" in page.text
    real = replace(FIRE, invented=False, title="Fire service incidents", short="fire")
    areas = digest_thread(digest(headline=board("Fires", source="fire")))[1].table
    assert areas is not None
    assert areas.caption.endswith("(invented sample)")
    clean = bare(sources=(POLICE, FLYTIPS, real), peers=(), open=())
    assert "nvented" not in read(clean).text


def test_the_page_says_for_whom_it_is(page):
    assert "Partner data: not for public channels." in page.text
    assert "Public data." in read(bare(sources=(POLICE,))).text


def test_equal_facts_give_equal_pages(html):
    assert digest_html(digest(), MAP) == html


def test_no_forbidden_word_and_no_empty_value(page):
    assert never_used(page.text) == ()
    for wrong in ("None", "nan", "{{", "}}", "{%"):
        assert wrong not in page.text


@pytest.mark.parametrize("text", TEXTS)
def test_hostile_names_are_only_text(text):
    source = replace(POLICE, title=text, short=text, licence=text, attribution=text)
    facts = digest(
        partnership=text, district_name=text, contact=text, sources=(source,),
        headline=board(text, history=()), priorities=(unconnected(text, text), board(text, history=())),
        unusual=(alert(area_name=text, event=text, visitor=text, caveats=(text,), history=(),
                       source=source),),
        hot=(hot(1, text, 40, band=text, visitor=text, people_basis=text),), boxes=(board(text, history=()),),
        ahead=(season(title=text),), reports=(report(title=text),), peers=(peer(text),),
        targets=(target(title=text, area_name=text),), events=(event(text, area_name=text),),
        open=(alert(area_name=text, owner=text, history=()),),
    )  # fmt: skip
    page = read(digest_html(facts, None))
    assert page.problems == []
    said = [page.text, digest_text(facts)]
    for message in (digest_message(facts), *digest_thread(facts)):
        said += [message.title, message.summary, *message.lines]
        if message.table:
            assert len(message.table.rows) == 1
            assert {len(row) for row in message.table.rows} == {len(message.table.columns)}
    assert not any(re.search(r"[\x00-\x08\x0b-\x1f\u200b\u202e\u2066]", piece) for piece in said)
    if "{{" in text:
        assert "{{ config }}" in page.text


def test_parts_one_to_four_fit_a_phone():
    screen, _, rest = digest_text(digest(), PHONE_COLUMNS).partition("-" * PHONE_COLUMNS)
    lines = screen.strip().splitlines()
    assert len(lines) <= PHONE_LINES
    assert max(map(len, lines)) <= PHONE_COLUMNS
    for part in ("DATA", "PRIORITIES", "UNUSUAL", "INVENTED SAMPLE: fire sample."):
        assert part in screen
    assert "Recorded crime by area" in rest


def test_the_message_is_that_screen():
    message = digest_message(digest(), revision=4)
    assert (message.key, message.revision) == ("digest:2022-06", 4)
    wrapped = [piece for line in message.lines for piece in textwrap.wrap(line, PHONE_COLUMNS)]
    assert len(wrapped) + 2 <= PHONE_LINES
    assert "▲ Violence: 212, usual 172-206: higher" in message.lines
    assert "– Domestic abuse: no figures" in message.lines
    assert "▲▲ Theft from the person, Sampleton North: 41 (usual 9-27)" in message.lines
    assert message.lines[-1].endswith("9 (usual 1-5), Mar 2022")
    assert "742 recorded in June 2022" in message.summary
    assert message.pictures[0].draw().startswith(b"\x89PNG")


def test_the_rest_are_replies_with_tables():
    ahead, areas, boxes, promises, peers, held, method = digest_thread(digest())
    assert [m.key for m in (ahead, areas, boxes, promises, peers, held, method)] == [
        f"digest:2022-06:{x}" for x in REPLIES
    ]
    assert areas.table is not None
    assert boxes.table is not None
    assert areas.table.rows[1] == (
        "2", "Samplethorpe Park (visitor area)", "240", "160", "very significantly high",
        "+7 (+3.0%)", "up 3",
    )  # fmt: skip
    assert areas.table.rows[3][-2:] == ("not known", "–")
    assert areas.table.rows[4][3] == "no base"
    assert areas.table.rows[4][5] == "+3"  # base 19: no percentage
    assert boxes.table.rows[-1] == ("Deliberate fires", "–", "–", "no figures", "–", "not known")
    assert "Contact: community.safety@example.org." in method.lines
    assert peers.table is not None
    assert peers.table.rows == (
        ("Recorded crime", "8,312", "80", "3 of 8", "2 to 5", "4"),
        ("Deliberate fires (invented sample)", "31", "0.3", "3 of 8", "3 to 5", "4"),
    )
    assert not any(m.history for m in (areas, boxes, method)), "a revised month says nothing more"


def test_a_month_without_areas_or_series_has_replies_that_say_so():
    bare = digest_thread(digest(hot=(), boxes=(), peers=()))
    assert [m.table for m in bare] == [None] * 7
    assert all(m.lines for m in bare)


def test_the_look_ahead_names_months_and_what_they_usually_are():
    said = digest_thread(digest())[0].lines
    assert said[0] == (
        "· Burglary: usually high in November 2022 (1.3 times an average month), December 2022 (1.2 times an "
        "average month); 4 years of each month behind it."
    )
    assert said[2:] == (
        "EVENT DIARY", "· 11 June 2022: Sample Fair, Sampleton",
        "· 30 August 2022 to 2 September 2022: Sample Races, Sampleton",
        "· November 2022: Sample Lights, Sampleton (day not checked)",
        "· 3 to 4 December 2022: Sample Market, Sampleton (cancelled)",
    )  # fmt: skip
    none = digest_thread(digest(ahead=(), events=(), events_ahead=()))[0].lines
    assert (
        none[0] == "None of the 5 series with a known season is usually high in July 2022 to December 2022."
    )
    assert none[-2:] == (
        "The event calendar has nothing for June 2022.",
        "The calendar has nothing yet for July 2022 to December 2022.",
    )
    young = digest_thread(digest(ahead=(), seasons=0))[0].lines
    assert young[0].startswith("No season is known yet")


PACE = {
    "not on course": target(),
    "on course": target(low=300.0, projected=350.0, high=410.0),
    "it may go either way": target(low=400.0, projected=450.0, high=500.0),
}


@pytest.mark.parametrize("said", PACE)
def test_a_target_is_said_with_its_pace(said):
    line = digest_thread(digest(targets=(PACE[said],)))[3].lines[-1]
    assert "141 so far, 112 by now would be on the way to the target of 450." in line
    assert line.endswith(f"at the end: {said}.")


def test_a_target_to_rise_and_one_that_is_over():
    rising = target(direction="increase", low=460.0, high=700.0)
    over = target(so_far="2022-04..2023-03", count=450)
    said = digest_thread(digest(targets=(rising, over, replace(over, count=451))))[3].lines[-3:]
    assert said[0].endswith("on course.")
    assert said[1].endswith("450 at the end, the target was 450: met.")
    assert said[2].endswith("451 at the end, the target was 450: not met.")


def test_what_is_withheld_is_not_zero():
    line = digest_thread(digest())[3].lines[1]
    assert line == (
        "· Domestic abuse: withheld or not published for June 2022. Last 12 months: not complete: a month is "
        "missing."
    )


def test_open_alerts_say_who_has_them():
    said = digest_thread(digest())[5].lines
    assert said[0].endswith("41 in June 2022 (usual 9-27); new; taken on by Sam.")
    assert said[1].endswith("continuing, 2 months; seen by Ann.")
    assert said[2].endswith("nobody has it yet.")
    assert said[3] == "And 4 more alerts: /alerts open"
    assert digest_thread(digest(open=(), more_open=0))[5].lines == ("No alert is open.",)


@pytest.mark.parametrize("piece", REPLIES)
def test_a_reply_says_the_same_from_its_own_facts_alone(piece):
    """What is sent holds one piece; were a figure of another in it, it would be edited for nothing."""
    whole = next(m for m in digest_thread(digest()) if m.key.endswith(piece))
    alone = posted(DigestPost(piece, only(digest(), piece)))
    assert (alone.title, alone.lines, alone.table) == (whole.title, whole.lines, whole.table)
    moved = board("Recorded crime", month_count=1, verdict=Verdict.MUCH_LOWER, rolling=3, source="police")
    other = only(replace(digest(), headline=moved, generated=dt.date(2022, 9, 9)), piece)
    assert other == only(digest(), piece)


def test_the_first_message_says_the_same_from_its_own_facts_and_where_the_rest_is():
    alone = posted(DigestPost("first", only(digest(), "first")))
    assert alone.lines == digest_message(digest()).lines
    assert alone.footer[0].startswith("In the thread: ")


def test_a_draft_says_so_and_how_it_is_signed_off():
    draft = posted(DigestPost("first", digest(), "waiting", channels=("jag",)))
    assert draft.title.startswith("DRAFT: ")
    assert draft.lines[0] == "DRAFT for jag. An analyst signs it off: digest 2022-06 sign"
    signed = posted(DigestPost("whole", digest(), "signed", "Sam", ("jag", "board")))
    assert signed.lines[0] == "Signed off by Sam. It went to jag, board."


def test_where_there_are_no_threads_everything_is_in_one_message():
    whole = posted(DigestPost("whole", digest()))
    assert [s.title for s in whole.sections] == [
        "Looking ahead", "Areas with the most recorded: the year to June 2022", "Other series: June 2022",
        "Reports that are wanted", "Targets", "Among the districts of the county", "Event diary",
        "Open alerts and who has them", "Method, sources and contact",
    ]  # fmt: skip
    told = digest_text(digest(), 500)
    assert all(line in told for s in whole.sections for line in s.lines)


def test_the_page_goes_as_a_file_that_says_when_it_was_made():
    page = posted(DigestPost("page", digest()))
    assert page.file is not None
    assert page.file.name == "digest-2022-06.html"
    assert page.file.make().startswith(b"<!doctype html>")
    assert "made on 5 August 2022" in page.summary


def test_a_quiet_month_says_that_nothing_was_unusual():
    text = digest_text(digest(unusual=(), more=0))
    assert "UNUSUAL: 0 up, 0 down" in text
    assert "Nothing beyond its usual range." in text
    assert "lower signal" not in text


def test_a_verdict_is_never_colour_alone(html):
    for words in re.findall(
        r'<span class="chip[^"]*">(.*?)</span></p>|<span class="chip[^"]*">(.*?)</span></td>', html
    ):
        assert re.search(r"[●○▲▼]", "".join(words))
        assert any(v in "".join(words) for v in Verdict)


def test_ranks_that_move():
    places = [row[-1] for row in (digest_thread(digest())[1].table or pytest.fail("no table")).rows]
    assert places == ["same", "up 3", "down 1", "–", "down 1"]
    assert len(HOT) == len(places)
