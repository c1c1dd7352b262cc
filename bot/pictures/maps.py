"""A band map of areas as PNG, and its alt text. Bands differ in lightness, in pattern and in words."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bot.pictures.inset import Box, Inset, crowded
from bot.pictures.outlines import Shape, Spot, bounds, inner_spot, read_outlines, spread
from bot.renderers.words import phrase
from bot.words import clean, shorten
from jobs.errors import UsageError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.patches import Patch

ALT_LIMIT = 2000
LADDER = ("very significantly high", "significantly high", "above average", "average")
# Lightness falls from band to band, so the order survives greyscale and every colour vision.
_STYLE = (("#a63603", "xxx"), ("#e6833b", "//"), ("#fdc98b", ".."), ("#fff1dc", ""))
_OTHER = ("#dfe5ec", "--")  # a band that is not on the ladder
_SIZE = (6.4, 6.2)  # inches
_PATTERN = "#ffffffb0"
_GROUND = "#f1f3f6"  # drawn for orientation, no figure


def area_map(
    boundaries: Sequence[Path],
    bands: Mapping[str, str],
    labels: Mapping[str, str],
    title: str,
    source_line: str,
) -> bytes:
    """A PNG of 1280 x 1240: each area of `bands` (code -> band) filled, its neighbours as pale ground.

    `boundaries` are GeoJSON files whose features have the property `code`; the first file with a code wins.
    `labels` (code -> few characters) are written on their areas. UsageError when a file cannot be read or
    none of the areas is in it. Equal input gives equal bytes.
    """
    from bot.pictures import canvas

    shapes = read_outlines(boundaries)
    drawn = {code: shapes[code] for code in bands if code in shapes}
    if not drawn:
        raise UsageError("none of these areas has a boundary", "add them to boundaries.geojson")
    figure = canvas.sheet(*_SIZE)
    ceiling = canvas.heading(figure, title, _key(len(bands) - len(drawn)))
    height = ceiling - 0.16
    axes = figure.add_axes((0.0, 0.15, 1.0, height))
    axes.set_axis_off()
    tall, aspect = _frame(axes, drawn.values(), _SIZE[0] / (_SIZE[1] * height))
    order = ladder(bands.values())
    _paint(axes, shapes, bands, order)
    spots = {code: inner_spot(drawn[code]) for code in drawn if labels.get(code)}
    inset = crowded(drawn, spots, Box(*axes.get_xlim(), *axes.get_ylim()), aspect)
    large = {code: spot for code, spot in spots.items() if inset and inset.part.holds(spot)}
    _tags(axes, {code: spot for code, spot in spots.items() if code not in large}, labels, tall, aspect)
    if inset:
        inner = _enlarged(axes, inset)
        _paint(inner, shapes, bands, order)
        _tags(inner, large, labels, tall / inset.times, aspect)
    legend = figure.legend(
        handles=[_swatch(band) for band in order], loc="lower left", bbox_to_anchor=(0.015, 0.055),
        ncols=2 if len(order) > 3 else len(order), frameon=False, fontsize=8.5, handlelength=2.4,
        handleheight=1.5,
    )  # fmt: skip
    for text in legend.get_texts():
        text.set_parse_math(False)
    canvas.footing(figure, source_line, size=8.5)
    return canvas.png(figure)


def map_alt(bands: Mapping[str, str], described: Mapping[str, str], title: str, source_line: str = "") -> str:
    """The map as a list: band by band, each area as in `described` (code -> name with its figure)."""
    listed = {b: [c for c in bands if clean(bands[c]) == b] for b in ladder(bands.values())}
    for most in (40, 20, 10, 5, 2, 0):
        groups = [
            (b, [shorten(described.get(c, c), 60) for c in cs[:most]], len(cs[most:]))
            for b, cs in listed.items()
        ]
        said = shorten(title, 160), groups, shorten(source_line, 200)
        text = phrase("map", *said, template="alt_map.txt.j2")
        if len(text) <= ALT_LIMIT:
            break
    return shorten(text, ALT_LIMIT)


def ladder(bands: Iterable[str]) -> list[str]:
    """The bands that occur, highest first; those not on the ladder last, by name."""
    return sorted({clean(b) for b in bands}, key=lambda b: (_step(b), b))


def style(band: str) -> tuple[str, str]:
    """Fill colour and pattern of a band."""
    step = _step(band)
    return _STYLE[step] if step < len(_STYLE) else _OTHER


def _step(band: str) -> int:
    return LADDER.index(band.lower()) if band.lower() in LADDER else len(LADDER)


def _key(missing: int) -> str:
    key = "darker and denser: higher band · pale: no figure"
    return key if not missing else f"{key} · {missing} areas have no boundary and are not drawn"


def _frame(axes: Axes, shapes: Iterable[Shape], box: float) -> tuple[float, float]:
    """Fit the map into a box of that width to height; returns its height in degrees, and the aspect."""
    west, east, south, north = bounds(shapes)
    # A degree of longitude is shorter than one of latitude by the cosine of the latitude.
    aspect = 1 / math.cos(math.radians((south + north) / 2))
    height = 1.06 * max((east - west) / aspect / box, north - south)
    width = height * box * aspect
    axes.set_xlim((west + east - width) / 2, (west + east + width) / 2)
    axes.set_ylim((south + north - height) / 2, (south + north + height) / 2)
    return height, aspect


def _paint(axes: Axes, shapes: Mapping[str, Shape], bands: Mapping[str, str], order: Sequence[str]) -> None:
    """The ground, and each band over it."""
    _fill(axes, [shapes[c] for c in shapes if c not in bands], _GROUND, "", edge="#d5dbe3")
    for band in order:
        _fill(axes, [shapes[c] for c in bands if c in shapes and clean(bands[c]) == band], *style(band))


def _enlarged(axes: Axes, inset: Inset) -> Axes:
    """A framed piece of the sheet for a part of the map, which is framed too."""
    from matplotlib.patches import Rectangle

    from bot.pictures import canvas

    part, place = inset.part, inset.place
    frame = Rectangle(
        (part.west, part.south),
        part.wide,
        part.tall,
        fill=False,
        edgecolor=canvas.INK,
        linewidth=1.1,
        zorder=4,
    )
    axes.add_patch(frame)
    inner = axes.inset_axes(
        (place.west, place.south, place.wide, place.tall), transform=axes.transData, zorder=5
    )
    inner.set_xlim(part.west, part.east)
    inner.set_ylim(part.south, part.north)
    inner.set_xticks([])
    inner.set_yticks([])
    for side in inner.spines.values():
        side.set(edgecolor=canvas.INK, linewidth=1.1)
    canvas.write(axes, place.west + place.wide / 2, place.south - inset.below, "the frame, enlarged")
    return inner


def _fill(axes: Axes, shapes: Sequence[Shape], colour: str, pattern: str, edge: str = "#8d7b66") -> None:
    from matplotlib.collections import PathCollection
    from matplotlib.path import Path as Outline

    outlines = [
        Outline.make_compound_path(*(Outline(ring, closed=True) for polygon in shape for ring in polygon))
        for shape in shapes
    ]
    axes.add_collection(
        PathCollection(
            outlines, facecolor=colour, edgecolor=edge, linewidth=0.5, hatch=pattern or None,
            hatchcolor=_PATTERN,
        )
    )  # fmt: skip


def _tags(
    axes: Axes, spots: Mapping[str, Spot], labels: Mapping[str, str], tall: float, aspect: float
) -> None:
    from bot.pictures import canvas

    for code, (x, y) in spread(spots, tall, aspect).items():
        home = spots[code]
        if (x, y) != home:
            axes.plot([home[0], x], [home[1], y], color=canvas.INK, linewidth=0.7, zorder=5)
            axes.plot([home[0]], [home[1]], marker="o", markersize=2.4, color=canvas.INK, zorder=5)
        canvas.write(axes, x, y, shorten(labels[code], 24), weight="bold", boxed=True)


def _swatch(band: str) -> Patch:
    from matplotlib.patches import Patch

    from bot.pictures.canvas import drawable

    colour, pattern = style(band)
    label = drawable(shorten(band or "no band", 40))
    return Patch(
        facecolor=colour, edgecolor="#8d7b66", hatch=pattern or None, hatchcolor=_PATTERN, label=label
    )
