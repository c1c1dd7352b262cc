"""`compare [SERIES] [AREA] PERIOD vs PERIOD`: what changed, unless the figures cannot mean the same."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot import claimed, words
from bot.answers import scope as scoping
from bot.answers.scope import Scope
from bot.answers.trend import polarity_note
from bot.grammar.query import Query
from bot.message import Answer, Table
from jobs.counting.trends import Comparison, broken_between
from jobs.figures.pairs import period_pair
from rules.areas import z_change
from rules.claims import Claim, Claimant
from rules.model import Area, Break, Window

if TYPE_CHECKING:
    from jobs.counting.feeds import Feed
    from jobs.house import House


def answer(house: House, query: Query) -> Answer:
    """Two periods of one feed. Across a registered break the answer is the same with figures and without."""
    place = query.places[0] if query.places else scoping.home(house)
    area = house.geography[place.code]
    series = query.series or house.partnership.default_series
    new, old = query.window, query.base
    assert new is not None, "the grammar gives both periods or none"
    assert old is not None
    title = f"{house.lexicon[series].title} in {area.name}: {old.words} and {new.words}"
    if known := broken_between(house, series, area.code, old, new):
        return _broken(title, known, area, series, (old, new))
    with house.store.read() as connection:
        near = scoping.near(connection, house, series, query, [area.code])
        chosen = next((c for f in near.reach if (c := _periods(f, query, old, new))), None)
        if chosen is None:
            return _incomplete(house, query, title, series, area, near)
        feed, old, new = chosen
        pair = period_pair(connection, house, feed, series, area.code, old, new)
        scope = Scope(feed, new)
        foot = scoping.footer(connection, house, replace(scope, window=Window(old.first, new.last)), area)
    seen_by = scoping.classification(house, feed, series)
    around = claimed.of_scope(feed, new, area)
    if pair is None:
        said = f"{house.lexicon[series].title} in {area.name}: withheld or not known in one of the periods."
        return Answer(
            title, (said, scoping.resolved(house, place)), footer=foot, claims=around,
            sources=(feed.source.id,), classification=seen_by, state="withheld",
            suggestions=(f"trend {area.name.lower()} {series}",),
        )  # fmt: skip
    if pair.broken is not None:  # a table's periods may reach further back than those asked for
        return _broken(title, pair.broken, area, series, (old, new))
    note = polarity_note(house.lexicon[series].polarity)
    lines = (*_lines(pair, house.lexicon[series].title, area), *([note] if note else []),
             scoping.resolved(house, place))  # fmt: skip
    rows = tuple((w.words, f"{n:,}") for w, n in ((old, pair.old), (new, pair.new)))
    return Answer(
        title, lines, table=Table(feed.source.short, (("Period", "left"), ("Count", "right")), rows),
        footer=foot, claims=(*_claims(pair, feed), *around), sources=(feed.source.id,),
        classification=seen_by, suggestions=(f"trend {area.name.lower()} {series} {old.first}..{new.last}",),
        data=_data(pair, feed, area, series),
    )  # fmt: skip


def _periods(feed: Feed, query: Query, old: Window, new: Window) -> tuple[Feed, Window, Window] | None:
    """Both periods in one feed: every month of them, or the periods of one table that come nearest."""
    scopes = [scoping.choose(replace(query, window=w), (feed,)) for w in (old, new)]
    windows = [s.window for s in scopes if s and feed.covers(s.window)]
    if len(windows) != 2 or windows[0].last >= windows[1].first:
        return None
    return feed, windows[0], windows[1]


def _broken(title: str, known: Break, area: Area, series: str, windows: tuple[Window, Window]) -> Answer:
    old, new = windows
    said = f"Not compared: {known.title}. That lies between {old.words} and {new.words}."
    return Answer(
        title, (said, "The figures before and after do not mean the same."),
        suggestions=(f"trend {area.name.lower()} {series}", "data"), state="refused",
        data={"broken": known.id, "series": series, "area": area.code, "base": str(old), "window": str(new)},
    )  # fmt: skip


def _incomplete(
    house: House, query: Query, title: str, series: str, area: Area, near: scoping.Near
) -> Answer:
    """No feed has the whole of both: a part of a year is no year."""
    told = scoping.nothing(title, house, series, area, replace(query, window=None), near)
    if not near.reach:
        return told
    known = "; ".join(dict.fromkeys(scoping.known_periods(f) for f in near.reach))
    said = f"No source has the whole of both periods for {area.name}. There are figures for {known}."
    return replace(told, lines=(said,))


def _lines(pair: Comparison, name: str, area: Area) -> list[str]:
    change = words.Change(pair.new, pair.old)
    percent = f", {change.percent}" if change.percent else ""
    lines = [
        f"{name} in {area.name}: {pair.new:,} recorded in {pair.window.words}, against {pair.old:,} in "
        f"{pair.base.words}: {change.difference}{percent}, {change.verdict}."
    ]
    if pair.masked is not None:
        lines.append(words.masked(pair.masked.title))
    return lines


def _claims(pair: Comparison, feed: Feed) -> tuple[Claim, ...]:
    told = Claimant(feed.source.id, pair.window)
    told.count("now", pair.new)
    told.count("before", pair.old, pair.base)
    told.difference("difference", pair.new, pair.old, pair.window, pair.base)
    told.change("change", pair.new, pair.old, pair.window, pair.base)
    told.z("z", pair.new, pair.old, pair.window, pair.base)
    return tuple(told.made)


def _data(pair: Comparison, feed: Feed, area: Area, series: str) -> dict[str, object]:
    change = words.Change(pair.new, pair.old)
    return {
        "series": series, "area": area.code, "area_name": area.name, "source": feed.source.id,
        "dataset": feed.dataset, "window": str(pair.window), "base": str(pair.base), "count": pair.new,
        "before": pair.old, "change": pair.new - pair.old, "z": z_change(pair.new, pair.old),
        "verdict": change.verdict,
        "masked": pair.masked.id if pair.masked else None, "broken": None,
    }  # fmt: skip
