"""Maps: bands by lightness, pattern and word; outlines with holes; labels that do not cover each other.

The outlines are made-up squares.
"""

from __future__ import annotations

import json
import math
import struct
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.pictures.maps import ALT_LIMIT, LADDER, area_map, ladder, map_alt, style
from bot.pictures.outlines import inner_spot, read_outlines, spread, twice_area
from jobs.errors import UsageError
from tests.unit.renderers.hostile import DRAWN

BANDS = {"X1": LADDER[0], "X2": LADDER[1], "X3": LADDER[2], "X4": LADDER[3]}
LABELS = {"X1": "1", "X2": "2"}


def square(x: float, y: float, side: float = 1.0) -> list[list[float]]:
    return [[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]]


def write(path: Path, areas: dict[str, dict[str, object]]) -> Path:
    features = [{"type": "Feature", "properties": {"code": c}, "geometry": g} for c, g in areas.items()]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


@pytest.fixture
def squares(tmp_path: Path) -> Path:
    areas: dict[str, dict[str, object]] = {
        f"X{i + 1}": {"type": "Polygon", "coordinates": [square(i * 0.01, 52.0, 0.01)]} for i in range(5)
    }
    areas["X4"] = {
        "type": "MultiPolygon",
        "coordinates": [[square(0, 52.02, 0.02), square(0.005, 52.025, 0.005)], [square(0.03, 52.02, 0.01)]],
    }
    return write(tmp_path / "boundaries.geojson", areas)


def draw(path: Path, **changes: object) -> bytes:
    values = {"bands": BANDS, "labels": LABELS, "title": "Recorded crime", "source_line": "Source: made up"}
    return area_map([path], **(values | changes))  # type: ignore[arg-type]


def test_a_map_is_a_png_and_the_same_every_time(squares):
    first = draw(squares)
    assert first.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", first[16:24]) == (1280, 1240)
    assert first == draw(squares)


def test_band_label_title_and_attribution_are_drawn(squares):
    others = [
        draw(squares, bands=BANDS | {"X1": "average"}), draw(squares, labels={}),
        draw(squares, title="Other"),
        draw(squares, source_line="Contains other data"), draw(squares, bands=BANDS | {"X9": "average"}),
    ]  # fmt: skip
    assert len({draw(squares), *others}) == 6


def test_bands_differ_in_pattern_and_in_lightness_not_only_in_colour():
    assert len({style(band)[1] for band in LADDER}) == len(LADDER)
    lightness = [sum(int(style(band)[0][i : i + 2], 16) for i in (1, 3, 5)) for band in LADDER]
    assert lightness == sorted(lightness)
    assert min(b - a for a, b in pairwise(lightness)) > 60


def test_bands_are_ordered_highest_first_whatever_their_case():
    assert ladder(["average", "zebra", "Very Significantly High", "above average", ""]) == [
        "Very Significantly High", "above average", "average", "", "zebra",
    ]  # fmt: skip


def test_no_boundary_at_all_and_a_broken_file_are_clear_errors(squares, tmp_path):
    with pytest.raises(UsageError, match="none of these areas"):
        draw(squares, bands={"Z": "average"})
    for name, text in (("a", "{"), ("b", "{}"), ("c", '{"features": [{"geometry": null}]}')):
        (tmp_path / name).write_text(text, encoding="utf-8")
        with pytest.raises(UsageError, match=f"{name} is no usable GeoJSON"):
            draw(tmp_path / name)
    with pytest.raises(UsageError, match="no usable GeoJSON"):
        draw(tmp_path / "absent.geojson")


def test_the_first_file_with_a_code_wins_and_a_changed_file_is_read_anew(squares, tmp_path):
    own = write(tmp_path / "own.geojson", {"X1": {"type": "Polygon", "coordinates": [square(7, 52)]}})
    assert read_outlines([own, squares])["X1"][0][0][0] == (7, 52)
    assert read_outlines([squares, own])["X1"][0][0][0] == (0, 52)
    assert len(read_outlines([own, squares])) == 5


def test_holes_run_against_their_outer_ring_and_labels_stay_out_of_them(squares):
    shape = read_outlines([squares])["X4"]
    outer, hole = shape[0]
    assert twice_area(outer) > 0 > twice_area(hole)
    x, y = inner_spot(shape)
    assert 0 < x < 0.02
    assert 52.02 < y < 52.04
    assert not (0.005 < x < 0.01 and 52.025 < y < 52.03)


def test_a_label_lies_inside_a_crescent():
    crescent = (
        (0.0, 0.0),
        (4.0, 0.0),
        (4.0, 1.0),
        (1.0, 1.0),
        (1.0, 3.0),
        (4.0, 3.0),
        (4.0, 4.0),
        (0.0, 4.0),
    )
    x, y = inner_spot(((crescent,),))
    assert x < 1 or y < 1 or y > 3


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=10))
@settings(deadline=None)
def test_tags_do_not_cover_each_other(spots):
    placed = list(spread({str(i): s for i, s in enumerate(spots)}, 1.0, 1.6).values())
    assert placed[0] == spots[0]
    for i, a in enumerate(placed):
        for b in placed[:i]:
            assert math.hypot((a[0] - b[0]) / 1.6, a[1] - b[1]) >= 0.0419


def test_the_alt_text_lists_the_areas_band_by_band_with_their_figures():
    alt = map_alt(BANDS, {"X1": "Sampleton Centre 417", "X2": "Madeup 90"}, "Recorded crime", "police.uk")
    assert alt.startswith(
        "Map: Recorded crime. Very significantly high: Sampleton Centre 417. Significantly high: Madeup 90."
    )
    assert alt.endswith("Source: police.uk.")
    many = map_alt({f"X{i}": LADDER[i % 4] for i in range(400)}, {}, "t" * 500)
    assert len(many) <= ALT_LIMIT
    assert "more" in many


@pytest.mark.parametrize("text", DRAWN)
def test_hostile_text_is_drawn_as_text(squares, text):
    png = draw(squares, bands=BANDS | {"X5": text}, labels={"X1": text}, title=text, source_line=text)
    assert png.startswith(b"\x89PNG")
    assert "\n" not in map_alt({"X1": text}, {"X1": text}, text, text)
