"""The words in and for a chart: which event labels fit where, and the alt text. No drawing here."""

from __future__ import annotations

from collections.abc import Sequence

from bot.renderers.words import parts
from bot.words import clean, short_month, shorten
from jobs.facts import Point

ALT_LIMIT = 2000  # characters; Slack refuses more
_ROWS = 4  # rows of event labels above the plot
_LABEL = 30  # characters of an event label
_CHARACTER = 0.0098  # width of a label's character, as a fraction of the plot

Span = tuple[int, int, str]  # first index, last index, text


def chart_alt(
    points: Sequence[Point],
    title: str,
    source_line: str = "",
    *,
    judged: str | None = None,
    span: int = 1,
) -> str:
    """What the chart shows, with its numbers; past 2,000 characters without the oldest months."""
    month = judged or (points[-1].month if points else "")
    spans = [(short_month(_months(points, a, b)), shorten(t, 60)) for a, b, t in event_spans(points)]
    values: dict[str, object] = {
        "title": shorten(title, 160),
        "focus": next((p for p in points if p.month == month), None),
        "labels": spans[-8:],
        "span": span,
        "source": shorten(source_line, 200),
    }
    text = ""
    for start in range(0, len(points) + 1, 6):
        values |= {"years": _years(points[start:]), "left_off": start}
        text = " ".join(parts("alt.txt.j2", values)["chart"])
        if len(text) <= ALT_LIMIT:
            break
    return text


def event_spans(points: Sequence[Point]) -> list[Span]:
    """Runs of months with the same mark, so that a break of sixteen months is named once."""
    runs: list[Span] = []
    for i, p in enumerate(points):
        text = clean(p.mark)
        if not text:
            continue
        if runs and runs[-1][1] == i - 1 and runs[-1][2] == text:
            runs[-1] = (runs[-1][0], i, text)
        else:
            runs.append((i, i, text))
    return runs


def short_label(text: str) -> str:
    """The label as drawn."""
    return shorten(text, _LABEL)


def label_width(text: str, months: int) -> float:
    """About how many months wide a label is."""
    return len(short_label(text)) * _CHARACTER * months


def label_rows(spans: Sequence[Span], months: int) -> list[int | None]:
    """A row for each label, newest first in the choice, so that none overlap; None where no row is free."""
    taken: list[list[tuple[float, float]]] = [[] for _ in range(_ROWS)]
    rows: list[int | None] = [None] * len(spans)
    for k in reversed(range(len(spans))):
        first, last, text = spans[k]
        half = label_width(text, months) / 2
        middle = min(max((first + last) / 2, half), months - half)
        ends = (middle - half - 0.01 * months, middle + half + 0.01 * months)
        free = (r for r in range(_ROWS) if all(ends[1] <= a or b <= ends[0] for a, b in taken[r]))
        rows[k] = next(free, None)
        if (row := rows[k]) is not None:
            taken[row].append(ends)
    return rows


def tallest(points: Sequence[Point]) -> float:
    """The largest count or upper bound; 1 without any."""
    return max((float(v) for p in points for v in (p.count, p.upper) if v is not None), default=1.0)


def _years(points: Sequence[Point]) -> list[tuple[str, list[tuple[str, Point]]]]:
    years: dict[str, list[tuple[str, Point]]] = {}
    for p in points:
        years.setdefault(p.month[:4], []).append((short_month(p.month)[:3], p))
    return list(years.items())


def _months(points: Sequence[Point], first: int, last: int) -> str:
    return points[first].month if first == last else f"{points[first].month}..{points[last].month}"
