"""A hundred people a second who do not wait for each other: signed commands, and their response_urls.

Open loop: each request goes out when it is due, whatever became of those before it.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from bot.slack.http import PATH
from bot.slack.signed import Signed
from tests.benchmarks.load.serving import SECRET

PLACES = (
    "coalville", "ashby", "ibstock", "measham", "castle donington", "kegworth", "whitwick", "thringstone",
    "moira", "ibstock centre", "nwl", "ellistown", "hugglescote", "greenhill", "ravenstone", "appleby",
)  # fmt: skip
SERIES = (
    "", "", "burglary", "violence", "asb", "shoplifting", "drugs", "vehicle crime", "robbery", "other theft",
    "criminal damage", "public order", "bicycle theft", "weapons",
)  # fmt: skip
WINDOWS = ("", "", "", "", "6m", "24m", "2024", "2023", "2025-11")
PATIENCE = 10.0  # seconds for one request
_OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"


@dataclass
class Crowd:
    """Asks, and keeps the numbers of the answers that came to its response_urls."""

    port: int = 0
    answers: set[int] = field(default_factory=set)
    refused: list[int] = field(default_factory=list)
    sent: int = 0
    late: float = 0.0  # seconds by which the crowd itself was behind its own clock, at most
    _signer: Signed = field(default_factory=lambda: Signed(SECRET))

    async def listen(self) -> asyncio.Server:
        """Where answers are taken: the far side of response_url."""
        server = await asyncio.get_running_loop().create_server(lambda: _Ear(self._take), "127.0.0.1", 0)
        self.port = int(server.sockets[0].getsockname()[1])
        return server

    async def ask(self, port: int, command: str, texts: Sequence[str], rate: float) -> None:
        """One request for each text, `rate` a second."""
        began, waiting = time.perf_counter(), []
        for number, text in enumerate(texts):
            due = began + number / rate
            await asyncio.sleep(max(due - time.perf_counter(), 0))
            self.late = max(self.late, time.perf_counter() - due)
            self.sent += 1
            waiting.append(asyncio.create_task(self._one(port, command, text, self.sent)))
        await asyncio.gather(*waiting)

    async def _one(self, port: int, command: str, text: str, number: int) -> None:
        try:
            await asyncio.wait_for(self._ask(port, command, text, number), PATIENCE)
        except (OSError, TimeoutError):
            self.refused.append(0)

    async def _ask(self, port: int, command: str, text: str, number: int) -> None:
        form = {
            "command": command, "text": text, "user_id": f"U{number % 200}", "channel_id": "C0PUBLIC",
            "team_id": "T1", "trigger_id": str(number),
            "response_url": f"http://127.0.0.1:{self.port}/response/{number}",
        }  # fmt: skip
        body = urlencode(form).encode()
        at = str(int(time.time()))
        head = (
            f"POST {PATH} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"X-Slack-Request-Timestamp: {at}\r\nX-Slack-Signature: {self._signer.signature(at, body)}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        loop = asyncio.get_running_loop()
        talk = _Talk(head.encode() + body, loop.create_future())
        await loop.create_connection(lambda: talk, "127.0.0.1", port)
        if (status := await talk.status) != 200:
            self.refused.append(status)

    def _take(self, head: bytes, body: bytes) -> None:
        if (
            b"/response/" in head
            and b"Too many questions" not in body
            and b"Something went wrong" not in body
        ):
            self.answers.add(int(head.split(b"/response/")[1].split(b" ")[0]))


class _Talk(asyncio.Protocol):
    """Says one request, and waits for the end of what is answered. Streams cost the server's cores more."""

    def __init__(self, request: bytes, status: asyncio.Future[int]) -> None:
        self.request, self.status, self._said = request, status, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        self._said += data

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - the base class's
        if not self.status.done():  # nobody waits for it any more
            self.status.set_result(int(self._said.split(b" ", 2)[1]) if self._said else 0)


class _Ear(asyncio.Protocol):
    """Takes one answer with its head and body whole, and says `ok`."""

    def __init__(self, take: Callable[[bytes, bytes], None]) -> None:
        self._take, self._heard = take, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._heard += data
        head, end, body = self._heard.partition(b"\r\n\r\n")
        if end and len(body) >= int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0]):
            self._take(head, body)
            self._transport.write(_OK)
            self._transport.close()


def questions(number: int, seed: int) -> list[str]:
    """Different places, series and windows, as they come."""
    chance = random.Random(seed)
    return [
        " ".join(filter(None, (chance.choice(PLACES), chance.choice(SERIES), chance.choice(WINDOWS))))
        for _ in range(number)
    ]
