"""The claims behind what is printed: every figure of a message or answer with what it was computed from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from jobs.facts import (
    AlertFacts,
    DigestFacts,
    HotArea,
    PeerFacts,
    Point,
    ReportFacts,
    RollupFacts,
    Scoreboard,
    SeasonFacts,
    SourceFacts,
    TargetFacts,
)
from rules.claims import Claim, Claimant
from rules.model import Area, Month, Window

if TYPE_CHECKING:
    from jobs.counting.feeds import Feed


def of_alert(f: AlertFacts) -> tuple[Claim, ...]:
    """What an alert's message, its evidence and its line in the digest print; of its chart the months too."""
    told = Claimant(f.source.id, Window.parse(f.period))
    learned = Window.parse(f"{f.baseline_first}..{f.baseline_last}") if f.baseline_first else None
    if f.count is not None:
        told.count("count", f.count)
    expected(told, f.series_title, f.expected, f.lower, f.upper, learned)
    if f.count is not None and f.expected is not None:
        told.difference("excess", f.count, f.expected)
    if f.p is not None:
        told.modelled("p-value", f.p, "mid-p, one-sided", learned)
    told.count("baseline months", f.baseline_months, learned)
    told.count("months running", f.months_running)
    year = Window.ending(Month.parse(f.month), 12)
    compared(told, "last 12 months", f.rolling, f.rolling_before, year)
    if f.count is not None and f.district_count is not None and f.district_count >= max(f.count, 1):
        told.share("share of the district", f.count, f.district_count, "recorded in the district")
    for child in f.children:
        if child.count is not None:
            told.count(f"part: {child.area_name}", child.count, Window.parse(child.period))
        expected(told, f"part: {child.area_name}", child.expected, child.lower, child.upper, None)
        told.made.extend(child.claims if child.count is None else ())
    counted(told, "parts", f.parts)
    for what in ("notes", "useful", "known", "noise", "waiting_days"):
        told.count(what.replace("_", " "), getattr(f, what))
    gap = Month.parse(f.month) - Month.parse(f.baseline_last or f.month)
    told.count("months since the history ends", gap)
    return (*told.made, *f.claims, *of_source(f.source), *of_points(f.history, f.source.id))


def expected(
    told: Claimant,
    name: str,
    mean: float | None,
    lower: float | None,
    upper: float | None,
    learned: Window | None,
) -> None:
    """An expected count and the ends of its usual range, where they are known."""
    for what, value in (("expected", mean), ("usual, lower end", lower), ("usual, upper end", upper)):
        if value is not None:
            told.modelled(f"{name}: {what}", value, "what was recorded before", learned)


def compared(told: Claimant, name: str, new: int | None, old: int | None, window: Window) -> None:
    """A sum, and its change from the window of the same length just before."""
    base = Window.ending(window.first + -1, window.months)
    if new is not None:
        told.count(name, new, window)
    if old is not None:
        told.count(f"{name}: before", old, base)
    if new is not None and old is not None:
        told.difference(f"{name}: difference", new, old, window, base)
        told.change(f"{name}: change", new, old, window, base)


def counted(told: Claimant, name: str, things: Sequence[object], shown: Iterable[int] = (5,)) -> None:
    """How many things there are, and how many are more than a list of so many shows."""
    told.count(name, len(things))
    for most in shown:
        if len(things) > most:
            told.difference(f"{name} not shown", len(things), most)


def of_source(f: SourceFacts) -> tuple[Claim, ...]:
    """How fresh and whole a source is."""
    told = Claimant(f.id, Window.parse(f.last_month) if f.last_month else None)
    told.count("months published", f.months)
    if f.counted:
        told.count("rows", f.rows)
        told.count("rows set aside", f.quarantined)
        told.count("rows without a place", f.unlocated)
        told.count("rows of the last month", f.last_rows)
    told.count("files held", f.held)
    told.rank("edition", f.edition)
    if f.counted and f.last_rows >= max(f.unlocated, 1):
        told.share("share without a place", f.unlocated, f.last_rows, "rows of the last month")
    counted(told, "months revised", f.revised, (6,))
    counted(told, "gaps", f.gaps, (4,))
    return tuple(told.made)


def thresholds(told: Claimant, hidden: Iterable[str]) -> None:
    """The figure in `<5`, which stands in place of a smaller one."""
    for said in sorted({text for text in hidden if text.startswith("<")}):
        told.count("smallest figure told", int(said[1:]))


def of_points(points: Sequence[Point], source: str) -> tuple[Claim, ...]:
    """Every month of a chart; the usual range too, which its alt text and tables print."""
    told = Claimant(source)
    thresholds(told, (p.hidden for p in points))
    for p in points:
        month = Window.parse(p.month)
        if p.count is not None:
            told.count("recorded", p.count, month)
        for end, value in (("lower", p.lower), ("upper", p.upper)):
            if value is not None:
                told.modelled(f"usual in {month}, {end} end", value, "what was recorded before")
    return tuple(told.made)


def of_board(board: Scoreboard, month: Month) -> tuple[Claim, ...]:
    """One line of the digest: the month against usual, the year against the year before."""
    told = Claimant(board.source, Window(month, month))
    thresholds(told, [board.hidden])
    if board.month_count is not None:
        told.count(board.title, board.month_count)
    expected(told, board.title, board.expected, board.lower, board.upper, None)
    year = Window.ending(month, 12)
    compared(told, f"{board.title}: last 12 months", board.rolling, board.rolling_before, year)
    return (*told.made, *of_points(board.history, board.source))


def of_hot(rows: Iterable[HotArea], source: str, window: Window) -> tuple[Claim, ...]:
    """A ranking of areas: places, counts, rates and what moved."""
    told = Claimant(source, window)
    for row in rows:
        told.rank(f"{row.name}: rank", row.rank)
        compared(told, f"{row.name}: count", row.count, row.before, window)
        if row.people:
            told.rate(f"{row.name}: rate", row.count, row.people, row.people_basis)
        if row.rank_before is not None:
            told.difference(f"{row.name}: places moved", row.rank_before, row.rank)
    return tuple(told.made)


def of_lines(alerts: Iterable[AlertFacts]) -> tuple[Claim, ...]:
    """Alerts in a list: usual range and months running; the count has a claim of its own."""
    found: list[Claim] = []
    for f in alerts:
        told = Claimant(f.source.id, Window.parse(f.period))
        expected(told, f.id, f.expected, f.lower, f.upper, None)
        told.count(f"{f.id}: months running", f.months_running)
        found += (*told.made, *f.claims)  # its name may hold a figure: "3 areas of ..."
    return tuple(found)


def of_place(area: Area) -> tuple[Claim, ...]:
    """How many LSOAs a place is made of, as the answer says when it names the place."""
    return (Claimant("areas").count(f"LSOAs of {area.name}", len(area.units)),)


def of_scope(feed: Feed, window: Window, area: Area) -> tuple[Claim, ...]:
    """What is said around an answer: the place's LSOAs, and how many months asked for were published."""
    told = Claimant(feed.source.id, window)
    told.count("months published", len(feed.inside(window)))
    told.count("months asked for", window.months)
    return (*of_place(area), *told.made)


def of_feeds(known: Iterable[Feed]) -> tuple[Claim, ...]:
    """How many periods could answer instead."""
    return tuple(Claimant(f.source.id).count("periods", len(f.months)) for f in known)


def of_rollup(f: RollupFacts, named: int) -> tuple[Claim, ...]:
    """The line for what a channel's cap left over, `named` of them by name."""
    told = Claimant(f.source, Window.parse(f.month))
    told.count("lower signals", f.count)
    told.count("not named", max(len(f.names) - named, 0))
    return tuple(told.made)


def of_digest(facts: DigestFacts) -> tuple[Claim, ...]:
    """Every figure of a digest: its message, its thread, its page."""
    month, told = Month.parse(facts.month), Claimant("alerts", Window.parse(facts.month))
    rises = sum(item.direction == "rise" for item in facts.unusual)
    told.count("unusual, up", rises)
    told.count("unusual, down", len(facts.unusual) - rises)
    told.count("lower signals", facts.more)
    told.count("more open alerts", facts.more_open)
    told.count("series with a known season", facts.seasons)
    hot = of_hot(facts.hot, facts.headline.source, Window.parse(facts.hot_window))
    boards = [c for b in (facts.headline, *facts.priorities, *facts.boxes) for c in of_board(b, month)]
    alerts = [c for item in facts.unusual for c in of_alert(item)]
    held = [c for f in facts.open for c in of_alert(f)]
    sources = [c for s in facts.sources for c in of_source(s)]
    more = [c for f in facts.ahead for c in of_season(f)] + [c for f in facts.reports for c in of_report(f)]
    more += [c for f in facts.targets for c in of_target(f)] + [c for f in facts.peers for c in of_peers(f)]
    return (*told.made, *boards, *alerts, *hot, *sources, *held, *more)


def of_season(f: SeasonFacts) -> tuple[Claim, ...]:
    """How high the months ahead usually are, and how many years say so."""
    window = Window.parse(f.window)
    told = Claimant(f.source, window)
    told.count(f"{f.title}: years", f.years)
    for month, factor in zip(f.months, f.factors, strict=True):
        told.modelled(f"{f.title}: {month}", factor, "months against an average month", window)
    return tuple(told.made)


def of_report(f: ReportFacts) -> tuple[Claim, ...]:
    """A series of which more reports are wanted."""
    told = Claimant(f.source, Window.parse(f.period))
    if f.count is not None:
        told.count(f.title, f.count)
    expected(told, f.title, None, f.lower, f.upper, None)
    compared(told, f"{f.title}: 12 months", f.rolling, f.rolling_before, Window.parse(f.year))
    return tuple(told.made)


def of_target(f: TargetFacts) -> tuple[Claim, ...]:
    """A target: what stands there, what is wanted, where it is going."""
    told = Claimant(f.source, Window.parse(f.so_far))
    if f.count is not None and f.goal is not None:
        told.count(f"{f.id}: so far", f.count)
        told.count(f"{f.id}: target", f.goal, Window.parse(f.window))
    modelled = (("needed by now", f.due), ("projection", f.projected), ("lower", f.low), ("upper", f.high))
    for name, value in modelled:
        if value is not None:
            told.modelled(f"{f.id}: {name}", value, "the count so far carried on")
    return tuple(told.made)


def of_peers(f: PeerFacts) -> tuple[Claim, ...]:
    """The district's rate and rank among the districts."""
    told = Claimant(f.source, Window.parse(f.window))
    told.count(f"{f.title}: count", f.count)
    told.rate(f"{f.title}: rate", f.count, f.people, "residents")
    for name, rank in (("rank", f.rank), ("lowest rank", f.low), ("highest rank", f.high)):
        told.rank(f"{f.title}: {name}", rank, f.of)
    before = Window.ending(told.window.first + -1, 12) if told.window else None
    if f.rank_before is not None:
        told.rank(f"{f.title}: rank before", f.rank_before, f.of, before)
    return tuple(told.made)
