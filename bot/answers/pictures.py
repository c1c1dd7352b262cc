"""Pictures for answers: drawn only when a renderer asks, with alt text that carries the numbers."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from bot.message import Picture
from bot.words import files, short_month

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.answers.scope import Scope
    from jobs.counting.hot import HotList
    from jobs.facts import Point
    from jobs.house import House
    from rules.model import Area
    from rules.season_profile import SeasonProfile


def hot_map(house: House, scope: Scope, area: Area, hot: HotList, title: str) -> tuple[Picture, ...]:
    """The ranked areas on a map, by band; none where there is nothing to draw."""
    bands = {r.code: r.band for r in hot.rows if r.band}
    if not bands or area.kind.value == "lsoa":
        return ()
    labels = {r.code: str(r.rank) for r in hot.rows}
    described = {r.code: f"{r.rank}. {r.name} {r.count:,}" for r in hot.rows}
    return area_picture(house, scope, bands, labels, described, title, f"hotspots-{area.code}")


def area_picture(
    house: House,
    scope: Scope,
    bands: Mapping[str, str],
    labels: Mapping[str, str],
    described: Mapping[str, str],
    title: str,
    name: str,
) -> tuple[Picture, ...]:
    """A band map; `labels` stand on it, `described` in its alt text; none where there is nothing to draw."""
    if not bands:
        return ()
    from bot.pictures.maps import area_map, map_alt

    source = f"{scope.feed.source.short}, {scope.window.words}"
    draw = partial(area_map, house.geography.boundaries, bands, labels, title, source)
    alt = map_alt(bands, described, title, source)
    return (Picture(files(f"{name}-{scope.window.last}"), title, alt, draw),)


def trend_chart(scope: Scope, points: tuple[Point, ...], title: str, name: str) -> tuple[Picture, ...]:
    """Months with their usual range."""
    if not points:
        return ()
    from bot.pictures.charts import chart_alt, series_chart

    source = scope.feed.source.short
    draw = partial(series_chart, points, title, "recorded a month", source)
    stem = files(f"trend-{name}-{short_month(points[-1].month)}")
    return (Picture(stem, title, chart_alt(points, title, source), draw),)


def season_chart(scope: Scope, profile: SeasonProfile, title: str, name: str) -> tuple[Picture, ...]:
    """The twelve months of the year against an average month."""
    from bot.pictures.seasons import season_alt, season_bars

    source = f"{scope.feed.source.short}, {profile.window.words}"
    draw = partial(season_bars, profile, title, source)
    stem = files(f"season-{name}-{short_month(str(profile.window.last))}")
    return (Picture(stem, title, season_alt(profile, title, source), draw),)
