"""What knocks at the HTTP door and is not Slack; what floods it; and what must not get into the log."""

from __future__ import annotations

import http.client
import json
import os
import random
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from bot.slack.commands import COMMANDS
from bot.slack.http import MOST_BYTES, PATH
from bot.slack.signed import WINDOW, Signed
from bot.slack.voice import BUSY
from tests.sample import told_file  # noqa: F401 - a fixture
from tests.slack_shop import OFFICER, PASSER, SECRET, TOWN, Shop, open_shop
from tests.wire.faults import Fault, as_json, dropped, refused, status
from tests.wire.slack import TOKEN

FORM = "application/x-www-form-urlencoded"
FUZZED = int(os.environ.get("TOCSIN_FUZZED_COMMANDS", "400")) // 2  # two runs


@pytest.fixture
def shop(told_file: Path, tmp_path: Path) -> Iterator[Shop]:  # noqa: F811
    with open_shop(told_file, tmp_path) as opened:
        yield opened


def body(shop: Shop, text: str = "TFMV") -> bytes:
    return urlencode(shop.people.command(PASSER, TOWN, "/define", text)).encode()


@pytest.mark.parametrize(
    "at", ["", "now", "12 34", "-5", "1_663_000_000", "٣٤٥", "1e9", "9" * 400, "0", "{}", "1663000000.5"]
)
def test_a_malformed_timestamp_is_refused(shop: Shop, at: str) -> None:
    header = at.encode().decode("latin-1")
    assert shop.post(body(shop), FORM, at=header, signature="v0=" + "0" * 64)[0] == 401


def test_forged_stale_and_replayed_requests_are_refused(shop: Shop) -> None:
    request, now = body(shop), int(time.time())
    for signature in (
        "v0=" + "0" * 64,
        "",
        "v0=",
        "x",
        "v0=" + "é" * 64,
        Signed("other").signature(str(now), request),
    ):
        assert shop.post(request, FORM, signature=signature.encode().decode("latin-1"))[0] == 401
    for at in (now - WINDOW - 5, now + WINDOW + 60):
        assert shop.post(request, FORM, at=str(at))[0] == 401
    assert shop.post(request, FORM, at=str(now))[0] == 200
    assert shop.post(request, FORM, at=str(now))[0] == 401, "the very same again"
    assert (
        shop.post(
            request + b"&x=1", FORM, at=str(now), signature=Signed(SECRET).signature(str(now), request)
        )[0]
        == 401
    )
    shop.settle()
    assert len(shop.audit()) == 1


@pytest.mark.parametrize("unsigned", [b"ssl_check=1&token=x", b'{"type":"url_verification","challenge":"c"}'])
def test_nothing_is_answered_unsigned(shop: Shop, unsigned: bytes) -> None:
    kind = "application/json" if unsigned.startswith(b"{") else FORM
    assert shop.post(unsigned, kind, signature="v0=" + "0" * 64)[0] == 401
    assert shop.post(unsigned, kind)[0] in (200, 404)


def knock(shop: Shop, method: str, path: str, headers: dict[str, str], content: bytes = b"") -> int:
    connection = http.client.HTTPConnection("127.0.0.1", shop.door.port, timeout=10)
    try:
        connection.putrequest(method, path)
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders()
        connection.send(content)
        return connection.getresponse().status
    finally:
        connection.close()


def test_what_is_too_large_or_no_request_at_all_is_not_read(shop: Shop) -> None:
    assert knock(shop, "POST", PATH, {"Content-Length": str(MOST_BYTES + 1)}) == 413
    assert knock(shop, "POST", PATH, {"Content-Length": "9" * 30}) == 411
    assert knock(shop, "POST", PATH, {"Transfer-Encoding": "chunked"}) == 411
    assert knock(shop, "POST", "/etc/passwd", {"Content-Length": "0"}) == 404
    assert knock(shop, "GET", PATH, {}) == 405
    assert shop.door._server.server_address[0] == "127.0.0.1"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\xff\xfe", FORM), (b"{", "application/json"), (b"[]", "application/json"),
        (b"3", "application/json"),
        (b'{"type":"event_callback","event":null}', "application/json"), (b"payload={", FORM),
        (b"payload=[]", FORM), (b'{"type":"event_callback","event":[]}', "application/json"),
        (b"x=1", "text/plain"), (b"", "application/json"), (b'{"user":[1]}', "application/json"),
    ],
)  # fmt: skip
def test_signed_nonsense_is_a_bad_request(shop: Shop, content: bytes, kind: str) -> None:
    at = str(int(time.time()))
    assert shop.post(content, kind, at=at, signature=Signed(SECRET).signature(at, content))[0] == 400


def test_a_very_long_command_is_answered_quickly(shop: Shop) -> None:
    begun = time.monotonic()
    shown = shop.ask(PASSER, TOWN, "/hotspots", "coalville " * 20_000)
    assert time.monotonic() - begun < 5
    assert "longer than" in shown["text"]
    assert len(shop.audit()[-1].query) <= 300


def test_what_people_write_rings_nobody(shop: Shop) -> None:
    for text in (
        "<!channel>",
        "<!here|here>",
        "<https://example.test|click>",
        "<@U0OFFICER>",
        "*bold* `code`",
        "\u202e",
    ):
        shown = shop.ask(PASSER, TOWN, "/area", text)  # the stand-in refuses an unescaped angle
        assert "<" not in shown["text"]


def fuzz(rng: random.Random) -> tuple[str, str]:
    """A command, anywhere between a good one and bytes."""
    words = [
        "coalville", "nwl", "burglary", "by:rate", "top:5", "12m", "2022-06", "vs", "share", "A-2022-06-03",
        "open", "ashby", "theft", "until", '"why"', "severity>=2", "18:00-08:00", "here", "LE67 3AB",
        "<!channel>", "&lt;", "\0", "\u202e", "𝔘", "🚨" * 9, "%00", "{{7*7}}", "'; DROP TABLE alerts;--",
        "../..", "=cmd()", "\ud7ff", "x" * 300, "-1", "{% for c in ().__class__.__mro__ %}", "${7*7}",
        "' UNION SELECT sha256 FROM extracts --", "<https://example.test|click>", "*_~`", "\a\t\n",
        "\u200f\u2066", "note", "acknowledge", "silence", "A-2022-06-03@2", "unsilence", "subscribe", "quiet",
        "vs castle donington", "by:", "top:", "since", "2022-13", "99999m", "?", "..", "ＬＥ６７ ３ＡＢ",
    ]  # fmt: skip
    if rng.random() < 0.01:
        return rng.choice(COMMANDS), (rng.choice(words) * rng.randrange(1, 20_000))[:50_000]
    if rng.random() < 0.1:
        return rng.choice(COMMANDS), "".join(chr(rng.randrange(1, 0xD7FF)) for _ in range(rng.randrange(80)))
    return rng.choice(COMMANDS), " ".join(rng.choice(words) for _ in range(rng.randrange(6)))


@pytest.mark.slow
@pytest.mark.parametrize("seed", [20, 21])
def test_fuzzed_commands_never_break_anything(
    shop: Shop, capfd: pytest.CaptureFixture[str], seed: int
) -> None:
    rng, seconds, statuses = random.Random(seed), list[float](), set[int]()
    shop.voice.draw = lambda *_a, **_k: None  # type: ignore[method-assign]  # pictures have tests of their own
    for n in range(FUZZED):
        name, text = fuzz(rng)
        request = urlencode(
            shop.people.command(rng.choice((PASSER, OFFICER)), TOWN, f"/{name}", text)
        ).encode()
        begun = time.monotonic()
        statuses.add(shop.post(request, FORM)[0])
        seconds.append(time.monotonic() - begun)
        if n % 20 == 0:
            assert shop.voice.workers.settled()
    shop.settle()
    assert statuses == {200}
    assert sorted(seconds)[int(len(seconds) * 0.99)] < 1.0
    assert len(shop.people.shown) + len(shop.people.forms) == FUZZED, "each has its answer"
    assert not [line for line in shop.audit() if line.outcome.startswith("failed")]
    out = capfd.readouterr()
    assert "Traceback" not in out.err + out.out
    assert "an answer failed" not in out.err + out.out


def test_a_full_house_says_so_at_once(shop: Shop) -> None:
    gate = threading.Event()
    try:
        while shop.voice.workers.take(lambda: gate.wait(20)):
            pass
        begun = time.monotonic()
        assert shop.send(shop.people.command(PASSER, TOWN, "/data", "")) == {"text": BUSY}
        assert time.monotonic() - begun < 1
    finally:
        gate.set()


def test_an_answer_that_takes_long_does_not_hold_up_the_acknowledgement(shop: Shop) -> None:
    gate, begun = threading.Event(), time.monotonic()
    shop.voice.studio.take(lambda: gate.wait(20))
    for _ in range(3):
        shop.voice.workers.take(lambda: gate.wait(20))
    assert shop.send(shop.people.command(PASSER, TOWN, "/define", "TFMV")) == {}
    assert time.monotonic() - begun < 1
    gate.set()
    shop.settle()
    assert len(shop.people.shown) == 1


def test_no_secret_gets_into_the_log(shop: Shop, capfd: pytest.CaptureFixture[str]) -> None:
    phrase = "zanzibar"  # stands for what somebody wrote
    for fault in (
        status(500),
        dropped(),
        Fault(as_json({"ok": False, "error": "used_url"}, 404)),
        refused("invalid_auth"),
    ):
        shop.slack.fail("response", fault)
        shop.slack.fail("chat.postEphemeral", refused("internal_error"))
        shop.send(shop.people.command(OFFICER, TOWN, "/area", phrase))
    shop.slack.fail("views.open", refused("invalid_arguments"))
    shop.slack.fail("users.info", status(500), dropped())
    shop.send(shop.people.command(OFFICER, TOWN, "/subscribe", ""))
    shop.send(shop.people.mention(OFFICER, TOWN, phrase))
    unheard = {"payload": json.dumps(shop.people.click(OFFICER, TOWN, "nobody:knows", phrase))}
    assert shop.post(urlencode(unheard).encode(), FORM)[0] == 404
    shop.post(f"payload={phrase}".encode(), FORM)
    shop.post(
        json.dumps({"type": "event_callback", "event": {"type": "unknown", "text": phrase}}).encode(),
        "application/json",
    )
    shop.post(body(shop, phrase), FORM, signature="v0=0")
    desk, shop.voice.desk = shop.voice.desk, None  # type: ignore[assignment]  # a defect
    shop.send(shop.people.command(OFFICER, TOWN, "/area", phrase))
    shop.settle()
    shop.voice.desk = desk
    out = capfd.readouterr()
    said = out.err + out.out
    assert "slack: " in said, "there was something to log"
    for secret in (SECRET, TOKEN, phrase, "/response/", "v0=0"):
        assert secret not in said
