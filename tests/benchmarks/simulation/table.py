"""The measured rates as Markdown, with the goals beside them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tests.benchmarks.simulation.goals import AUTO, festival, from_ten, goals, of_size, ordinary
from tests.benchmarks.simulation.measure import Pick, Results
from tests.benchmarks.simulation.scenarios import DISPERSIONS, SCENARIOS, Kind


@dataclass(frozen=True)
class Report:
    """Everything one run measured."""

    counties: int
    seed: int
    months: Results
    contaminated: Results
    sustained: Results
    notes: Sequence[str] = field(default=())

    @property
    def text(self) -> str:
        """All tables."""
        parts = [_intro(self), _months(self.months), _kinds(self.months), _stained(self.contaminated)]
        return "\n\n".join(
            [*parts, _sums(self.sustained), _goals(self), "\n".join(f"- {n}" for n in self.notes)]
        )


def _intro(report: Report) -> str:
    series = len(SCENARIOS) * report.counties
    return (
        f"{series:,} simulated series ({len(SCENARIOS)} scenarios in {report.counties:,} counties, "
        f"seed {report.seed}); one-sided alpha .005 on mid-p; per cent of series. False alarms: nothing "
        "happened. Power: a Poisson outbreak of 3 or 5 standard deviations in the month judged. Means "
        "0.3-100, dispersion 1-5, county seasons, trends of -0.5 to +1 % a month, levels that wander 3 % a "
        "month, seasons of their own (12 %), festivals that treble a month. Below 60 months the festival is "
        "in the event calendar, which only auto, share and both read."
    )


def _months(results: Results) -> str:
    head = (
        "rule", "months of history", "false alarms, mean 0.3-1", "3-10", "30-100", "ordinary festival June",
        "power 3 / 5 sigma, mean 10", "30-100", "rings when the whole county has +18 %, 30-100",
    )  # fmt: skip
    rows = []
    for (name, history), rang in results.items():
        falses = [
            rang.percent("none", p) for p in (of_size("sparse"), of_size("mid"), of_size("high"), festival)
        ]
        powers = [
            f"{_whole(rang.percent('3', p))} / {_whole(rang.percent('5', p))}"
            for p in (lambda s: ordinary(s) and s.mean == 10, of_size("high"))
        ]
        wide = _whole(rang.percent("county", of_size("high")))
        rows.append((name, str(history), *map(_percent, falses), *powers, wide))
    return _table(head, rows)


def _kinds(results: Results) -> str:
    picks: list[tuple[str, Pick]] = [(f"steady, dispersion {phi:g}", _steady(phi)) for phi in DISPERSIONS]
    picks += [
        ("rising 0.5-1 % a month", lambda s: s.trend > 0 and s.kind == "trend"),
        ("falling 0.5 % a month", lambda s: s.trend < 0),
    ]
    names: tuple[Kind, ...] = ("drift", "own season", "all at once")
    picks += [(kind, _of_kind(kind)) for kind in names]
    rows = [
        (
            f"{history} months",
            *(f"{_percent(rang.percent('none', p))} / {_whole(rang.percent('5', p))}" for _, p in picks),
        )
        for (name, history), rang in results.items()
        if name == AUTO
    ]
    head = ("auto by kind, means >= 3: false alarms / power at 5 sigma", *(title for title, _ in picks))
    return _table(head, rows)


def _steady(phi: float) -> Pick:
    return lambda s: s.kind == "steady" and s.phi == phi and s.mean >= 3


def _of_kind(kind: Kind) -> Pick:
    return lambda s: s.kind == kind


def _stained(results: Results) -> str:
    head = (
        "six-sigma event in the same month of last year, means >= 10: power at 5 sigma",
        "months of history", "clean", "event month masked", "event not known",
    )  # fmt: skip
    rows = [
        (
            name,
            str(history),
            *(_whole(rang.percent(case, from_ten)) for case in ("clean", "masked", "unknown")),
        )
        for (name, history), rang in results.items()
    ]
    return _table(head, rows)


_SUMS = (
    "Sums as the shipped rule `sustained-rise` looks at them: of 3, 6 and 12 months, at the end of every "
    "month of a year. A look: the part of these 36 that rang. A year: the part of the series in which any "
    "of them did; a rise is found when one did until the end of its twelfth month. A level that drifts by "
    "3 % a month, or rises by 0.5-1 % a month all the time, counts as unchanged."
)


def _sums(results: Results) -> str:
    def plain(mean: float, phi: float | None = None) -> Pick:
        kinds = ("steady", "own season")
        return lambda s: s.kind in kinds and s.mean == mean and phi in (None, s.phi)

    picks: list[tuple[str, Pick]] = [("mean 3", plain(3.0))]
    picks += [(f"mean 10, dispersion {phi:g}", plain(10.0, phi)) for phi in DISPERSIONS]
    picks += [("mean 30", plain(30.0)), ("mean 100", plain(100.0))]
    picks += [
        ("drift", _of_kind("drift")),
        ("rising 0.5-1 % a month", lambda s: s.kind == "trend" and s.trend > 0),
    ]
    picks += [("festival", festival)]
    head = (
        "sustained rise, .002 a sum unless it says .005: false alarms / +44 % found",
        "months before the rise",
        *(title for title, _ in picks),
    )  # fmt: skip
    rows = [
        (
            name,
            str(before),
            *(f"{_percent(r.percent('none', p))} / {_whole(r.percent('rise', p))}" for _, p in picks),
        )
        for (name, before), r in results.items()
    ]
    return f"{_SUMS}\n\n{_table(head, rows)}"


def _goals(report: Report) -> str:
    rows = [
        (goal, f"{value:.2f} %" if value < 10 else f"{value:.1f} %", "yes" if met else "**no**")
        for goal, value, met in goals(report.months, report.contaminated, report.sustained)
    ]
    return _table(("goal", "measured", "met"), rows)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _percent(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _whole(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.0f}"
