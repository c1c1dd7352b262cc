"""`tocsin detect`: the figures are the algorithm's, the columns are the promised ones."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from bot.commands.detect import COLUMNS, command
from jobs.errors import UsageError
from jobs.sources.series_file import read_series
from rules.baselines.farrington import FarringtonOptions, farrington
from rules.month import Month

SERIES = Path(__file__).resolve().parents[1] / "data" / "detection" / "series.csv"
HEAD = "series_id,month,count\n"


def detect(*arguments: object) -> Result:
    return CliRunner().invoke(command, [str(a) for a in arguments], catch_exceptions=False)


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture
def write(tmp_path):
    def writer(text: str | bytes, name: str = "mine.csv") -> Path:
        path: Path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return writer


def test_csv_has_exactly_the_promised_columns_and_the_algorithms_figures():
    result = detect(
        SERIES, "--method", "farrington", "--last", 12, "--csv", "--set", "thresholdMethod=nbPlugin"
    )
    assert result.output.splitlines()[0] == (
        "series_id,month,count,expected,lower,upper,trend,dispersion,p,score,alarm,reason"
    )
    rows = rows_of(result.output)
    options = FarringtonOptions().with_settings({"thresholdMethod": "nbPlugin"})
    found = farrington(read_series(SERIES).counts, options, judge=12)
    assert len(rows) == 2400
    assert [r["month"] for r in rows[:12]] == [f"2023-{m:02d}" for m in range(1, 13)]
    for name in ("expected", "lower", "upper", "dispersion", "p", "score"):
        written = [float(r[name]) if r[name] else np.nan for r in rows]
        np.testing.assert_allclose(written, getattr(found, name).ravel(), rtol=1e-9)
    assert [int(r["alarm"]) for r in rows] == found.alarm.ravel().tolist()
    assert [int(r["trend"]) for r in rows] == found.trend.ravel().astype(int).tolist()
    assert {r["reason"] for r in rows} == {"ok", "too-few-cases", "missing"}


def test_json_says_the_same_as_csv():
    arguments = (SERIES, "--last", 2)
    objects = [json.loads(line) for line in detect(*arguments, "--json").output.splitlines()]
    rows = rows_of(detect(*arguments, "--csv").output)
    assert len(objects) == len(rows) == 400
    for one, row in zip(objects, rows, strict=True):
        assert tuple(one) == COLUMNS
        assert {k: "" if v is None else str(v) for k, v in one.items()} == row


def test_the_table_for_people_says_rise_in_words():
    text = detect(SERIES, "--method", "month-factor").output
    assert "RISE" in text
    assert "too-few-cases" in text
    assert text.splitlines()[-1].startswith("132 months judged: 17 unusually high, 0 unusually low.")


def months(series: str, n: int, count: Callable[[int], int] = lambda i: 5 + i % 3) -> str:
    return "".join(f"{series},{Month(2022, 1) + i},{count(i)}\n" for i in range(n))


@pytest.mark.parametrize("method", ["farrington", "month-factor"])
def test_short_histories_are_too_short_for_the_published_methods(write, method):
    row = rows_of(detect(write(HEAD + months("a", 36)), "--csv", "--method", method).output)[0]
    assert row == dict.fromkeys(COLUMNS, "") | {
        "series_id": "a", "month": "2024-12", "count": "7", "alarm": "0", "reason": "not-enough-history",
    }  # fmt: skip


@pytest.mark.parametrize("method", ["auto", "pooled"])
def test_what_the_rules_use_needs_twelve_months(write, method):
    def judged(n: int) -> dict[str, str]:
        return rows_of(detect(write(HEAD + months("a", n)), "--csv", "--method", method).output)[0]

    assert judged(12)["reason"] == "not-enough-history"
    assert (judged(13)["reason"], judged(13)["alarm"]) == ("ok", "0")
    assert 5 < float(judged(36)["expected"]) < 7


def test_auto_is_pooled_where_the_history_is_short(write):
    path = write(HEAD + months("a", 40) + months("b", 40, lambda i: 30 + 7 * (i % 4)))
    assert detect(path, "--csv").output == detect(path, "--csv", "--method", "pooled").output


def test_the_season_is_borrowed_from_the_pool(write):
    """December is three times as high in the pool: a December like that is no news then, and else it is."""

    def winter(i: int) -> int:
        return 90 if i % 12 == 11 else 30

    own = months("a", 23, lambda _: 10) + f"a,{Month(2022, 1) + 23},30\n"
    path = write(HEAD + own)
    pool = write(HEAD + "".join(months(f"p{k}", 24, winter) for k in range(8)), "pool.csv")
    alone, with_pool = (rows_of(detect(path, "--csv", *more).output)[0] for more in ((), ("--pool", pool)))
    assert (alone["alarm"], with_pool["alarm"]) == ("1", "0")
    assert float(with_pool["expected"]) > 1.5 * float(alone["expected"])


def test_the_order_of_the_series_and_a_missing_month_elsewhere_do_not_matter(write):
    a, b = months("a", 30), months("b", 30, lambda i: 40 + 5 * (i % 3))
    there = rows_of(detect(write(HEAD + a + b), "--csv").output)
    back = rows_of(detect(write(HEAD + b + a), "--csv").output)
    assert sorted(map(str, there)) == sorted(map(str, back))
    gap = b.replace("b,2023-05,", "b,2023-05,x").replace("x45", "").replace("x40", "").replace("x50", "")
    holed = rows_of(detect(write(HEAD + a + gap), "--csv").output)[0]
    assert float(holed["expected"]) == pytest.approx(float(there[0]["expected"]), rel=0.1)


def test_more_months_than_there_are(write):
    rows = rows_of(detect(write(HEAD + "a,2024-01,1\na,2024-02,\n"), "--csv", "--last", 99).output)
    assert [(r["month"], r["count"]) for r in rows] == [("2024-01", "1"), ("2024-02", "")]


def test_a_fall_rings_when_asked_for(write):
    lines = [f"a,{Month(2016, 1) + i},{40 + i % 5}" for i in range(95)] + ["a,2023-12,3"]
    path = write(HEAD + "\n".join(lines) + "\n")
    assert rows_of(detect(path, "--csv").output)[0]["alarm"] == "0"
    fall = rows_of(detect(path, "--csv", "--set", "bothTails=yes").output)[0]
    assert fall["alarm"] == "-1"
    assert float(fall["p"]) < 1e-6
    assert "FALL" in detect(path, "--set", "bothTails=yes").output


def test_names_are_no_formulas_and_no_markup(write):
    path = write(HEAD + "=1+1,2024-01,1\n[red]x[/],2024-01,1\n")
    assert [r["series_id"] for r in rows_of(detect(path, "--csv").output)] == ["'=1+1", "[red]x[/]"]
    assert "[red]x[/]" in detect(path).output


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--set", "b"), "is not KEY=VALUE"),
        (("--set", "b=5", "--set", "b=6"), "given twice"),
        (("--method", "farrington", "--set", "weeks=3"), "use one of: b, w, noPeriods"),
        (("--method", "farrington", "--set", "thresholdMethod=exact"), "delta, nbPlugin, muan, nbPredictive"),
        (("--set", "b=8"), "has no option b"),
        (("--set", "alpha=2"), "alpha"),
        (("--method", "farrington", "--pool", SERIES), "--pool has no meaning"),
        (("--csv", "--json"), "exclude each other"),
    ],
)
def test_wrong_options(arguments, told):
    with pytest.raises(UsageError, match=told):
        detect(SERIES, *arguments)


def test_help_names_every_option_and_imports_nothing_heavy():
    text = detect("--help").output
    names = FarringtonOptions().with_settings  # the error lists what there is
    with pytest.raises(ValueError, match="use one of") as error:
        names({"?": ""})
    for name in str(error.value).split(": ")[1].split(", "):
        assert name in text
    script = "import sys, bot.commands.detect; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert not {"numpy", "scipy", "pandas", "rich"} & set(done.stdout.split())
