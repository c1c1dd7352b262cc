"""One figure of one feed with the window before it: what cards and cells are made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from jobs.counting.feeds import Feed, by_unit, prints
from jobs.counting.trends import broken_between
from jobs.figures.sums import recorded
from jobs.house import House
from jobs.store.engine import Connection
from rules.model import AreaKind, Month, Window

Told = float | None  # a count; NaN = withheld; None = the source gives none


@dataclass(frozen=True)
class Figure:
    """A series of one feed in one area and window, and in the window before where that can be compared."""

    series: str
    feed: Feed
    window: Window
    count: Told
    before: Told
    broken: str = ""  # title of a registered break between the two

    @property
    def base(self) -> Window:
        """The window of the same length just before."""
        return Window.ending(self.window.first + -1, self.window.months)


def figure(
    connection: Connection, house: House, feed: Feed, series: str, window: Window, area: str
) -> Figure:
    """What the feed has for the area; `before` is None unless both windows were published in full."""
    base = Window.ending(window.first + -1, window.months)
    known = broken_between(house, series, area, base, window)
    comparable = known is None and feed.covers(window) and feed.covers(base)
    return Figure(
        series, feed, window, _sum(connection, feed, window, area),
        _sum(connection, feed, base, area) if comparable else None, known.title if known else "",
    )  # fmt: skip


def _sum(connection: Connection, feed: Feed, window: Window, area: str) -> Told:
    if not prints(connection, feed, [area]):
        return None
    if not _published(feed, window) and feed.span == 1:
        return None
    return recorded(connection, feed, window, area)


def cells(connection: Connection, feed: Feed, window: Window, codes: Iterable[str]) -> dict[str, Told]:
    """Counts of areas: of LSOAs those a table printed, or of a monthly source that counts by LSOA all, zeros
    too; of larger areas what the source has for the whole of each."""
    areas, wanted = feed.geography.areas, sorted(set(codes))
    wide = [c for c in wanted if c in areas and areas[c].kind is not AreaKind.LSOA]
    small = [c for c in wanted if c not in wide]
    counts = by_unit(connection, feed, window, small)
    found: dict[str, Told] = {str(c): float(n) for c, n in counts.items()}
    if feed.span == 1 and prints(connection, feed, small):
        found = {code: found.get(code, 0.0) for code in (*small, *found)}
    return found | {c: _sum(connection, feed, window, c) for c in wide}


def beside(
    connection: Connection, found: Sequence[Feed], main: Feed, window: Window, areas: Iterable[str]
) -> Feed | None:
    """The first feed that speaks for one of the areas and for the very months that the main one does."""
    wanted = list(areas)
    months = _published(main, window)
    for feed in found:
        same = _published(feed, window) == months if feed.span == main.span == 1 else feed.covers(window)
        if same and prints(connection, feed, wanted):
            return feed
    return None


def _published(feed: Feed, window: Window) -> list[Month]:
    return [m for m in feed.months if m in window]
