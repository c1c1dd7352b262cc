"""Breaks and targets: what is read, and what is refused with file and key."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.errors import UsageError
from jobs.folder.calendar import load_breaks, load_targets
from rules.month import Month, Window

BREAK = {"id": '"b"', "title": '"B"', "first": '"2020-03"', "mask": '"exclude"', "series": '["asb"]'}
BREAK |= {"source": '"S"'}
TARGET = {"id": '"t"', "title": '"T"', "series": '"asb"', "area": '"A"', "direction": '"decrease"'}
TARGET |= {"window": '"2012-04..2013-03"', "percent": "5", "baseline": "200", "source": '"S"'}


def register(folder: Path, kind: str, *entries: dict[str, str]) -> Path:
    path = folder / f"{kind}.toml"
    path.write_text(
        "\n".join("\n".join([f"[[{kind}]]", *(f"{k} = {v}" for k, v in e.items())]) for e in entries),
        encoding="utf-8",
    )
    return path


def test_a_break(tmp_path):
    (found,) = load_breaks(register(tmp_path, "breaks", BREAK | {"last": '"2021-06"'}))
    assert (found.first, found.last, found.areas) == (Month(2020, 3), Month(2021, 6), ("*",))
    assert found.touches("asb", "anywhere")
    assert not found.touches("drugs", "anywhere")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"mask": '"ignore"'}, "mask"),
        ({"first": '"March 2020"'}, "first"),
        ({"last": '"2019-01"'}, "before"),
        ({"mask": '"straddle"', "last": '"2021-06"'}, "point in time"),
        ({"series": "[]"}, "series"),
        ({"serie": '"x"'}, "serie"),
        ({"source": '""'}, "source"),
    ],
)
def test_a_break_that_is_not_right_names_its_key(tmp_path, change, says):
    with pytest.raises(UsageError, match=r"breaks\.toml is not right.*" + says):
        load_breaks(register(tmp_path, "breaks", BREAK | change))


def test_the_same_break_twice_and_no_toml_at_all(tmp_path):
    with pytest.raises(UsageError, match="twice"):
        load_breaks(register(tmp_path, "breaks", BREAK, BREAK))
    (tmp_path / "breaks.toml").write_text("[[breaks", encoding="utf-8")
    with pytest.raises(UsageError, match="cannot be read"):
        load_breaks(tmp_path / "breaks.toml")


def test_targets_and_their_goals(tmp_path):
    unstated = {k: v for k, v in TARGET.items() if k != "baseline"}
    unstated |= {"id": '"u"', "direction": '"increase"', "baseline_window": '"2011-04..2012-03"'}
    fixed = {k: v for k, v in TARGET.items() if k not in ("baseline", "percent")} | {
        "id": '"f"',
        "value": "90",
    }
    down, up, count = load_targets(register(tmp_path, "targets", TARGET, unstated, fixed))
    assert down.goal() == pytest.approx(190)
    assert down.goal(baseline=999) == pytest.approx(190)  # what is stated wins
    assert up.goal() is None
    assert up.goal(baseline=100) == pytest.approx(105)
    assert up.baseline_window == Window(Month(2011, 4), Month(2012, 3))
    assert count.goal() == 90


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"percent": "-5"}, "percent"),
        ({"value": "90"}, "either"),
        ({"direction": '"down"'}, "direction"),
        ({"window": '"2013-03..2012-04"'}, "window"),
        ({"window": '"2012"'}, "window"),
    ],
)
def test_a_target_that_is_not_right_names_its_key(tmp_path, change, says):
    with pytest.raises(UsageError, match=r"targets\.toml is not right.*" + says):
        load_targets(register(tmp_path, "targets", TARGET | change))


def test_a_percentage_needs_something_to_be_a_percentage_of(tmp_path):
    with pytest.raises(UsageError, match="baseline"):
        load_targets(register(tmp_path, "targets", {k: v for k, v in TARGET.items() if k != "baseline"}))


@given(st.integers(1950 * 12, 2100 * 12), st.integers(0, 600))
def test_a_window_reads_back_as_it_is_written(tmp_path_factory, first, months):
    window = Window(Month.from_ordinal(first), Month.from_ordinal(first + months))
    path = register(tmp_path_factory.mktemp("t"), "targets", TARGET | {"window": f'"{window}"'})
    assert load_targets(path)[0].window == window
