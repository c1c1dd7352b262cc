"""Every figure that a message, a digest or an answer prints is made by a claim that travels with it."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from bot.answers.desk import Desk
from bot.message import Answer, Message
from bot.renderers.html import answer_html, digest_html
from bot.renderers.text import answer_text, message_text
from bot.views.alerts import alert_message, late_message, rollup_message
from bot.views.digest import digest_claims, digest_message, digest_text, digest_thread
from jobs.attention.clearance import Readers
from jobs.digest import digest_facts
from jobs.facts import ALERT, AlertFacts, DigestFacts, LateFacts, RollupFacts
from jobs.folder.glossary import load_glossary
from jobs.folder.library import load_rules
from jobs.house import House
from jobs.store.engine import Store
from jobs.store.findings import list_alerts
from rules.claims import Claimant
from rules.examples import run
from rules.model import Classification, Month, Window
from rules.spec import Rule
from tests import sample
from tests.cli import NWL
from tests.printed_figures import seen, unclaimed

told_file = sample.told_file
WIDE = 2000  # columns: no sentence is broken in two
JULY = Month(2022, 7)
LAST = Window(JULY, JULY)


@pytest.fixture(scope="module")
def house(told_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The shipped partnership with its sample judged; a copy, since whoever asks is written down."""
    mine = tmp_path_factory.mktemp("claims") / "told.db"
    shutil.copyfile(told_file, mine)
    with closing(Store.at(f"sqlite:///{mine}")) as store:
        yield House(NWL, store)


@pytest.fixture(scope="module")
def names(house: House) -> frozenset[str]:
    """Titles that hold digits and come from the partnership's own files."""
    own = house.partnership
    places = [text for a in house.geography.areas.values() for text in (a.name, a.note, a.visitor)]
    people = house.geography.population(sorted(house.geography[own.district].units), JULY.year)
    sources = [text for s in own.sources.values() for text in (s.title, s.short, s.licence, s.attribution)]
    series = [text for s in house.lexicon for text in (s.title, s.noun, s.note)]
    rules = [text for r in house.rules for text in (r.title, r.why)]
    calendar = [text for e in house.events for text in (e.name, e.source)] + [b.title for b in house.breaks]
    promises = [text for t in house.targets for text in (t.title, t.source.split(":")[0])]
    terms = [term.term for term in load_glossary().terms]
    more = (*terms, own.name, own.digest.contact, *own.digest.priorities, people.basis if people else "")
    return frozenset((*places, *sources, *series, *rules, *calendar, *promises, *more))


def words_of(message: Message) -> str:
    drawn = [text for p in message.pictures for text in (p.title, p.alt)]
    return "\n".join((message_text(message, WIDE), message.summary, *drawn))


def every_alert(house: House) -> list[AlertFacts]:
    with house.store.read() as connection:
        return [ALERT.validate_json(row.facts) for row in list_alerts(connection)]


def shipped() -> list[Rule]:
    return [rule for rule in load_rules() if any(e.fires for e in rule.example)]


@pytest.mark.parametrize("rule", shipped(), ids=lambda rule: rule.id)
def test_every_figure_of_a_note_is_a_claim(rule: Rule) -> None:
    """The rule's own examples: each detector writes its sentence."""
    for example in rule.example:
        for f in (f for f in run(rule, example) if f.rule == rule.id and example.fires):
            own = Claimant("", Window.ending(f.month, f.span))
            own.count("count", f.count)
            own.count("baseline months", f.expected.months)
            known = [f"{kind}{i}" for kind in ("home", "rest", "peer") for i in range(40)]
            for text in (f.note, *f.caveats):
                assert unclaimed(text, (*own.made, *f.claims), known) == []


def test_every_alert(house: House, names: frozenset[str]) -> None:
    alerts = every_alert(house)
    assert len({a.rule for a in alerts}) > 8, "the sample no longer shows many kinds of alert"
    for facts in alerts:
        message = alert_message(facts)
        held = (*names, facts.event)
        assert unclaimed(words_of(message), message.claims, held) == [], facts.id


def test_a_late_source_and_what_a_channel_has_no_room_for(house: House, names: frozenset[str]) -> None:
    facts = replace(every_alert(house)[0].source, held=3, edition=2, unlocated=77, last_rows=1812)
    late = late_message(LateFacts(facts, "2022-07", sample.AS_OF))
    more = tuple(f"Series, place {chr(97 + i)}" for i in range(25))
    rolled = rollup_message(RollupFacts("2022-07", 1025, more, facts.short, facts.invented), "key")
    for message in (late, rolled):
        assert unclaimed(words_of(message), message.claims, names) == []


@pytest.fixture(scope="module", params=[("2022-06", "partner"), ("2022-03", "public")])
def digest(request: pytest.FixtureRequest, house: House) -> DigestFacts:
    month, clearance = request.param
    with house.store.read() as connection:
        return digest_facts(connection, house, Month.parse(month), Readers(Classification(clearance)))


def test_every_line_of_a_digest(digest: DigestFacts, names: frozenset[str]) -> None:
    known = (*names, *digest.breaks, *(a.event for a in digest.unusual))
    for message in (digest_message(digest), *digest_thread(digest)):
        assert unclaimed(words_of(message), message.claims, known) == []
    claims = digest_claims(digest)
    assert unclaimed(digest_text(digest, WIDE), claims, known) == []
    page = digest_html(replace(digest, headline=replace(digest.headline, history=())), None)
    assert unclaimed("\n".join(seen(page)), claims, known) == []


ASKED = (
    "hotspots coalville", "hotspots nwl", "hotspots nwl burglary by:rate top:5",
    "hotspots nwl 2022-06 top:30", "hotspots county violence", "hotspots diseworth",
    "hotspots nwl 2012", "hotspots nwl hate 2012",
    "hotspots nwl year to sep 2012", "hotspots nwl asb 2015..2022", "fires nwl 2012", "hotspots nwl rtc",
    "area agar nook", "area nwl", "area castle donington", "area county",
    "trend vehicle-crime nwl 24m", "trend total nwl", "trend total nwl 6y", "trend sac nwl 6y",
    "trend theft-from-person nwl 2022-06", "trend asb 2010..2012", "trend total 2019..2023", "trend hate",
    "trend total blaby 2018..2022", "trend burglary ibstock 3m", "trend fires-deliberate", "trend rtc 2012",
    "alerts", "alerts all", "alerts coalville", "alerts all nwl", "data", "sources",
    "fires nwl", "fires nwl 2020", "fires castle donington primary", "fires coalville 2012",
    "fires ibstock 2019", "asb nwl", "asb coalville", "asb diseworth", "asb county", "flytip ellistown",
    "flytip nwl 2020",
    "map violence", "map burglary coalville by:rate", "map diseworth asb", "map fires nwl", "map hate 2012",
    "compare burglary nwl vs county", "compare fires-deliberate nwl vs blaby 6m",
    "compare total coalville vs coalville msoa", "compare theft-from-person donington park vs nwl",
    "compare total coalville ward vs greenhill", "compare asb nuisance 2010 vs 2012",
    "compare vehicle-crime nwl 2021-06 vs 2022-06", "compare total 2011 vs 2012",
    "compare burglary nwl 2010 vs 2011", "peers theft-from-person 3m", "peers rtc", "target", "target asb",
    "target drugs", "reports", "reports hate", "reports domestic", "reports burglary",
    "issue shoplifting", "issue total coalville", "issue asb coalville centre", "issue fires-deliberate",
    "issue hate county", "issue hate", "issue total county", "season theft-from-person",
    "season fly-tipping county", "season sac", "event", "event 2022", "event festival 2022",
    "event download 2021", "event pilot", "event superbike", "event nowhere",
    "peers total", "why A-1999-01-01", "define", "help series",
)  # fmt: skip


@pytest.mark.parametrize("text", ASKED)
def test_every_answer(text: str, house: House, names: frozenset[str]) -> None:
    """To a partner: of the same wording for everybody else, there is less."""
    check(Desk(house).ask(text, clearance=Classification.PARTNER), names)


@pytest.mark.parametrize("text", ["hotspots nwl fires-deliberate", "alerts all", "data", "trend rtc"])
def test_what_the_public_is_not_told(text: str, house: House, names: frozenset[str]) -> None:
    check(Desk(house).ask(text), names)


def test_a_page_shows_how_its_figures_were_made(house: House, names: frozenset[str]) -> None:
    found = Desk(house).ask("hotspots coalville")
    page = answer_html(replace(found, pictures=()))
    for text in seen(page):
        assert unclaimed(text, found.claims, (*names, *(c.basis for c in found.claims))) == []
    assert "How the figures were made" in page


def test_every_why(house: House, names: frozenset[str]) -> None:
    alerts = {a.rule: a for a in every_alert(house)}
    for facts in alerts.values():
        found = Desk(house).ask(f"why {facts.id}", clearance=Classification.SENSITIVE)
        assert found.state == "ok"
        check(found, (*names, facts.event))


def check(found: Answer, names: Iterable[str]) -> None:
    streets = [str(street) for street, *_ in found.data.get("streets", ())]  # type: ignore[attr-defined]
    known = (*names, *streets, *(c.basis for c in found.claims), *found.suggestions)
    assert unclaimed(answer_text(found, WIDE), found.claims, known) == []


def test_a_figure_without_a_claim_is_told() -> None:
    """The check itself: what it must not let through, and what it must."""
    claims = Claimant("police", LAST)
    claims.count("now", 8534)
    claims.change("change", 8534, 6846, LAST, Window(JULY + -12, JULY + -12))
    claims.modelled("lower", 13.2)
    good = "8,534 in July 2022, 6,846 before: +24.7%; usual 14, p 13.2; 30 to 31 July 2022, per 1,000"
    assert unclaimed(good, claims.made) == []
    for bad in ("8534", "8,535", "+19.8%", "-24.7%", "24.6%", "15", "in 2 months", "Ibstock 012", "0.01"):
        assert len(unclaimed(f"{good} and {bad}.", claims.made)) == 1, bad
    assert unclaimed("Ibstock 012 has 12", claims.made, {"ibstock 012"}) == ["12 in …~ has 12…"]
