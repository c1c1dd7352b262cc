"""Charts of monthly counts as PNG, readable on a phone, and the alt text that carries their numbers.

matplotlib is imported when the first chart is drawn, not before.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.pictures.chart_words import chart_alt, event_spans, label_rows, label_width, short_label, tallest
from bot.words import number, short_month, short_period
from jobs.facts import Point
from rules.month import Month

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["chart_alt", "series_chart"]

_ROW = 0.05  # height of a row of event labels, as a fraction of the picture
_LEFT, _BOTTOM, _WIDTH = 0.075, 0.175, 0.90


def series_chart(
    points: Sequence[Point],
    title: str,
    unit: str,
    source_line: str,
    *,
    judged: str | None = None,
    span: int = 1,
) -> bytes:
    """A PNG of 1280 x 800: line with dots, the usual range as a band, missing months as hatched gaps.

    `judged` (default: the last month) is marked by a diamond and its count; counts outside the usual range
    are triangles pointing up or down. `span`: how many months each count covers, ending with its month (12
    for annual tables). Equal input gives equal bytes. ValueError without points.
    """
    from bot.pictures import canvas

    if not points:
        raise ValueError("a chart needs at least one month")
    figure = canvas.sheet(6.4, 4.0)
    spans = event_spans(points)
    rows = label_rows(spans, len(points))
    drawn = [r for r in rows if r is not None]
    ceiling = canvas.heading(figure, title, _key(points, unit, len(rows) - len(drawn)))
    height = ceiling - 0.03 - _ROW * (1 + max(drawn, default=-1)) - _BOTTOM
    axes = figure.add_axes((_LEFT, _BOTTOM, _WIDTH, height))
    _band(axes, points)
    _counts(axes, points)
    _gaps(axes, points)
    _judge(axes, points, judged or points[-1].month, span)
    _scale(axes, points)
    for (first, last, text), row in zip(spans, rows, strict=True):
        _mark(axes, first, last)
        if row is not None:
            _label(axes, first, last, text, 1 + (0.5 + row) * _ROW / height, len(points))
    canvas.bare(axes)
    known = next((p.month for p in reversed(points) if p.count is not None), points[-1].month)
    canvas.footing(figure, f"Source: {source_line.rstrip('.')}. Data to {short_month(known)}.")
    return canvas.png(figure)


def _key(points: Sequence[Point], unit: str, left_off: int) -> str:
    key = [unit]
    if any(p.upper is not None for p in points):
        key.append("shaded: usual range; ▲▼ outside it")
    if any(p.count is None for p in points):
        key.append("hatched: not published")
    if left_off:
        key.append(f"{left_off} dotted lines without a name")
    return " · ".join([*key, "◆ judged"])


def _band(axes: Axes, points: Sequence[Point]) -> None:
    from bot.pictures import canvas

    for i, p in enumerate(points):
        if p.lower is not None and p.upper is not None:
            axes.fill_between([i - 0.5, i + 0.5], p.lower, p.upper, color=canvas.BAND, linewidth=0, zorder=1)


def _counts(axes: Axes, points: Sequence[Point]) -> None:
    from bot.pictures import canvas

    values = [float("nan") if p.count is None else float(p.count) for p in points]
    axes.plot(range(len(points)), values, color=canvas.LINE, linewidth=1.4, zorder=3)
    size = 4.2 if len(points) <= 40 else 2.6
    for shape in ("o", "^", "v"):
        chosen = [i for i, p in enumerate(points) if _shape(p) == shape]
        axes.plot(
            chosen, [values[i] for i in chosen], linestyle="none", marker=shape, color=canvas.LINE, zorder=4,
            markersize=size if shape == "o" else size * 1.7, markeredgecolor=canvas.PAPER,
            markeredgewidth=0.6, clip_on=False,
        )  # fmt: skip


def _shape(p: Point) -> str:
    """A triangle outside the usual range: the verdict must survive a print without colour."""
    if p.count is None:
        return ""
    if p.upper is not None and p.count > p.upper:
        return "^"
    return "v" if p.lower is not None and p.count < p.lower else "o"


def _gaps(axes: Axes, points: Sequence[Point]) -> None:
    """Months that were not published: hatched from top to bottom, so that nobody reads a zero."""
    for i, p in enumerate(points):
        if p.count is None:
            where = (i - 0.5, i + 0.5)
            axes.axvspan(*where, facecolor="none", edgecolor="#b9c2cd", hatch="////", linewidth=0, zorder=0)


def _judge(axes: Axes, points: Sequence[Point], month: str, span: int) -> None:
    from bot.pictures import canvas

    for i, p in enumerate(points):
        if p.month != month or p.count is None:
            continue
        axes.plot(
            [i], [p.count], marker="D", markersize=8, color=canvas.JUDGED, markeredgecolor=canvas.PAPER,
            zorder=6, clip_on=False,
        )  # fmt: skip
        right = i > len(points) / 2
        axes.annotate(
            f"{number(p.count)} in {short_period(month, span)}", (i, p.count), xytext=(6 if right else -6, 7),
            textcoords="offset points", ha="right" if right else "left", va="bottom", size=9.5,
            weight="bold", color=canvas.JUDGED, family=canvas.FONT, zorder=7,
            bbox={"facecolor": canvas.PAPER, "alpha": 0.75, "edgecolor": "none", "pad": 0.8},
        )  # fmt: skip


def _mark(axes: Axes, first: int, last: int) -> None:
    from bot.pictures import canvas

    if last > first:
        axes.axvspan(first - 0.5, last + 0.5, color="#f3ead2", zorder=0, linewidth=0)
    else:
        axes.axvline(first, color=canvas.QUIET, linestyle=(0, (1, 2)), linewidth=0.9, zorder=1)


def _label(axes: Axes, first: int, last: int, text: str, height: float, months: int) -> None:
    from bot.pictures import canvas

    half = label_width(text, months) / 2
    middle = min(max((first + last) / 2, half - 0.6), months - 0.4 - half)
    canvas.write(axes, middle, height, short_label(text), transform=axes.get_xaxis_transform())


def _scale(axes: Axes, points: Sequence[Point]) -> None:
    """Zero at the bottom, whole numbers upwards, quarters, half-years or Januaries along."""
    from matplotlib.ticker import MaxNLocator

    axes.set_ylim(0, max(tallest(points) * 1.12, 4.0))
    axes.set_xlim(-0.7, max(len(points), 2) - 0.3)
    axes.yaxis.set_major_locator(MaxNLocator(5, integer=True))
    axes.yaxis.set_major_formatter(lambda y, _: number(y))
    months = [Month.parse(p.month) for p in points]
    names = [short_month(str(m)) for m in months]
    if months[-1] - months[0] > len(months) - 1:  # not month by month: annual or quarterly
        every = len(months) // 9 + 1
        axes.set_xticks(range(0, len(months), every), [n.replace(" ", "\n") for n in names[::every]])
        return
    step = 3 if len(points) <= 18 else 6 if len(points) <= 42 else 12
    ticks = [i for i, m in enumerate(months) if (m.number - 1) % step == 0] or [0]
    axes.set_xticks(
        ticks, [names[i].replace(" ", "\n") if "Jan" in names[i] else names[i][:3] for i in ticks]
    )
