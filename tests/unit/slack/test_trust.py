"""Whom Slack's clients trust: read once for all requests, and never nobody."""

from __future__ import annotations

import socket
import ssl
import urllib.request
from collections.abc import Callable, Iterator
from http.client import HTTPSConnection

import pytest

from bot.slack.reply import _webhook
from bot.transports.slack_calls import slack_client, trust


@pytest.fixture(autouse=True)
def as_at_a_start(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Without proxies, and nothing made yet; what was installed before is put back."""
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("no_proxy", "127.0.0.1")  # names no proxy
    monkeypatch.setattr(urllib.request, "_opener", None)
    trust.cache_clear()
    yield
    trust.cache_clear()


def test_every_request_uses_the_one_context_that_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[ssl.SSLContext] = []
    begun: Callable[..., None] = HTTPSConnection.__init__

    def noted(*args: object, context: ssl.SSLContext, **how: object) -> None:
        made.append(context)
        begun(*args, context=context, **how)

    monkeypatch.setattr(HTTPSConnection, "__init__", noted)
    here = f"https://127.0.0.1:{port_of_nobody()}/"
    for _ in range(2):
        with pytest.raises(OSError, match="refused"):
            _webhook(here).send_dict({"text": "hello"})
        with pytest.raises(OSError, match="refused"):
            slack_client("xoxb-invented", here).auth_test()
    assert trust() is None
    assert len(made) == 4
    assert len(set(map(id, made))) == 1
    assert made[0].verify_mode is ssl.CERT_REQUIRED
    assert made[0].check_hostname


def test_through_a_proxy_the_library_is_told_whom_to_trust(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:1")
    context = trust()
    assert context is not None
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert _webhook("https://127.0.0.1:1/").ssl is context
    assert urllib.request._opener is None  # type: ignore[attr-defined]


def port_of_nobody() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])
