"""`season [SERIES] [AREA]`: the months in which a series is usually high, with the years that say so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import claimed, words
from bot.answers import scope as scoping
from bot.answers.pictures import season_chart
from bot.answers.scope import Scope
from bot.grammar.query import Query
from bot.message import Answer, Table
from jobs.figures.season import Seasonal, seasonal
from rules.claims import Claim, Claimant
from rules.model import Area, Window
from rules.season_profile import LEAST_YEARS, SeasonProfile

if TYPE_CHECKING:
    from jobs.counting.feeds import Feed
    from jobs.house import House
    from jobs.store.engine import Connection


def answer(house: House, query: Query) -> Answer:
    """Months of the calendar against an average month; without enough history, what there is and why not."""
    place = query.places[0] if query.places else scoping.home(house)
    area = house.geography[place.code]
    series = query.series or house.partnership.default_series
    title = f"{house.lexicon[series].title} in {area.name}: the months of the year"
    with house.store.read() as connection:
        near = scoping.near(connection, house, series, query, [area.code])
        found = _best(connection, house, near.reach, series, area)
        if found is None:
            return _no_months(title, house, series, area, query, near)
        feed, told = found
        scope = Scope(feed, told.window)
        foot = scoping.footer(connection, house, scope, area)
    lead = _season(told, told.profile, house.lexicon[series].title, area) if told.profile else _none(told)
    return Answer(
        title, (*lead, scoping.resolved(house, place)), table=_table(told, scope), footer=foot,
        claims=(*_claims(told, scope), *claimed.of_scope(feed, told.window, area)),
        pictures=season_chart(scope, told.profile, title, f"{series}-{area.code}") if told.profile else (),
        sources=(feed.source.id,), classification=scoping.classification(house, feed, series),
        suggestions=(f"trend {series} {area.name.lower()}", f"issue {series}"),
        state="ok" if told.profile else "no-history", suppressed=told.withheld,
        data=_data(told, scope, series, area),
    )  # fmt: skip


def _best(
    connection: Connection, house: House, reach: tuple[Feed, ...], series: str, area: Area
) -> tuple[Feed, Seasonal] | None:
    """The first monthly feed in which a season can be told, else the first one."""
    found = [(f, seasonal(connection, house, f, series, area.code)) for f in reach if f.span == 1]
    return next((pair for pair in found if pair[1].profile), found[0] if found else None)


def _no_months(title: str, house: House, series: str, area: Area, query: Query, near: scoping.Near) -> Answer:
    if not near.reach:
        return scoping.nothing(title, house, series, area, query, near)
    short = " and ".join(dict.fromkeys(f.source.short for f in near.reach))
    said = f"{short} gives whole years of it and no months: a season cannot be told."
    return Answer(title, (said,), suggestions=(f"trend {series} {area.name.lower()}",), state="empty")


def _season(told: Seasonal, profile: SeasonProfile, name: str, area: Area) -> list[str]:
    where = f"{name} in {area.name}"
    years = words.plural(profile.years, "year")
    behind = f"{profile.window.words}, every month seen in at least {years}"
    if profile.peaks:
        lines = [f"{where} is usually high in {_names(profile.peaks)} ({behind})."]
    else:
        lines = [f"{where}: no month of the year is clearly high ({behind})."]
    if profile.lows:
        lines.append(f"It is usually low in {_names(profile.lows)}.")
    for month in told.months:
        if month.number in profile.peaks and month.events:
            held = "; ".join(f"{event} (in {times} of {month.seen})" for event, times in month.events[:3])
            lines.append(f"In the event calendar for {_name(month.number)}: {held}. {words.NO_REASON}")
    return [*lines, *_breaks(told)]


def _none(told: Seasonal) -> list[str]:
    lines = [
        "Not enough history to tell a season. That takes three whole years: every month of the year seen in "
        f"{LEAST_YEARS} years, with half a year before and after it. There are "
        f"{words.plural(told.known, 'month')} with a count, {told.window.words}."
    ]
    if told.withheld:
        lines.append(f"Of {words.plural(told.withheld, 'month')} the count is withheld or not known.")
    lines += _breaks(told)
    if told.highest is not None:
        month, count = told.highest
        lines.append(f"The highest month so far is {month.words}: {count:,} recorded.")
        if told.events_then:
            lines.append(
                f"In the event calendar for that month: {'; '.join(told.events_then)}. {words.NO_REASON}"
            )
    return lines


def _breaks(told: Seasonal) -> list[str]:
    return [
        f"Left out: {b.title}."
        if b.mask != "straddle"
        else f"Counted from {b.first.words} on only: {words.sentence(b.title)}"
        for b in told.breaks
    ]


def _table(told: Seasonal, scope: Scope) -> Table | None:
    short, profile = scope.feed.source.short, told.profile
    if profile is None:
        rows = tuple((_name(m.number), f"{m.seen}", f"{m.lowest:,}", f"{m.highest:,}") for m in told.months)
        caption = f"what was recorded, {told.window.words}, {short}"
        columns = ("Years", "Lowest", "Highest")
        return Table(caption, (("Month", "left"), *((c, "right") for c in columns)), rows) if rows else None
    marks = dict.fromkeys(profile.peaks, "high") | dict.fromkeys(profile.lows, "low")
    return Table(
        f"index: an average month is 100; {profile.window.words}, {short}",
        (("Month", "left"), ("Index", "right"), ("Above average in", "left"), ("", "left")),
        tuple(
            (_name(i + 1), f"{100 * factor:.0f}", f"{above} of {seen} years", marks.get(i + 1, ""))
            for i, (factor, above, seen) in enumerate(
                zip(profile.factors, profile.above, profile.seen, strict=True)
            )
        ),
    )  # fmt: skip


def _claims(told: Seasonal, scope: Scope) -> tuple[Claim, ...]:
    made = Claimant(scope.feed.source.id, told.window)
    made.count("months with a count", told.known)
    made.count("months withheld or not known", told.withheld)
    made.count("years that every month must be seen in", LEAST_YEARS)
    for m in told.months:
        name = _name(m.number)
        made.count(f"{name}: years", m.seen)
        made.count(f"{name}: lowest", m.lowest)
        made.count(f"{name}: highest", m.highest)
        for event, times in m.events:
            made.count(f"{name}: years with {event}", times)
    if told.highest is not None:
        made.count("highest month", told.highest[1], Window(told.highest[0], told.highest[0]))
    if (profile := told.profile) is not None:
        made.modelled("an average month", 100.0, "an index: what an average month of its time is called")
        made.count("years behind every month", profile.years, profile.window)
        for i, factor in enumerate(profile.factors):
            name = _name(i + 1)
            made.modelled(f"{name}: index", 100 * factor, "ratio to a centred average year", profile.window)
            made.count(f"{name}: years seen", profile.seen[i], profile.window)
            made.count(f"{name}: years above average", profile.above[i], profile.window)
    return tuple(made.made)


def _data(told: Seasonal, scope: Scope, series: str, area: Area) -> dict[str, object]:
    profile = told.profile
    return {
        "series": series, "area": area.code, "area_name": area.name, "source": scope.feed.source.id,
        "window": str(told.window), "peaks": list(profile.peaks) if profile else None,
        "lows": list(profile.lows) if profile else None, "years": profile.years if profile else None,
        "p": profile.p if profile else None,
        "index": [round(100 * f, 1) for f in profile.factors] if profile else None,
        "months": [vars(m) for m in told.months], "breaks": [b.id for b in told.breaks],
    }  # fmt: skip


def _name(number: int) -> str:
    return words.calendar_month(number)


def _names(numbers: tuple[int, ...]) -> str:
    """`May`, `May and June`, `May, June and July`."""
    return words.listed(map(_name, numbers))
