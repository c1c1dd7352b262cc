"""The months of the year as bars around an average month, readable on a phone; and the alt text.

matplotlib is imported when the first chart is drawn, not before.
"""

from __future__ import annotations

from bot.words import calendar_month
from rules.season_profile import SeasonProfile

_AVERAGE = 100  # the index of an average month


def season_alt(profile: SeasonProfile, title: str, source_line: str) -> str:
    """What the chart shows, with its numbers."""
    each = ", ".join(f"{calendar_month(i + 1)[:3]} {100 * f:.0f}" for i, f in enumerate(profile.factors))
    clear = "; ".join(
        f"{said}: {', '.join(map(calendar_month, months))}"
        for said, months in (("usually high", profile.peaks), ("usually low", profile.lows))
        if months
    )
    ending = f" {clear[:1].upper()}{clear[1:]}." if clear else " No month is clearly high or low."
    return f"Bars: {title}. Index, an average month is {_AVERAGE}: {each}.{ending} Source: {source_line}."


def season_bars(profile: SeasonProfile, title: str, source_line: str) -> bytes:
    """A PNG of 1280 x 800: twelve bars with their index; clear months are hatched and marked as well."""
    from bot.pictures import canvas

    figure = canvas.sheet(6.4, 4.0)
    ceiling = canvas.heading(
        figure, title, f"index, an average month is {_AVERAGE} · ▲ usually high · ▼ usually low"
    )
    axes = figure.add_axes((0.075, 0.13, 0.90, ceiling - 0.06 - 0.13))
    values = [100 * f for f in profile.factors]
    tallest = max(*values, 1.2 * _AVERAGE)
    for i, value in enumerate(values):
        mark = "▲ " if i + 1 in profile.peaks else "▼ " if i + 1 in profile.lows else ""
        colour = canvas.JUDGED if i + 1 in profile.peaks else canvas.LINE if mark else canvas.BAND
        axes.bar([i], [value], width=0.66, color=colour, hatch="//" if mark else "", edgecolor=canvas.PAPER)
        # At the foot of the bar: a figure at its top would lie on the line of the average month.
        canvas.write(axes, i, 0.05 * tallest, f"{mark}{value:.0f}", boxed=bool(mark))
    axes.axhline(_AVERAGE, color=canvas.INK, linewidth=1.0, linestyle=(0, (4, 3)))
    axes.set_ylim(0, 1.05 * tallest)
    axes.set_xlim(-0.6, len(values) - 0.4)
    axes.set_xticks(range(len(values)), [calendar_month(i + 1)[:3] for i in range(len(values))])
    canvas.bare(axes)
    canvas.footing(figure, f"Source: {source_line}.")
    return canvas.png(figure)
