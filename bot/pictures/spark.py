"""A chart the size of a word, to stand beside its figure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.pictures.chart_words import tallest
from jobs.facts import Point


def spark_bars(points: Sequence[Point], *, months: int = 24) -> bytes:
    """A small PNG of 480 x 120 on a clear ground: the last `months`, the last one tipped with a diamond."""
    from bot.pictures import canvas

    shown = points[-months:]
    top = max(tallest(shown), 1.0) * 1.05
    figure = canvas.sheet(2.4, 0.6, transparent=True)
    axes = figure.add_axes((0.01, 0.06, 0.98, 0.80))
    axes.set_axis_off()
    for i, p in enumerate(shown):
        last = i == len(shown) - 1
        colour = canvas.JUDGED if last else "#5b86b0"
        if p.lower is not None and p.upper is not None:
            axes.fill_between([i - 0.5, i + 0.5], p.lower, p.upper, color="#7f9fbf", alpha=0.35, linewidth=0)
        if p.count is None:
            axes.plot([i], [top * 0.08], marker="x", color=canvas.JUDGED, markersize=3.5)
            continue
        axes.bar([i], [p.count], width=0.62, color=colour)
        if last:
            axes.plot([i], [p.count], marker="D", color=colour, markersize=4, clip_on=False)
    axes.set_xlim(-0.6, max(len(shown), 2) - 0.2)
    axes.set_ylim(0, top)
    return canvas.png(figure)
