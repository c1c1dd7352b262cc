"""`digest [MONTH] [preview]`: the month as its channel gets it, for the reader's clearance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.grammar.query import Query
from bot.message import Answer
from bot.views.digest import digest_message, digest_whole
from jobs.attention.clearance import class_of
from jobs.digest.gather import digest_facts, month_to_tell
from jobs.errors import NotReady
from jobs.facts import DIGEST, DigestFacts
from rules.model import Classification, Month

if TYPE_CHECKING:
    from jobs.house import House
    from jobs.store.engine import Connection


def answer(house: House, query: Query) -> Answer:
    """Its first screen; with `preview` every part. Nothing is posted."""
    if query.window is not None and query.window.months > 1:
        return _one_month(query)
    with house.store.read() as connection:
        try:
            month = _month(connection, house, query)
        except NotReady as error:
            return Answer("Digest", (f"{error}"[:1].upper() + f"{error}"[1:] + ".",), state="empty",
                          suggestions=("data", "help digest"))  # fmt: skip
        facts = digest_facts(connection, house, month, query.readers)
    preview = query.word == "preview"
    told = digest_whole(facts) if preview else digest_message(facts)
    more = () if preview else (f"digest {facts.month} preview",)
    return Answer(
        told.title, told.lines, pictures=told.pictures, sections=told.sections, claims=told.claims,
        footer=_waits(house), sources=tuple(s.id for s in facts.sources),
        classification=_class(house, facts), suggestions=(*more, "alerts open", "data"),
        data={"digest": DIGEST.dump_python(facts, mode="json")},
    )  # fmt: skip


def _month(connection: Connection, house: House, query: Query) -> Month:
    """The month asked for, or the newest; none after the one up to which anything is known."""
    asked = query.window.last if query.window else None
    if query.as_of is not None and (asked is None or asked > query.as_of):
        asked = query.as_of
    return month_to_tell(connection, house, asked, query.readers)


def _one_month(query: Query) -> Answer:
    assert query.window is not None
    return Answer(
        "Digest", ("A digest is of one month.",), state="unknown",
        suggestions=(f"digest {query.window.last}", f"digest {query.window.first}"),
    )  # fmt: skip


def _waits(house: House) -> tuple[str, ...]:
    if house.partnership.digest.mode != "draft":
        return ()
    return ("A digest goes to its channels once an analyst has signed it off: digest MONTH sign.",)


def _class(house: House, facts: DigestFacts) -> Classification:
    """The highest class of what is in it."""
    own = house.partnership
    used = {(b.source, b.series) for b in (facts.headline, *facts.priorities, *facts.boxes) if b.source}
    used |= {(a.source.id, a.series) for a in (*facts.unusual, *facts.open)}
    classes = [class_of(own.source(source), series, house.lexicon) for source, series in used]
    told = [Classification(s.classification) for s in facts.sources]
    return max((*classes, *told), key=lambda c: c.rank, default=Classification.PUBLIC)
