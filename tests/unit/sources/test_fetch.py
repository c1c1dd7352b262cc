"""Where a download may go, and what is fetched when only little is said."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import httpx2
import pytest

from jobs.errors import NotReady, Refused, Retry, UsageError
from jobs.sources.download import published_months
from jobs.sources.fetch import fetch
from jobs.sources.guard import Guard, Policy
from rules.month import Month
from tests.unit.sources.downloads import HERE, JUNE, ZIP, at, get
from tests.unit.sources.far_side import Answer, far_side


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
