"""`trend SERIES [AREA] [24m / 6y / 2019..2023]`: one sentence, a chart with the usual range, a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import claimed, words
from bot.answers import hidden
from bot.answers import scope as scoping
from bot.answers.pictures import trend_chart
from bot.answers.scope import Scope
from bot.grammar.query import Query
from bot.message import Answer, Table
from jobs.counting.cubes import Cubes
from jobs.counting.trends import Comparison, Trend, monthly_trend, run_before, table_trend
from rules.claims import Claim, Claimant
from rules.model import Area, Polarity, Verdict, Window

if TYPE_CHECKING:
    from jobs.counting.families import Family
    from jobs.counting.feeds import Feed
    from jobs.facts import Point
    from jobs.house import House
    from jobs.store.engine import Connection

_MONTHS = 24
_ORDINALS = ("", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def answer(house: House, query: Query) -> Answer:
    """How a series went in an area; months not published are said, breaks are never compared across."""
    place = query.places[0] if query.places else scoping.home(house)
    area = house.geography[place.code]
    series = query.series or house.partnership.default_series
    title = f"{house.lexicon[series].title} in {area.name}"
    with house.store.read() as connection:
        near = scoping.near(connection, house, series, query, [area.code])
        scope = choose(near.reach, query)
        if scope is None:
            return scoping.nothing(title, house, series, area, query, near)
        trend = trend_of(connection, house, scope, series, area, query.window)
        scope = by_years(scope, trend)
        foot = scoping.footer(connection, house, scope, area)
    marks = [mark for _, mark in trend.hidden]
    lines = (*told(house, trend, area, series, scope), scoping.resolved(house, place))
    return Answer(
        title, lines, table=table_of(trend, scope), footer=(*foot, *hidden.explained(scope.feed, marks)),
        claims=(*claims_of(trend, scope), *hidden.claims_of(scope.feed, marks),
                *claimed.of_scope(scope.feed, scope.window, area)),
        pictures=trend_chart(scope, trend.points, title, f"{series}-{area.code}"),
        sources=(scope.feed.source.id,), classification=scoping.classification(house, scope.feed, series),
        suppressed=len(marks), state="ok" if trend.points or trend.periods else "withheld",
        suggestions=(f"hotspots {area.name.lower()} {series}",), data=data_of(trend, scope, area, series),
    )  # fmt: skip


def trend_of(
    connection: Connection, house: House, scope: Scope, series: str, area: Area, asked: Window | None
) -> Trend:
    """Months judged, or the periods of a table that end in what was asked for."""
    if scope.feed.span == 1:
        return monthly_trend(Cubes(connection, house), scope.feed, series, area.code, scope.window)
    return table_trend(connection, house, scope.feed, series, area.code, asked)


def by_years(scope: Scope, trend: Trend) -> Scope:
    """The scope as it is told: of a closed source by whole years, where its months are not."""
    years = [w for w, _ in (*trend.periods, *trend.hidden)]
    if scope.feed.family is None or trend.points or not years:
        return scope
    return scoping.told_by_years(scope, Window(min(w.first for w in years), max(w.last for w in years)))


def choose(found: tuple[Feed, ...], query: Query) -> Scope | None:
    """A monthly source where it reaches; else the table with most periods in what was asked."""
    asked = query.window
    monthly = next((s for f in found if f.span == 1 and (s := _months(f, query))), None)
    tables = [f for f in found if f.span > 1 and _periods(f, asked) > 0]
    best = max(tables, key=lambda f: (_periods(f, asked), f.months[-1]), default=None)
    # A few months at one end of a long question do not answer it if a table covers it better.
    if monthly and (asked is None or best is None or 2 * _periods(monthly.feed, asked) > asked.months):
        return monthly
    if best is None:
        return None
    ends = [m for m in best.months if asked is None or m in asked]
    return Scope(best, Window.ending(ends[-1], best.span))


def _months(feed: Feed, query: Query) -> Scope | None:
    window = query.window or Window.ending(feed.months[-1], query.months or _MONTHS)
    return scoping.with_gaps(feed, window) if _periods(feed, window) else None


def _periods(feed: Feed, asked: Window | None) -> int:
    return sum(asked is None or m in asked for m in feed.months)


def told(house: House, trend: Trend, area: Area, series: str, scope: Scope) -> list[str]:
    """The sentences: the change, what lies in it, the last month, what a rise means."""
    name = house.lexicon[series].title
    lines = []
    family = scope.feed.family
    if family is not None and trend.compared is None:
        lines.append(_untold(family, trend, name, area))
    elif trend.compared is not None:
        lines.append(_sentence(trend, trend.compared, name, area))
    elif trend.points:
        lines.append(
            "The last twelve months and the twelve before are not both complete: no comparison is made."
        )
    elif trend.periods:
        window, n = trend.periods[-1]
        lines.append(
            f"{name} in {area.name}: {n:,} in {window.words}. There is no earlier period to compare."
        )
    if trend.compared is not None and (masked := trend.compared.masked) is not None:
        lines.append(words.masked(masked.title))
    if trend.last is not None:
        lines.append(_month_line(trend))
    if note := polarity_note(house.lexicon[series].polarity):
        lines.append(note)
    return lines


def _untold(family: Family, trend: Trend, name: str, area: Area) -> str:
    """Where no two windows of a closed source can be compared."""
    if not trend.points and not trend.periods:
        return f"{name} in {area.name}: no figure can be told. {hidden.only_years(family)}"
    if trend.periods:
        window, n = trend.periods[-1]
        return f"{name} in {area.name}: {n:,} in {window.words}. No other period can be told to compare."
    return f"{name} in {area.name}: some months are not told, so no sum and no comparison is made."


def _sentence(trend: Trend, c: Comparison, name: str, area: Area) -> str:
    head = f"{name} in {area.name}: {c.new:,} recorded in {c.window.words}"
    if c.broken is not None:
        return (
            f"{head}. Not compared with {c.base.words} ({c.old:,}): {c.broken.title} lies between, "
            "and the figures do not mean the same."
        )
    change = words.Change(c.new, c.old)
    percent = f", {change.percent}" if change.percent and change.unusual else ""
    said = f"{head}, against {c.old:,} in {c.base.words}: {change.difference}{percent}"
    if not change.unusual:
        return f"{said}, within usual variation."
    direction, turned = run_before(trend.periods)
    if turned:
        other = "falls" if direction == "rise" else "rises"
        count = _ORDINALS[turned] if turned < len(_ORDINALS) else str(turned)
        many = other if turned > 1 else other[:-1]
        return f"{said}, the first {direction} after {count} {many}."
    return f"{said}, more than usual variation."


def _month_line(trend: Trend) -> str:
    assert trend.last is not None
    month, count = trend.last
    if trend.expected is None:
        return (
            f"{month.words}: {count:,} recorded. {Verdict.NO_HISTORY.value.capitalize()} to judge the month."
        )
    usual = words.usual(trend.expected.lower, trend.expected.upper)
    caveat = f" ({trend.expected.caveat})" if trend.expected.caveat else ""
    return f"{month.words}: {count:,} recorded (usual {usual}), {trend.verdict.value}{caveat}."


def polarity_note(polarity: Polarity) -> str:
    """What a rise means where it is not simply bad; empty where it is."""
    return {
        Polarity.GOOD: "More reports are wanted here: a rise is good news, a fall is the alarm.",
        Polarity.ACTIVITY: "This follows police work: a rise may mean more checks, not more crime.",
        Polarity.AMBIGUOUS: "A change may come from reporting or recording as well as from what happened.",
    }.get(polarity, "")


def table_of(trend: Trend, scope: Scope) -> Table | None:
    """The periods of a table, or the last twelve months."""
    family = scope.feed.family
    if trend.periods or (family is not None and not trend.points):
        every = [(w, f"{n:,}") for w, n in trend.periods]
        every += [(w, family.said(mark)) for w, mark in trend.hidden] if family else []
        rows = tuple((w.words, said) for w, said in sorted(every, key=lambda e: e[0].last))
        return Table(scope.feed.source.short, (("Period", "left"), ("Count", "right")), rows)
    rows3 = tuple(
        (words.short_month(p.month), _count(p),
         words.usual(p.lower, p.upper) or "", p.mark)
        for p in trend.points[-12:]
    )  # fmt: skip
    return Table(
        f"last 12 months, {scope.feed.source.short}",
        (("Month", "left"), ("Count", "right"), ("Usual", "right"), ("Note", "left")),
        rows3,
    )


def _count(p: Point) -> str:
    return f"{p.count:,}" if p.count is not None else p.hidden or "not published"


def claims_of(trend: Trend, scope: Scope) -> tuple[Claim, ...]:
    """What the sentences and the table print."""
    claimant = Claimant(scope.feed.source.id, scope.window)
    if (c := trend.compared) is not None:
        claimant.count("now", c.new, c.window)
        claimant.count("before", c.old, c.base)
        if c.broken is None:
            claimant.difference("difference", c.new, c.old, c.window, c.base)
            claimant.change("change", c.new, c.old, c.window, c.base)
            claimant.z("z", c.new, c.old, c.window, c.base)
    for window, n in trend.periods:
        claimant.count(window.words, n, window)
    if trend.last is not None:
        claimant.count("last month", trend.last[1], Window(trend.last[0], trend.last[0]))
    if (e := trend.expected) is not None:
        claimed.expected(claimant, "last month", e.mean, e.lower, e.upper, e.window)
        claimant.count("baseline months", e.months, e.window)
    claimant.count("periods the other way", run_before(trend.periods)[1])
    return (*claimant.made, *claimed.of_points(trend.points, scope.feed.source.id))


def data_of(trend: Trend, scope: Scope, area: Area, series: str) -> dict[str, object]:
    """The same as values."""
    c = trend.compared
    return {
        "series": series, "area": area.code, "area_name": area.name, "window": str(scope.window),
        "source": scope.feed.source.id, "dataset": scope.feed.dataset, "verdict": trend.verdict.value,
        "periods": [{"window": str(w), "count": n} for w, n in trend.periods],
        "hidden": [{"window": str(w), "mark": mark.value} for w, mark in trend.hidden],
        "points": [vars(p) for p in trend.points],
        "broken": c.broken.id if c and c.broken else None,
        "change": c.new - c.old if c and c.broken is None else None,
    }  # fmt: skip
