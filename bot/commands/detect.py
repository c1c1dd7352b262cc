"""`tocsin detect FILE.csv`: the house's detection on anybody's monthly series."""

from __future__ import annotations

import csv
import json
import math
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jobs.errors import UsageError

if TYPE_CHECKING:
    from bot.detection import Detected
    from jobs.sources.series_file import SeriesTable

COLUMNS = (
    "series_id", "month", "count", "expected", "lower", "upper",
    "trend", "dispersion", "p", "score", "alarm", "reason",
)  # fmt: skip
Cell = str | int | float | None
Row = dict[str, Cell]

_WHOLE = ("count", "trend", "alarm")
_TEXT = ("series_id", "month", "alarm", "reason")
_ALARMS: dict[Cell, str] = {1: "RISE", -1: "FALL"}
_WIDE = 110  # columns of a terminal that holds the whole table
_SPARED = ("trend", "dispersion", "score")  # left out of a narrower one
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


METHOD_NAMES = ("auto", "pooled", "farrington", "month-factor")  # of bot.detection, imported when asked


@click.command("detect")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--method",
    type=click.Choice(METHOD_NAMES),
    default="auto",
    help="auto: what the rules use for so much history. pooled: the season of all series together, the level "
    "of each. farrington: the published flexible algorithm. month-factor: the same with a level for every "
    "calendar month, from five years of history on.",
)
@click.option(
    "--pool",
    type=click.Path(path_type=Path),
    help="Borrow the season from the series in this file instead; for auto and pooled.",
)
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="A method's option; repeat.")
@click.option("--last", type=click.IntRange(min=1), default=1, help="Judge the last N months; default 1.")
@click.option("--csv", "as_csv", is_flag=True, help="CSV instead of a table.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def command(
    file: Path,
    method: str,
    pool: Path | None,
    settings: tuple[str, ...],
    last: int,
    as_csv: bool,
    as_json: bool,
) -> None:
    """Judge the monthly counts in FILE, a CSV of series_id,month,count; an empty count is a missing month.

    Options of auto and pooled: alpha (one-sided, .005), bothTails (ring for falls too, alarm -1). Those of
    the other two keep the names of R's `surveillance`, counted in months: b, w, noPeriods,
    pastWeeksNotIncluded, alpha, pThresholdTrend, weightsThreshold, thresholdMethod (delta, nbPlugin, muan;
    ours: nbPredictive), limit54 (5,4). Ours besides: bothTails, minYears, likeR.
    """
    from jobs.sources.series_file import read_series

    if as_csv and as_json:
        raise UsageError("--csv and --json exclude each other", "give one of them")
    options = _settings(settings)
    if pool is not None and method not in {"auto", "pooled"}:
        raise UsageError(f"--pool has no meaning for {method}", "leave it out, or use --method pooled")
    table = read_series(file)
    from bot.detection import METHODS

    last = min(last, int(table.counts.shape[1]))
    rows = _rows(table, last, METHODS[method](table, read_series(pool) if pool else table, last, options))
    if as_csv:
        _write_csv(rows)
    elif as_json:
        for row in rows:
            click.echo(json.dumps(row, ensure_ascii=False))
    else:
        _print_table(rows, method)


def _settings(pairs: tuple[str, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise UsageError(f"--set {pair[:40]!r} is not KEY=VALUE", "write for example --set b=8")
        if name in found:
            raise UsageError(f"--set {name} is given twice", "give it once")
        found[name] = value
    return found


def _rows(table: SeriesTable, last: int, judged: Detected) -> Iterator[Row]:
    """Every judged month as the cells of COLUMNS, series by series in the order of the file."""
    figures = [(name, getattr(judged, name)) for name in COLUMNS[3:-1]]
    for i, series in enumerate(table.ids):
        for k in range(last):
            row: Row = {"series_id": series, "month": str(table.last + (k + 1 - last))}
            row["count"] = _cell("count", float(table.counts[i, k - last]))
            row |= {name: _cell(name, float(array[i, k])) for name, array in figures}
            row["reason"] = judged.reason[i][k]
            yield row


def _cell(name: str, value: float) -> Cell:
    if math.isnan(value):
        return None
    # Ten digits are all that a fit can vouch for.
    return int(value) if name in _WHOLE else float(f"{value:.10g}")


def _write_csv(rows: Iterator[Row]) -> None:
    writer = csv.DictWriter(sys.stdout, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        series = str(row["series_id"])
        # A name that a spreadsheet would run as a formula is made text.
        writer.writerow(row | {"series_id": f"'{series}" if series.startswith(_FORMULA) else series})


def _print_table(rows: Iterator[Row], method: str) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console()
    if not console.is_terminal:
        console.width = _WIDE * 2  # a file has no edge to wrap at
    names = [n for n in COLUMNS if console.width >= _WIDE or n not in _SPARED]
    title = f"Recorded against usual ({method})"
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, collapse_padding=True)
    for name in names:
        table.add_column(name, justify="left" if name in _TEXT else "right", overflow="fold")
    seen = Counter[Cell]()
    for row in rows:
        seen.update([row["alarm"], row["reason"]])
        told = _ALARMS.get(row["alarm"], "")
        cells = [told if name == "alarm" else _short(name, row[name]) for name in names]
        table.add_row(*map(Text, cells), style="bold" if told else "")
    console.print(table)
    console.print(f"{seen['ok']:,} months judged: {seen[1]:,} unusually high, {seen[-1]:,} unusually low.")


def _short(name: str, cell: Cell) -> str:
    if not isinstance(cell, float):
        return "" if cell is None else str(cell)
    return f"{cell:.2g}" if name == "p" else f"{cell:,.2f}" if name == "score" else f"{cell:,.1f}"
