"""Downloads against a real server on this machine: retried, resumed, whole or not there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from jobs.errors import NotReady, Rejected, Retry, UsageError
from jobs.sources.download import fetch_archive
from jobs.sources.guard import Policy
from tests.unit.sources.downloads import HERE, JUNE, ZIP, archive, at, get
from tests.unit.sources.far_side import Answer, far_side, ranged


def test_an_archive_is_fetched_whole_and_once(tmp_path: Path) -> None:
    seen: list[tuple[int, int | None]] = []
    with far_side(Answer(body=ZIP)) as far:
        path = fetch_archive(at(far), JUNE, tmp_path, lambda n, of: seen.append((n, of)), HERE)
        assert get(far, tmp_path) == path
    assert path == tmp_path / "police-2022-06.zip"
    assert path.read_bytes() == ZIP
    assert [p for p, _ in far.asked] == ["/archive/2022-06.zip"]
    assert seen[-1] == (len(ZIP), len(ZIP))
    assert list(tmp_path.iterdir()) == [path], "nothing else is left behind"


def test_a_broken_download_goes_on_where_it_broke_off(tmp_path: Path) -> None:
    with far_side(reply=ranged(ZIP, '"v1"', cuts=[1000, 500])) as far:
        assert get(far, tmp_path).read_bytes() == ZIP
    ranges = [h.get("range") for _, h in far.asked]
    assert ranges[0] is None
    assert len(ranges) == 3
    starts = [int(str(r).removeprefix("bytes=").removesuffix("-")) for r in ranges[1:]]
    assert 0 < starts[0] < starts[1] <= 1500
    assert [h.get("if-range") for _, h in far.asked[1:]] == ['"v1"', '"v1"']


def test_a_download_is_continued_by_the_next_run(tmp_path: Path) -> None:
    with far_side(reply=ranged(ZIP, '"v1"', cuts=[800] * 1)) as far, pytest.raises(Retry):
        get(far, tmp_path, Policy(allow_private=True, attempts=1, timeout=5))
    assert not (tmp_path / "police-2022-06.zip").exists(), "half a file never has the name of a whole one"
    part = tmp_path / "police-2022-06.zip.part"
    assert part.stat().st_size == 800
    memo = part.with_name(part.name + ".json")
    with far_side(reply=ranged(ZIP, '"v1"', cuts=[])) as far:
        memo.write_text(
            memo.read_text().replace(json.loads(memo.read_text())["url"], f"{far.url}/archive/2022-06.zip")
        )
        assert get(far, tmp_path).read_bytes() == ZIP
    assert [h.get("range") for _, h in far.asked] == ["bytes=800-"]


def test_halves_of_two_versions_are_never_glued(tmp_path: Path) -> None:
    other = archive(4000)
    first, second = ranged(ZIP, '"v1"', cuts=[900]), ranged(other, '"v2"', cuts=[])

    def turn(path: str, headers: dict[str, str]) -> Answer | None:
        return first(path, headers) if len(far.asked) == 1 else second(path, headers)

    with far_side(reply=turn) as far:
        assert get(far, tmp_path).read_bytes() == other
    wrong = Answer(206, ZIP[10:], {"ETag": '"v3"', "Content-Range": f"bytes 900-{len(ZIP)}/{len(ZIP)}"})
    half = Answer(body=ZIP, headers={"ETag": '"v1"'}, cut=900)
    with far_side(half, wrong, Answer(body=ZIP)) as far:
        assert get(far, tmp_path / "b").read_bytes() == ZIP
    weak = Answer(body=ZIP, headers={"ETag": 'W/"v1"'}, cut=900)
    with far_side(weak, Answer(body=ZIP)) as far:
        assert get(far, tmp_path / "c").read_bytes() == ZIP
    assert "range" not in far.asked[1][1]


@pytest.mark.parametrize("status", [429, 503, 500, 502])
def test_a_busy_far_side_is_asked_again(tmp_path: Path, status: int) -> None:
    with far_side(Answer(status), Answer(status, headers={"Retry-After": "0"}), Answer(body=ZIP)) as far:
        assert get(far, tmp_path).read_bytes() == ZIP
    assert len(far.asked) == 3


def test_a_far_side_that_stays_busy_is_left_to_the_next_run(tmp_path: Path) -> None:
    with far_side(Answer(503)) as far, pytest.raises(Retry) as caught:
        get(far, tmp_path)
    assert len(far.asked) == HERE.attempts
    assert "503" in str(caught.value)


def test_a_far_side_that_asks_for_a_long_wait_gets_it(tmp_path: Path) -> None:
    for said, low, high in (("3600", 3600, 3600), ("Wed, 01 Jan 2200 00:00:00 GMT", 1e9, 1e10)):
        with far_side(Answer(429, headers={"Retry-After": said})) as far, pytest.raises(Retry) as caught:
            get(far, tmp_path)
        assert len(far.asked) == 1, "nobody waits an hour inside a run"
        assert caught.value.after is not None
        assert low <= caught.value.after <= high


def test_a_month_that_is_not_published_is_not_ready(tmp_path: Path) -> None:
    for status in (404, 403):
        with far_side(Answer(status)) as far, pytest.raises(NotReady):
            get(far, tmp_path)
        assert len(far.asked) == 1
    with far_side(Answer(400)) as far, pytest.raises(UsageError):
        get(far, tmp_path)


def test_half_a_file_is_never_taken_for_a_whole_one(tmp_path: Path) -> None:
    with far_side(Answer(body=ZIP[:-200], length=False)) as far, pytest.raises(Rejected) as caught:
        get(far, tmp_path)
    assert caught.value.reason == "not-zip"
    with far_side(Answer(body=b"<html>come back later</html>")) as far, pytest.raises(Rejected):
        get(far, tmp_path)
    assert list(tmp_path.iterdir()) == []
    with far_side(Answer(body=ZIP, cut=100)) as far, pytest.raises(Retry):
        get(far, tmp_path)
    assert not (tmp_path / "police-2022-06.zip").exists()


def test_a_broken_file_of_an_earlier_day_is_fetched_again(tmp_path: Path) -> None:
    (tmp_path / "police-2022-06.zip").write_bytes(ZIP[:100])
    with far_side(Answer(body=ZIP)) as far:
        assert get(far, tmp_path).read_bytes() == ZIP


def test_limits_of_size_said_and_unsaid(tmp_path: Path) -> None:
    small = Policy(allow_private=True, max_bytes=1000, attempts=1, timeout=5)
    for length in (True, False):
        with far_side(Answer(body=ZIP, length=length)) as far, pytest.raises(Rejected) as caught:
            get(far, tmp_path, small)
        assert caught.value.reason == "too-large"


def test_a_far_side_that_says_nothing_is_a_passing_fault(tmp_path: Path) -> None:
    import time

    def silent(_: str, __: dict[str, str]) -> Answer:
        time.sleep(0.2)
        return Answer(body=ZIP)

    hasty = Policy(allow_private=True, timeout=0.05, attempts=1)
    with far_side(reply=silent) as far, pytest.raises(Retry):
        get(far, tmp_path, hasty)
