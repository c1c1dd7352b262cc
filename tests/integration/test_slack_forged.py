"""Requests that somebody else made, at the real door: none is let in, none ends in an error.

TOCSIN_FUZZED_COMMANDS sets how many (a half of it).
"""

from __future__ import annotations

import http.client
import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlencode

import pytest
from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult

from bot.slack.http import PATH, HttpDoor
from bot.slack.signed import WINDOW, Signed
from bot.transports.slack_calls import quiet, slack_client

SECRET = "a-signing-secret-invented-for-forgers"
FORGED = int(os.environ.get("TOCSIN_FUZZED_COMMANDS", "400")) // 2
FORM = "application/x-www-form-urlencoded"


@dataclass
class House:
    """A door with a listener behind it that counts who got in."""

    door: HttpDoor
    inside: list[str] = field(default_factory=list)

    def knock(self, body: bytes, headers: dict[str, str]) -> int:
        """A request as it stands; the status of its answer, 0 for none."""
        connection = http.client.HTTPConnection("127.0.0.1", self.door.port, timeout=10)
        try:
            connection.putrequest("POST", PATH)
            for name, value in {"Content-Type": FORM, "Content-Length": str(len(body)), **headers}.items():
                connection.putheader(name, value.encode("latin-1", "replace"))
            connection.endheaders(body)
            return connection.getresponse().status
        except http.client.HTTPException:
            return 0
        finally:
            connection.close()


@pytest.fixture
def house() -> Iterator[House]:
    allowed = AuthorizeResult(enterprise_id=None, team_id=None, bot_token="xoxb-invented")
    app = App(
        name="forged", logger=quiet("test.forged"),
        client=slack_client("xoxb-invented", "http://127.0.0.1:9/"), authorize=lambda: allowed,
        token_verification_enabled=False, request_verification_enabled=False, ssl_check_enabled=False,
    )  # fmt: skip
    opened = House(HttpDoor(app, Signed(SECRET), 0))

    def enter(ack, body) -> None:
        opened.inside.append(body["trigger_id"])
        ack("in")

    app.command("/hotspots")(enter)
    opened.door.start()
    yield opened
    opened.door.close()
    app.listener_runner.listener_executor.shutdown()


def body_of(number: int) -> bytes:
    return urlencode({"command": "/hotspots", "text": "x", "trigger_id": f"{number}"}).encode()


def signed(body: bytes, at: str, secret: str = SECRET) -> dict[str, str]:
    return {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": Signed(secret).signature(at, body)}


def forged(chance: random.Random, number: int) -> tuple[str, bytes, dict[str, str]]:
    """What was done to it, the body, the headers."""
    body, now = body_of(number), int(time.time())
    right = signed(body, str(now))
    given = right["X-Slack-Signature"]
    at = chance.randrange(3, len(given))
    other = chance.choice([c for c in "0123456789abcdefABCDEF" if c != given[at]])
    odd = chance.choice(
        [
            "",
            "x",
            "-1",
            " ",
            "1e9",
            "NaN",
            "0x10",
            "٣",
            "9" * 40,
            f"{now}.5",
            f"+{now}",
            f"{now}_0",
            f" {now}",
        ]
    )
    tries: dict[str, tuple[bytes, dict[str, str]]] = {
        "another secret": (body, signed(body, str(now), chance.randbytes(8).hex())),
        "one digit": (body, right | {"X-Slack-Signature": given[:at] + other + given[at + 1 :]}),
        "cut": (body, right | {"X-Slack-Signature": given[: chance.randrange(len(given))]}),
        "longer": (body, right | {"X-Slack-Signature": given + chance.choice("0a ") * 3 + "0"}),
        "another version": (body, right | {"X-Slack-Signature": "v1" + given[2:]}),
        "in capitals": (body, right | {"X-Slack-Signature": given[:3] + given[3:].upper() + "A"}),
        "not ASCII": (body, right | {"X-Slack-Signature": "v0=é" + given[4:]}),
        "another body": (body + b"&text=y", right),
        "another time": (body, right | {"X-Slack-Request-Timestamp": str(now - chance.randrange(1, 200))}),
        "too old": (body, signed(body, str(now - WINDOW - chance.randrange(2, 10**6)))),
        "from the future": (body, signed(body, str(now + WINDOW + chance.randrange(2, 10**6)))),
        "an odd time": (body, signed(body, odd)),
        "no signature": (body, {"X-Slack-Request-Timestamp": str(now)}),
        "no time": (body, {"X-Slack-Signature": given}),
        "nothing": (body, {}),
    }
    how = list(tries)[number % len(tries)]
    return (how, *tries[how])


def test_none_is_let_in(house: House, capfd: pytest.CaptureFixture[str]) -> None:
    chance = random.Random(5)
    statuses: Counter[tuple[str, int]] = Counter()
    for number in range(FORGED):
        how, body, headers = forged(chance, number)
        statuses[how, house.knock(body, headers)] += 1
    assert {status for _, status in statuses} == {401}, statuses
    assert house.inside == []
    said = capfd.readouterr()
    assert "Traceback" not in said.err + said.out
    assert SECRET not in said.err + said.out
    body = body_of(10**6)
    once = signed(body, str(int(time.time())))
    assert house.knock(body, once) == 200, "the right one is let in"
    assert [house.knock(body, once) for _ in range(20)] == [401] * 20, "and never again"
    assert house.inside == [str(10**6)]
