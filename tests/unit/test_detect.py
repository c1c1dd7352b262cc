"""`tocsin detect`: the figures are the algorithm's, the columns are the promised ones."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from bot.commands.detect import COLUMNS, command
from jobs.errors import UsageError
from jobs.series_file import read_series
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
    def writer(text: str | bytes) -> Path:
        path: Path = tmp_path / "mine.csv"
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
    text = detect(SERIES).output
    assert "RISE" in text
    assert "too-few-cases" in text
    assert text.splitlines()[-1].startswith("132 months judged: 17 unusually high, 0 unusually low.")


def test_short_histories_are_judged_by_nobody_yet(write):
    lines = [f"a,{Month(2022, 1) + i},{5 + i % 3}" for i in range(36)]
    row = rows_of(detect(write(HEAD + "\n".join(lines) + "\n"), "--csv").output)[0]
    assert row == dict.fromkeys(COLUMNS, "") | {
        "series_id": "a", "month": "2024-12", "count": "7", "alarm": "0", "reason": "not-enough-history",
    }  # fmt: skip


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
        (("--set", "weeks=3"), "use one of: b, w, noPeriods"),
        (("--set", "thresholdMethod=exact"), "delta, nbPlugin, muan, nbPredictive"),
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
