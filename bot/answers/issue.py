"""`issue [SERIES] [AREA]`: the six questions of a strategic assessment, one short paragraph each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import claimed, words
from bot.answers import issue_places, issue_words, target
from bot.answers import scope as scoping
from bot.answers.pictures import trend_chart
from bot.answers.scope import Scope
from bot.answers.trend import polarity_note
from bot.grammar.query import Query
from bot.message import Answer, Table
from jobs.counting.cubes import Cubes
from jobs.counting.hot import units_and_older
from jobs.figures.communities import Community
from jobs.figures.issue import Issue, issue
from rules.claims import Claimant
from rules.model import Area, Window

if TYPE_CHECKING:
    from jobs.house import House


def answer(house: House, query: Query) -> Answer:
    """All six answers from one source; one that cannot be given says why."""
    place = query.places[0] if query.places else scoping.home(house)
    area = house.geography[place.code]
    series = query.series or house.partnership.default_series
    title = f"{house.lexicon[series].title} in {area.name}: the six questions"
    with house.store.read() as connection:
        near = scoping.near(connection, house, series, query, [area.code])
        scope = _choose(near)
        if scope is None:
            return scoping.nothing(title, house, series, area, query, near)
        scope = scoping.in_years(connection, scope)
        cubes = Cubes(connection, house)
        where = scoping.near(connection, house, series, query, units_and_older(house, area)).reach
        told = issue(cubes, scope.feed, where, scope.window, area, series, query.as_of, query.readers)
        foot = scoping.footer(connection, house, scope, area)
    made = Claimant(scope.feed.source.id, scope.window)
    lines = (
        issue_words.over_time(made, told.trend),
        issue_words.other_crimes(made, house, told.among, series),
        issue_words.targets(made, house, told.targets),
        issue_places.highest(made, told.by_count, told.by_rate, area),
        issue_places.communities(made, told.communities),
        issue_places.districts(made, told.peers, told.home, area),
        *issue_words.breaks(told.trend),
        *filter(None, [polarity_note(house.lexicon[series].polarity)]),
    )
    return Answer(
        title, (*lines, scoping.resolved(house, place)), table=_table(made, told, scope), footer=foot,
        claims=(
            *made.made, *claimed.of_points(told.trend.points, scope.feed.source.id),
            *claimed.of_scope(scope.feed, scope.window, area),
        ),
        pictures=trend_chart(scope, told.trend.points, title, f"issue-{series}-{area.code}"),
        sources=(scope.feed.source.id,), classification=scoping.classification(house, scope.feed, series),
        suggestions=_next(series, area, told), data=_data(told, scope, area, series),
    )  # fmt: skip


def _choose(near: scoping.Near) -> Scope | None:
    """Twelve months of the first monthly source; else the newest period of the table with most of them."""
    monthly = next((f for f in near.reach if f.span == 1), None)
    if monthly is not None:
        return scoping.with_gaps(monthly, Window.ending(monthly.months[-1], 12))
    best = max(near.reach, key=lambda f: (f.months[-1], len(f.months)), default=None)
    return Scope(best, Window.ending(best.months[-1], best.span)) if best is not None else None


def _next(series: str, area: Area, told: Issue) -> tuple[str, ...]:
    name = area.name.lower()
    more = (f"hotspots {name} {series}",) if told.by_count is not None else ()
    return (f"trend {series} {name}", *more, f"season {series}")


def _table(made: Claimant, told: Issue, scope: Scope) -> Table | None:
    """The communities: what stands behind the fifth answer."""
    rows = (*told.communities.fifths, *told.communities.settlements)
    if not rows:
        return None
    basis = next((c.basis for c in rows if c.basis), "residents")
    return Table(
        f"{scope.window.words}, {scope.feed.source.short}; areas by deprivation in England, by settlement; "
        f"rates per 1,000 {basis}",
        (("Communities", "left"), ("LSOAs", "right"), ("Count", "right"), ("Rate", "right")),
        tuple(_cells(made, c) for c in rows),
    )  # fmt: skip


def _cells(made: Claimant, c: Community) -> tuple[str, ...]:
    made.count(f"{c.title}: LSOAs", c.areas)
    cells = (c.title, f"{c.areas}", words.counted(c.count))
    if c.count is None:
        return (*cells, "-")
    made.count(f"{c.title}: count", c.count)
    if c.rate is None or c.people is None:
        return (*cells, "-")
    made.rate(f"{c.title}: rate", c.count, c.people, c.basis)
    return (*cells, words.rate(c.rate))


def _data(told: Issue, scope: Scope, area: Area, series: str) -> dict[str, object]:
    compared, peers = told.trend.compared, told.peers
    own = peers.own if peers and peers.ranked else None
    return {
        "series": series, "area": area.code, "area_name": area.name, "window": str(scope.window),
        "source": scope.feed.source.id, "dataset": scope.feed.dataset,
        "over_time": {
            "count": compared.new if compared else None, "before": compared.old if compared else None,
            "broken": compared.broken.id if compared and compared.broken else None,
            "verdict": told.trend.verdict.value,
        },
        "among": vars(told.among),
        "targets": [target.data(p) for p in told.targets],
        "highest": {
            "by_count": [vars(r) for r in told.by_count.rows] if told.by_count else [],
            "by_rate": [vars(r) for r in told.by_rate.rows] if told.by_rate else [],
        },
        "communities": [
            {**vars(c), "rate": c.rate} for c in (*told.communities.fifths, *told.communities.settlements)
        ],
        "districts": {
            "district": told.home.code if told.home else None,
            "count": own.count if own else None, "people": own.people if own else None,
            "rank": own.rank if own and peers else None, "districts": len(peers.peers) if peers else None,
            "ranks": list(peers.ranks) if own and peers else None,
            "withheld": list(peers.withheld) if peers else [],
        },
    }  # fmt: skip
