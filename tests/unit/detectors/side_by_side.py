"""A county of LSOAs side by side, ours first, on a strip where each touches the next. All counts invented."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from rules.book import parse_rule
from rules.context import Context
from rules.engine import evaluate
from rules.findings import Finding
from rules.model import Area, AreaKind, Classification, Cube, Event, Month, Polarity, Series

LIBRARY = Path(__file__).resolve().parents[3] / "rules" / "library"
RULES = (
    "adjacent-cluster", "area-hotspot-band", "area-new-entrant", "area-rise", "concentration",
    "multi-theme-area", "rate-extreme",
)  # fmt: skip
Floats = npt.NDArray[np.float64]
FIRST = Month(2009, 10)  # three years end in September 2012
LAST = FIRST + 35
HOME, ALL = 58, 396


def county(
    counts: Mapping[str, Floats],
    *,
    home: int = HOME,
    names: Mapping[int, str] | None = None,
    residents: Floats | None = None,
    visitors: Mapping[int, str] | None = None,
    events: Sequence[Event] = (),
) -> tuple[Cube, Context]:
    """series -> (LSOAs, months); the first `home` LSOAs are our district."""
    small = np.array(list(counts.values()))
    n = small.shape[1]
    codes = [f"L{i:03}" for i in range(n)]
    named, who = names or {}, visitors or {}
    areas = {
        c: Area(c, named.get(i, c), AreaKind.LSOA, frozenset({c}), visitor=who.get(i, ""))
        for i, c in enumerate(codes)
    }
    areas["ours"] = Area("ours", "Ours", AreaKind.DISTRICT, frozenset(codes[:home]))
    areas["site"] = Area("site", "The park", AreaKind.SITE, frozenset(codes[:1]))
    areas["county"] = Area("county", "The county", AreaKind.COUNTY, frozenset(codes))
    whole = np.stack([small[:, :home].sum(axis=1), small.sum(axis=1)], axis=1)
    cube = Cube(
        tuple(counts), (*codes, "ours", "county"), FIRST, np.concatenate([small, whole], axis=1),
        np.zeros((len(counts), small.shape[2])),
    )  # fmt: skip
    series = {s: Series(s, s, None, Polarity.BAD, 1, Classification.PUBLIC, 0, s) for s in counts}
    near = {c: frozenset(codes[max(i - 1, 0) : i] + codes[i + 1 : i + 2]) for i, c in enumerate(codes)}
    people = residents if residents is not None else np.full(n, 1600.0)
    return cube, Context(
        areas, series, "ours", "county", tuple(events), neighbours=near,
        people=dict(zip(codes, people.tolist(), strict=True)),
    )  # fmt: skip


def ring(rules: str | Sequence[str], cube: Cube, context: Context) -> tuple[Finding, ...]:
    """What one shipped rule, or several, find in the last month."""
    paths = [LIBRARY / f"{r}.toml" for r in ([rules] if isinstance(rules, str) else rules)]
    return evaluate([parse_rule(p.read_text(encoding="utf-8"), p) for p in paths], cube, cube.last, context)


def level(yearly: float, areas: int = ALL, months: int = 36) -> Floats:
    """Every LSOA at the same annual figure, spread over its months as whole numbers."""
    ends = np.floor(yearly / 12 * np.arange(months + 1) + 0.5)
    return np.tile(np.diff(ends), (areas, 1))


def years(*totals: int) -> Floats:
    """One LSOA, one year after the other."""
    return np.concatenate([level(total, 1, 12)[0] for total in totals])


def noise(seed: int, mean: Floats, series: int = 1, spread: float = 1.0) -> Floats:
    """Counts without a change: (series, LSOAs, 36 months), with a season everybody shares."""
    rng = np.random.default_rng(seed)
    season = 1 + 0.2 * np.sin(2 * np.pi * np.arange(36) / 12)
    mu = np.broadcast_to(mean[None, :, None] * season, (series, len(mean), 36))
    if spread > 1:
        return rng.negative_binomial(mu / (spread - 1), 1 / spread).astype(float)
    return rng.poisson(mu).astype(float)
