"""A partnership's own rule book: adding, changing, muting without Python; every typo named with its mend."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli import NWL, ROOT, Tocsin

SPIKE = ROOT / "rules" / "library" / "month-spike.toml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The shipped partnership without its sample, to change."""
    made = tmp_path / "own"
    shutil.copytree(NWL, made, ignore=shutil.ignore_patterns("sample"))
    return made


def _add(folder: Path, text: str) -> None:
    with (folder / "partnership.toml").open("a", encoding="utf-8") as file:
        file.write(text)


def test_parameters_are_overridden_and_rules_muted(tocsin: Tocsin, folder: Path) -> None:
    _add(folder, '\n[rules]\nmute = ["month-drop"]\n[rules.override.month-spike]\nalpha = 0.0001\n')
    assert "alpha = 0.0001" in tocsin("rules", "explain", "month-spike", partnership=folder).out
    assert "month-drop" not in tocsin("rules", "list", partnership=folder).out


def test_a_rule_of_its_own_is_checked_like_any_other(tocsin: Tocsin, folder: Path) -> None:
    (folder / "rules").mkdir()
    text = SPIKE.read_text(encoding="utf-8").replace('"month-spike"', '"our-spike"', 1)
    (folder / "rules" / "our-spike.toml").write_text(text, encoding="utf-8")
    assert "our-spike" in tocsin("rules", "list", partnership=folder).out
    assert tocsin("rules", "check", partnership=folder).code == 0


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("min_count", "min_cuont", ["parameters.min_cuont", "there is no such key", "min_count"]),
        ("alpha = 0.001", "alpha = 7", ["parameters.alpha", "less than 0.5"]),
        ('detector = "spike"', 'detector = "spyke"', ["detector", "spyke", "spike"]),
        ('series = ["leaves", "total"]', 'series = ["burglery"]', ["burglery", "burglary"]),
        ('levels = ["district"', 'levels = ["parish"', ["scope.levels", "district"]),
        ('direction = "rise"', "", ["direction", "required"]),
        ("[scope]", "[scope", ["not TOML"]),
    ],
)
def test_a_typo_names_file_key_and_mend(
    tocsin: Tocsin, tmp_path: Path, before: str, after: str, said: list[str]
) -> None:
    text = SPIKE.read_text(encoding="utf-8")
    assert before in text
    wrong = tmp_path / "month-spike.toml"
    wrong.write_text(text.replace(before, after, 1), encoding="utf-8")
    result = tocsin("rules", "check", wrong)
    assert result.code == 2
    assert "Traceback" not in result.err
    for part in said:
        assert part in result.err


def test_an_example_that_does_not_come_out_is_named(tocsin: Tocsin, tmp_path: Path) -> None:
    text = SPIKE.read_text(encoding="utf-8").replace("fires = true", "fires = false").replace(
        "fires = false", "fires = true", 1
    )  # fmt: skip
    wrong = tmp_path / "month-spike.toml"
    wrong.write_text(text.replace("1, 1, 9]", "1, 1, 2]", 1), encoding="utf-8")
    result = tocsin("rules", "check", wrong)
    assert result.code == 2
    assert "should fire but stayed quiet" in result.err


@pytest.mark.parametrize(
    "text", ['[rules]\nmute = ["month-spyke"]\n', "[rules.override.month-spyke]\nalpha = 1\n"]
)
def test_an_unknown_rule_is_refused(tocsin: Tocsin, folder: Path, text: str) -> None:
    _add(folder, f"\n{text}")
    result = tocsin("rules", "list", partnership=folder)
    assert result.code == 2
    assert "month-spyke" in result.err
    assert "month-spike" in result.err


@pytest.mark.slow
def test_a_backtest_writes_nothing_and_stays_quiet(tocsin: Tocsin, told: str) -> None:
    result = tocsin("backtest", "--from", "2022-04", "--to", "2022-07", "--json", database=told)
    assert result.code == 0, result.err
    months = [line for line in result.lines if line["kind"] == "month" and line["source"] == "police"]
    assert len(months) == 4
    print("alerts a month:", [m["alerts"] for m in months])
    fired = {line["fingerprint"] for line in result.lines if line["kind"] == "alert"}
    assert "month-spike|theft-from-person|E07000134" in fired
    assert tocsin("evaluate", "--json", database=told).out == ""
