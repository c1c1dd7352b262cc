"""Facts for tests. EVERY FIGURE HERE IS MADE UP, and so are the months: they describe no real place."""

from __future__ import annotations

import datetime as dt

from jobs.facts import (
    AlertFacts,
    DigestFacts,
    EventFacts,
    HotArea,
    LateFacts,
    PeerFacts,
    Point,
    ReportFacts,
    Scoreboard,
    SeasonFacts,
    SourceFacts,
    TargetFacts,
)
from rules.model import Polarity, Verdict
from rules.month import Month

POLICE = SourceFacts(
    id="police",
    title="Street-level crime (police.uk)",
    short="police.uk",
    licence="Open Government Licence v3.0",
    attribution="Contains public sector information licensed under the Open Government Licence v3.0",
    classification="public",
    invented=False,
    last_month="2022-06",
    received=dt.date(2022, 8, 3),
    months=36,
    revised=("2022-04",),
    rows=30_000,
    unlocated=41,
    last_rows=812,
)
FIRE = SourceFacts(
    id="fire",
    title="Fire service incidents (sample)",
    short="fire sample",
    licence="CC0",
    attribution="",
    classification="partner",
    invented=True,
    last_month="2022-03",
    received=dt.date(2022, 5, 9),
    months=27,
    late="2022-05",
    rows=520,
    unlocated=1,
    last_rows=19,
)
FLYTIPS = SourceFacts(
    id="flytipping",
    title="Fly-tips reported to the council",
    short="council",
    licence="Open Government Licence v3.0",
    attribution="",
    classification="public",
    invented=False,
    last_month="2022-06",
    received=dt.date(2022, 7, 11),
    edition=2,
    months=60,
    gaps=("2020-04..2020-05",),
)


def points(
    last: str = "2022-06",
    months: int = 36,
    level: int = 14,
    final: int | None = 41,
    missing: tuple[int, ...] = (),
    marks: dict[int, str] | None = None,
) -> tuple[Point, ...]:
    """A made-up history: a gentle season around `level`, the last month as given."""
    first = Month.parse(last) + (1 - months)
    wave = (0, -2, -1, 1, 2, 4, 3, 1, 0, 2, -3, -1)
    found = []
    for i in range(months):
        month = first + i
        expected = max(level + wave[month.number - 1], 1)
        count = expected + (i * 7 % 5) - 2 if i != months - 1 else final
        found.append(
            Point(
                str(month),
                None if i in missing else None if count is None else max(count, 0),
                float(expected),
                max(expected - 2.2 * expected**0.5, 0.0),
                expected + 2.2 * expected**0.5,
                (marks or {}).get(i, ""),
            )
        )
    return tuple(found)


def alert(**changes: object) -> AlertFacts:
    """One made-up alert; any field may be replaced."""
    values: dict[str, object] = {
        "id": "A-2022-06-03",
        "revision": 2,
        "rule": "month-spike",
        "rule_version": 3,
        "rule_title": "A month far above usual",
        "why": "A single month far above its own level deserves a look.",
        "severity": 3,
        "status": "new",
        "months_running": 1,
        "series": "theft-from-person",
        "series_title": "Theft from the person",
        "polarity": Polarity.BAD,
        "area": "X01000001",
        "area_name": "Sampleton North",
        "area_kind": "lsoa",
        "visitor": "",
        "month": "2022-06",
        "count": 41,
        "expected": 17.6,
        "lower": 8.9,
        "upper": 27.3,
        "p": 0.0000004,
        "verdict": Verdict.MUCH_HIGHER,
        "direction": "rise",
        "basis": "here",
        "baseline_months": 33,
        "baseline_first": "2019-06",
        "baseline_last": "2022-02",
        "confidence": "normal",
        "scope": "local",
        "rolling": 212,
        "rolling_before": 165,
        "event": "",
        "caveats": (),
        "source": POLICE,
        "extract_sha256": "0123456789abcdef" * 4,
        "history": points(),
        "district_count": 58,
    }
    return AlertFacts(**(values | changes))  # type: ignore[arg-type]


def fall(**changes: object) -> AlertFacts:
    """A made-up fall."""
    values: dict[str, object] = {
        "id": "A-2022-06-04",
        "series": "fly-tipping",
        "series_title": "Fly-tipping",
        "area_name": "Samplethorpe",
        "severity": 1,
        "direction": "fall",
        "count": 6,
        "expected": 19.0,
        "lower": 10.4,
        "upper": 29.9,
        "p": 0.002,
        "verdict": Verdict.LOWER,
        "history": points(final=6),
        "source": FLYTIPS,
        "rolling": 190,
        "rolling_before": 231,
    }
    return alert(**(values | changes))


def late() -> LateFacts:
    """A made-up late source."""
    return LateFacts(FIRE, "2022-05", dt.date(2022, 8, 14))


def board(title: str, **changes: object) -> Scoreboard:
    """A made-up line of the digest."""
    values: dict[str, object] = {
        "series": title.lower().replace(" ", "-"),
        "title": title,
        "polarity": Polarity.BAD,
        "month_count": 41,
        "expected": 34.0,
        "lower": 22.5,
        "upper": 46.5,
        "verdict": Verdict.USUAL,
        "rolling": 402,
        "rolling_before": 391,
        "source": "police",
        "history": points(level=34, final=41),
    }
    return Scoreboard(**(values | changes))  # type: ignore[arg-type]


def unconnected(title: str, narrative: str = "") -> Scoreboard:
    """A priority without figures: nothing connected, or the partnership's own words."""
    return board(
        title, month_count=None, expected=None, lower=None, upper=None, verdict=Verdict.NO_HISTORY,
        rolling=None, rolling_before=None, source="", narrative=narrative, history=(),
    )  # fmt: skip


def hot(rank: int, name: str, count: int, **changes: object) -> HotArea:
    """A made-up line of the ranking of areas."""
    values: dict[str, object] = {
        "code": f"X0100{rank:04d}",
        "name": name,
        "count": count,
        "people": 1500.0,
        "people_basis": "residents, mid-2020",
        "rate": 1000 * count / 1500.0,
        "band": "above average",
        "before": count - 7,
        "rank": rank,
        "rank_before": rank,
    }
    return HotArea(**(values | changes))  # type: ignore[arg-type]


HOT = (
    hot(1, "Sampleton Centre", 431, band="very significantly high", rank_before=1),
    hot(
        2,
        "Samplethorpe Park",
        240,
        band="very significantly high",
        rank_before=5,
        visitor="festival visitors",
    ),
    hot(3, "Madeup Market", 198, band="significantly high", rank_before=2),
    hot(4, "Sampleton North", 171, band="significantly high", rank_before=None, before=None),
    hot(5, "Upper Fictionby", 22, people=None, rate=None, people_basis="", rank_before=4, before=19),
)


def season(**changes: object) -> SeasonFacts:
    """A made-up series with a season."""
    values: dict[str, object] = {
        "series": "burglary", "title": "Burglary", "source": "police", "months": ("2022-11", "2022-12"),
        "factors": (1.31, 1.24), "years": 4, "window": "2016-01..2021-12",
    }  # fmt: skip
    return SeasonFacts(**(values | changes))  # type: ignore[arg-type]


def report(**changes: object) -> ReportFacts:
    """Made-up reports that are wanted."""
    values: dict[str, object] = {
        "series": "hate", "title": "Hate crime and incidents", "source": "police", "period": "2022-06",
        "count": 17, "lower": 6.4, "upper": 19.5, "verdict": Verdict.USUAL, "year": "2021-07..2022-06",
        "rolling": 171, "rolling_before": 122,
    }  # fmt: skip
    return ReportFacts(**(values | changes))  # type: ignore[arg-type]


def target(**changes: object) -> TargetFacts:
    """A made-up promise a quarter of the way."""
    values: dict[str, object] = {
        "id": "plan", "title": "Burglary down a tenth", "series": "burglary",
        "area_name": "Sample District", "source": "police", "direction": "decrease",
        "window": "2022-04..2023-03", "so_far": "2022-04..2022-06", "count": 141, "goal": 450.0,
        "due": 112.5, "projected": 564.0, "low": 481.0, "high": 655.0,
    }  # fmt: skip
    return TargetFacts(**(values | changes))  # type: ignore[arg-type]


def peer(title: str = "Recorded crime", **changes: object) -> PeerFacts:
    """A made-up place among the districts."""
    values: dict[str, object] = {
        "series": "total", "title": title, "source": "police", "window": "2021-07..2022-06", "rank": 3,
        "of": 8, "low": 2, "high": 5, "rank_before": 4, "count": 8312, "people": 104_000.0,
    }  # fmt: skip
    return PeerFacts(**(values | changes))  # type: ignore[arg-type]


def event(name: str = "Sample Fair", **changes: object) -> EventFacts:
    """A made-up happening."""
    values: dict[str, object] = {
        "name": name, "area_name": "Sampleton", "month": "2022-06", "held": True,
        "first": dt.date(2022, 6, 11), "last": dt.date(2022, 6, 11), "verified": True,
    }  # fmt: skip
    return EventFacts(**(values | changes))  # type: ignore[arg-type]


AHEAD = (
    event("Sample Races", month="2022-08", first=dt.date(2022, 8, 30), last=dt.date(2022, 9, 2)),
    event("Sample Lights", month="2022-11", first=None, last=None, verified=False),
    event(
        "Sample Market", month="2022-12", held=False, first=dt.date(2022, 12, 3), last=dt.date(2022, 12, 4)
    ),
)


def digest(**changes: object) -> DigestFacts:
    """A made-up month."""
    values: dict[str, object] = {
        "month": "2022-06",
        "partnership": "Sample Community Safety Partnership",
        "district_name": "Sample District",
        "generated": dt.date(2022, 8, 5),
        "contact": "community.safety@example.org",
        "headline": board(
            "Recorded crime", month_count=742, expected=701.0, lower=622.4, upper=784.8,
            rolling=8312, rolling_before=8534,
            history=points(level=700, final=742, marks={35: "Sample Fair"}),
        ),
        "sources": (POLICE, FIRE, FLYTIPS),
        "priorities": (
            board("Violence", month_count=212, lower=171.2, upper=206.0, verdict=Verdict.HIGHER, rolling=2391,
                  rolling_before=2117),
            unconnected("Domestic abuse"),
            unconnected("Night-time economy", "Two licensing visits in June; a joint patrol plan is agreed."),
            unconnected("Exploitation", "No update this month."),
            unconnected("Road safety"),
        ),
        "unusual": (
            alert(event="Sample Fair, 11 June 2022"),
            alert(id="A-2022-06-05", series_title="Violence", area_name="Sampleton", severity=2, count=37,
                  lower=18.2, upper=33.4, verdict=Verdict.HIGHER, status="continuing", months_running=3),
            fall(),
            fall(id="A-2022-06-06", series_title="Burglary", area_name="Madeup Market", count=1, lower=1.6,
                 upper=11.2, severity=1, source=POLICE),
            alert(id="A-2022-06-07", series_title="Deliberate fires", area_name="Samplethorpe", severity=2,
                  count=9, lower=0.4, upper=5.8, source=FIRE, month="2022-03", history=points("2022-03")),
        ),
        "breaks": ("Sample restrictions (March 2020 to June 2021)",),
        "more": 12,
        "hot_window": "2021-07..2022-06",
        "hot": HOT,
        "boxes": (
            board("Burglary"), board("Vehicle crime"), board("Shoplifting", polarity=Polarity.AMBIGUOUS),
            board("Anti-social behaviour", polarity=Polarity.AMBIGUOUS, month_count=18,
                  verdict=Verdict.LOWER),
            board("Fly-tipping", source="flytipping"), unconnected("Deliberate fires"),
        ),
        "ahead": (season(),), "seasons": 5, "ahead_window": "2022-07..2022-12",
        "reports": (report(), report(series="domestic", title="Domestic abuse", count=None, rolling=None)),
        "targets": (target(), target(id="met", title="Reports up", direction="increase", count=None)),
        "peers": (peer(), peer("Deliberate fires", source="fire", low=3, count=31)),
        "events": (event(),), "events_ahead": AHEAD,
        "open": (
            alert(owner="Sam", history=()), alert(id="A-2022-05-01", severity=2, status="continuing",
            months_running=2, acknowledged_by="Ann", acknowledged=dt.date(2022, 7, 1), history=()),
            fall(source=FIRE, history=()),
        ),
        "more_open": 4,
    }  # fmt: skip
    return DigestFacts(**(values | changes))  # type: ignore[arg-type]
