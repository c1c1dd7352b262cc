"""Downloads against a real server on this machine: retried, resumed, whole or not there, and nowhere else."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
import structlog

from jobs.errors import NotReady, Refused, Rejected, Retry, UsageError
from jobs.partnership import SourceSettings
from jobs.sources.download import fetch_archive, published_months
from jobs.sources.fetch import fetch
from jobs.sources.guard import Guard, Policy
from rules.month import Month
from tests.unit.sources.far_side import Answer, FarSide, far_side, ranged
from tests.unit.sources.world import source

JUNE = Month(2022, 6)
HERE = Policy(allow_private=True, attempts=4, wait=0.001, longest_wait=0.05, timeout=5)


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Retries are logged; the tests look elsewhere."""
    with structlog.testing.capture_logs():
        yield


def archive(size: int = 5000) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("2022-06/2022-06-leicestershire-street.csv", bytes(i * i % 251 for i in range(size)))
    return out.getvalue()


ZIP = archive()


def at(far: FarSide | str, **more: Any) -> SourceSettings:
    base = far if isinstance(far, str) else far.url
    urls = {"archive_url": f"{base}/archive/{{month}}.zip", "dates_url": f"{base}/dates"}
    return source("police-street", **{"id": "police", "forces": ("leicestershire",), **urls, **more})


def get(far: FarSide, folder: Path, policy: Policy = HERE) -> Path:
    return fetch_archive(at(far), JUNE, folder, policy=policy)


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


def test_a_redirect_is_followed_only_where_it_may_go(tmp_path: Path) -> None:
    moved = Answer(302, headers={"Location": "/elsewhere.zip"})
    with far_side(moved, Answer(body=ZIP)) as far:
        assert get(far, tmp_path).read_bytes() == ZIP
    assert [p for p, _ in far.asked] == ["/archive/2022-06.zip", "/elsewhere.zip"]
    for target, error in (
        ("https://evil.example/x.zip", Refused),
        ("http://169.254.169.254/latest/meta-data", UsageError),
        ("file:///etc/passwd", UsageError),
        ("http://localhost/x.zip", UsageError),
    ):
        with far_side(Answer(302, headers={"Location": target})) as far, pytest.raises(error):
            get(far, tmp_path / "new")
        assert len(far.asked) == 1
    with (
        far_side(Answer(302, headers={"Location": "/again"})) as far,
        pytest.raises(Refused, match="circles"),
    ):
        get(far, tmp_path / "new")


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("file:///etc/passwd", UsageError),
        ("http://data.police.uk/x.zip", UsageError),
        ("ftp://x/y.zip", UsageError),
        ("/etc/passwd.zip", UsageError),
        ("https://", UsageError),
        ("https://127.0.0.1/x.zip", Refused),
        ("https://10.0.0.8/x.zip", Refused),
        ("https://[::1]/x.zip", Refused),
        ("https://169.254.169.254/x.zip", Refused),
        ("https://192.168.1.1/x.zip", Refused),
        ("https://localhost/x.zip", Refused),
        ("https://100.64.0.1/x.zip", Refused),
        ("https://0.0.0.0/x.zip", Refused),
        ("https://user:secret@10.0.0.8/x.zip", Refused),
    ],
)
def test_only_https_and_the_public_internet(tmp_path: Path, url: str, error: type[Exception]) -> None:
    with pytest.raises(error) as caught:
        fetch(at("https://x"), url, None, tmp_path, today=dt.date(2022, 8, 1))
    assert "secret" not in str(caught.value)


def test_a_host_that_resolves_to_a_private_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve(*_: object, **__: object) -> list[tuple[object, ...]]:
        return [(2, 1, 6, "", ("93.184.215.14", 443)), (2, 1, 6, "", ("10.1.2.3", 443))]

    monkeypatch.setattr("socket.getaddrinfo", resolve)
    guard = Guard.of("https://data.police.uk/x", Policy())
    with pytest.raises(Refused, match=r"10\.1\.2\.3"):
        guard.check(httpx2.URL("https://data.police.uk/x"))


def test_the_publisher_may_hand_over_to_its_own_store_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: [(2, 1, 6, "", ("93.184.215.14", 443))])
    guard = Guard.of("https://data.police.uk/data/archive/2022-06.zip", Policy())
    guard.check(httpx2.URL("https://policeuk-data.s3.amazonaws.com/archive/2022-06.zip"))
    with pytest.raises(Refused):
        guard.check(httpx2.URL("https://other-bucket.s3.amazonaws.com/archive/2022-06.zip"))


def test_a_name_that_turns_private_between_look_up_and_connection_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without `allow_private` the address really spoken to is looked at again, before the body is read."""
    monkeypatch.setattr(Guard, "check", lambda _self, _url: None)
    with far_side(Answer(body=ZIP)) as far, pytest.raises(Refused, match=r"127\.0\.0\.1"):
        get(far, tmp_path, Policy())


def test_the_months_that_are_published() -> None:
    listed = [{"date": "2022-07", "stop-and-search": []}, {"date": "2022-06"}]
    with far_side(Answer(body=json.dumps(listed).encode())) as far:
        assert published_months(at(far), HERE) == (Month(2022, 6), Month(2022, 7))
    for body in (
        b"<html>",
        b'{"date": "2022-07"}',
        b'[{"day": "2022-07"}]',
        b'[{"date": "July"}]',
        b"[" * 2_000_000,
    ):
        with far_side(Answer(body=body)) as far, pytest.raises(Retry):
            published_months(at(far), HERE)


def test_without_an_address_the_latest_month_that_there_can_be_is_fetched(tmp_path: Path) -> None:
    def reply(path: str, _: dict[str, str]) -> Answer:
        listed = b'[{"date": "2022-08"}, {"date": "2022-06"}, {"date": "2022-05"}]'
        return Answer(body=listed if path == "/dates" else ZIP)

    with far_side(reply=reply) as far:
        path = fetch(at(far), None, None, tmp_path, today=dt.date(2022, 7, 15), policy=HERE)
        assert path.name == "police-2022-06.zip"
        with pytest.raises(NotReady):
            fetch(at(far), None, None, tmp_path, today=dt.date(2020, 1, 1), policy=HERE)
    with pytest.raises(UsageError):
        fetch(at("https://x", archive_url=None), None, JUNE, tmp_path, today=dt.date(2022, 7, 15))


def test_an_address_that_was_given_keeps_its_name(tmp_path: Path) -> None:
    with far_side(Answer(body=b"a,b\n1,2\n")) as far:
        path = fetch(
            at(far), f"{far.url}/in/march.csv?x=1", None, tmp_path, today=dt.date(2025, 4, 1), policy=HERE
        )
        assert (path.name, path.read_bytes()) == ("march.csv", b"a,b\n1,2\n")
        for odd in ("page.html", "..%2Fx", ".csv", ""):
            with pytest.raises(UsageError):
                fetch(at(far), f"{far.url}/{odd}", None, tmp_path, today=dt.date(2025, 4, 1), policy=HERE)
