"""Charts: what must be visible, what the words beside them carry, and that nothing leaks between them."""

from __future__ import annotations

import io
import re
import struct
import subprocess
import sys
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.pictures.canvas import LINE
from bot.pictures.chart_words import ALT_LIMIT, chart_alt, event_spans, label_rows, label_width
from bot.pictures.charts import series_chart
from bot.pictures.spark import spark_bars
from jobs.facts import Point
from tests.unit.facts_samples import points
from tests.unit.renderers.hostile import DRAWN


def chart(shown: tuple[Point, ...] = (), **changes: object) -> bytes:
    values = {
        "title": "Burglary, Sampleton",
        "unit": "recorded a month",
        "source_line": "police.uk",
    } | changes
    return series_chart(shown or points(months=14), **values)  # type: ignore[arg-type]


def size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def test_a_chart_is_a_phone_sized_png_at_twice_the_density_and_the_same_every_time():
    first = chart()
    assert size(first) == (1280, 800)
    assert first == chart()
    assert not {b"tEXt", b"tIME", b"iTXt"} & {first[i : i + 4] for i in range(len(first) - 3)}
    assert len(first) < 200_000


def line_pixels(png: bytes, month: int, months: int) -> int:
    """Pixels in the colour of the line, in the inner half of a month's column."""
    from matplotlib.colors import to_rgb
    from matplotlib.image import imread

    def column(x: float) -> int:
        return round(1280 * (0.075 + 0.9 * (x + 0.7) / (months + 0.4)))

    cut = imread(io.BytesIO(png))[:, column(month - 0.25) : column(month + 0.25), :3]
    return int((abs(cut - to_rgb(LINE)).max(axis=2) < 0.02).sum())


def test_the_line_stops_at_a_missing_month_and_goes_on_after_it():
    gap = chart(points(months=14, missing=(5,)))
    assert line_pixels(gap, 5, 14) == 0
    assert line_pixels(gap, 4, 14) > 20
    assert line_pixels(gap, 6, 14) > 20
    assert line_pixels(chart(), 5, 14) > 20


def test_a_missing_month_does_not_look_like_zero():
    full = points(months=14)
    gap = tuple(
        Point(p.month, None, p.expected, p.lower, p.upper) if i == 5 else p for i, p in enumerate(full)
    )
    zero = tuple(Point(p.month, 0, p.expected, p.lower, p.upper) if i == 5 else p for i, p in enumerate(full))
    assert len({chart(full), chart(gap), chart(zero)}) == 3
    assert "not published" in chart_alt(gap, "t")
    assert "not published" not in chart_alt(zero, "t")


def test_the_judged_month_title_source_and_marks_are_all_drawn():
    plain = chart()
    marked = points(months=14, marks={9: "Counting rules changed"})
    others = [
        chart(judged="2022-01"), chart(title="Other"), chart(source_line="fire sample"), chart(unit="calls"),
        chart(marked), chart(points(months=14, final=40)),
    ]  # fmt: skip
    assert len({plain, *others}) == 7


def test_annual_totals_are_called_years():
    counts = (1306, 1287, 1229, 922, 730, 896)  # printed in the 2012 assessment
    years = tuple(Point(f"{2007 + i}-09", n) for i, n in enumerate(counts))
    alt = chart_alt(years, "Serious acquisitive crime", span=12)
    assert "The year to September 2012: 896 recorded (no usual range)." in alt
    assert all(f"{n:,}" in alt for n in counts)
    assert len({chart(years, span=12), chart(years), chart(years[:5], span=12)}) == 3


@pytest.mark.parametrize("months", [1, 2, 12, 36, 72])
def test_any_length_of_history_draws(months):
    assert size(chart(points(months=months))) == (1280, 800)


def test_months_without_any_figure_still_draw_and_no_months_do_not():
    assert size(chart((Point("2022-05", None), Point("2022-06", None)))) == (1280, 800)
    with pytest.raises(ValueError, match="at least one month"):
        series_chart((), "t", "u", "s")


@pytest.mark.parametrize("text", DRAWN)
def test_hostile_text_is_drawn_as_text(text):
    shown = points(months=3, marks={1: text})
    assert size(chart(shown, title=text, unit=text, source_line=text)) == (1280, 800)
    assert "\n" not in chart_alt(shown, text, text)


def test_the_spark_is_small_clear_and_the_same_every_time():
    first = spark_bars(points(missing=(20,)))
    assert size(first) == (480, 120)
    assert first == spark_bars(points(missing=(20,)))
    assert first[25] == 6  # colour with an alpha channel: it lies on light and on dark
    assert len(first) < 10_000
    assert spark_bars(()) != first


def test_drawing_imports_matplotlib_late_and_never_its_global_state():
    code = (
        "import sys, bot.pictures.charts, bot.pictures.spark, bot.pictures.maps\n"
        "import bot.views.alerts, bot.views.digest, bot.renderers.html\n"
        "assert 'matplotlib' not in sys.modules\n"
        "from jobs.facts import Point\n"
        "bot.pictures.charts.series_chart([Point('2022-06', 3)], 't', 'u', 's')\n"
        "assert 'matplotlib' in sys.modules and 'matplotlib.pyplot' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_the_alt_text_carries_every_number():
    shown = points(missing=(3,), marks={34: "Sample Fair", 35: "Sample Fair"})
    alt = chart_alt(shown, "Burglary, Sampleton", "police.uk")
    for p in shown:
        assert p.count is None or re.search(rf"\b{p.count}\b", alt)
    assert alt.count("not published") == 1
    assert "June 2022: 41 recorded (usual 9-27)." in alt
    assert "2021: Jan 13, Feb 13," in alt
    assert "Marked: Sample Fair (May 2022 to Jun 2022)." in alt
    assert alt.endswith("Source: police.uk.")


@given(st.integers(0, 400), st.integers(0, 99_999), st.text(max_size=400))
@settings(max_examples=25, deadline=None)
def test_the_alt_text_keeps_its_limit_and_says_what_it_left_off(months, count, title):
    alt = chart_alt(points(months=months, level=count, final=count) if months else (), title)
    assert len(alt) <= ALT_LIMIT
    if months > 300:
        assert re.search(r"The first \d+ months are left off here\.", alt)
    if months:
        assert f"{count:,} recorded" in alt


def test_a_run_of_equal_marks_is_one_span():
    shown = points(months=6, marks={0: "a", 1: "a", 2: "b", 4: "b"})
    assert event_spans(shown) == [(0, 1, "a"), (2, 2, "b"), (4, 4, "b")]


@given(st.lists(st.tuples(st.integers(0, 35), st.text("abc de", min_size=1, max_size=50)), max_size=14))
@settings(deadline=None)
def test_labels_in_a_row_never_overlap_and_the_newest_is_always_named(marks):
    spans = [(i, i, text.strip() or "x") for i, text in sorted(marks)]
    rows = label_rows(spans, 36)
    assert len(rows) == len(spans)
    assert not rows or rows[-1] is not None
    for (a, ra), (b, rb) in combinations(zip(spans, rows, strict=True), 2):
        if ra is not None and ra == rb:
            assert _middle(b) - _middle(a) >= (label_width(a[2], 36) + label_width(b[2], 36)) / 2


def _middle(span: tuple[int, int, str]) -> float:
    half = label_width(span[2], 36) / 2
    return min(max((span[0] + span[1]) / 2, half), 36 - half)
