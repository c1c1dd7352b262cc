"""A sheet to draw on: matplotlib by its object API only, so that threads share no state.

Import this lazily: it costs 0.4 s.
"""

from __future__ import annotations

import io
import textwrap
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ft2font import FT2Font

from bot.words import clean

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.transforms import Transform

PAPER, INK, QUIET, RULE = "#ffffff", "#1b2430", "#5a6675", "#d5dbe3"
BAND, LINE, JUDGED = "#cfe0ee", "#33618c", "#b23a00"  # blue and vermilion: apart for every colour vision
FONT = "DejaVu Sans"
SCALE = 200  # dots an inch: 6.4 x 4.0 inches are 640 x 400 points at twice the density


def sheet(width: float, height: float, *, transparent: bool = False) -> Figure:
    """An empty figure of so many inches, with a canvas of its own."""
    figure = Figure(figsize=(width, height), dpi=SCALE, facecolor="none" if transparent else PAPER)
    FigureCanvasAgg(figure)
    return figure


def png(figure: Figure) -> bytes:
    """The figure as PNG. No software or time stamp: equal input gives equal bytes."""
    out = io.BytesIO()
    figure.savefig(
        out, format="png", dpi=SCALE, metadata={"Software": None}, facecolor=figure.get_facecolor()
    )
    return out.getvalue()


@cache
def _glyphs() -> Mapping[int, int]:
    return FT2Font(str(Path(mpl.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf")).get_charmap()


def drawable(text: str) -> str:
    """Text the font can draw; what it cannot is shown as a box, not dropped."""
    return "".join(c if ord(c) in _glyphs() else "▯" for c in clean(text))


def heading(figure: Figure, title: str, below: str) -> float:
    """Title and subtitle, top left; returns where they end, as a fraction of the height."""
    wide, tall = figure.get_size_inches()
    top = 1 - 0.14 / tall
    lines = textwrap.wrap(drawable(title), int(wide * 8.6))[:2] or [""]
    key = textwrap.wrap(drawable(below), int(wide * 14.8))[:2]
    step = 0.2 * len(lines) + 0.03
    _put(figure, top, "\n".join(lines), size=12, colour=INK, weight="bold")
    _put(figure, top - step / tall, "\n".join(key), size=8.5, colour=QUIET)
    return float(top - (step + 0.16 * max(len(key), 1)) / tall)


def footing(figure: Figure, source: str, *, size: float = 7) -> None:
    """The source line, bottom left, inside the picture: pictures travel without their message."""
    wide, tall = figure.get_size_inches()
    lines = textwrap.wrap(drawable(source), int(wide * 129.5 / size))[:2]
    _put(figure, 0.09 / tall, "\n".join(lines), size=size, colour=QUIET, at="bottom")


def _put(
    figure: Figure, y: float, text: str, *, size: float, colour: str, weight: str = "normal",
    at: Literal["top", "bottom"] = "top",
) -> None:  # fmt: skip
    # parse_math: a `$` in a name is a `$`, not the start of a formula that may not parse.
    figure.text(
        0.16 / figure.get_size_inches()[0], y, text, va=at, size=size, color=colour, weight=weight,
        family=FONT, parse_math=False,
    )  # fmt: skip


def write(
    axes: Axes, x: float, y: float, text: str, *, weight: str = "normal", boxed: bool = False,
    transform: Transform | None = None,
) -> None:  # fmt: skip
    """Text centred on a place of the data, plain; `boxed` on a small white tag."""
    tag = {"facecolor": PAPER, "edgecolor": QUIET, "linewidth": 0.6, "boxstyle": "round,pad=0.22"}
    axes.text(
        x, y, drawable(text), ha="center", va="center", size=7.5, color=INK, weight=weight, family=FONT,
        parse_math=False, bbox=tag if boxed else None, transform=transform or axes.transData, zorder=6,
    )  # fmt: skip


def bare(axes: Axes) -> None:
    """Nothing but faint horizontal lines and small labels."""
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(QUIET)
    axes.set_facecolor("none")
    axes.tick_params(axis="both", length=0, labelsize=8, labelcolor=QUIET, labelfontfamily=FONT)
    axes.grid(visible=True, axis="y", color=RULE, linewidth=0.6)
    axes.set_axisbelow(True)
