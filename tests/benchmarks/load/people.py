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
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: _Taking(self._take), "127.0.0.1", 0)
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
        said = loop.create_future()
        await loop.create_connection(lambda: _Asking(head.encode() + body, said), "127.0.0.1", port)
        status = await said
        if status != 200:
            self.refused.append(status)

    def _take(self, request: bytes) -> None:
        head, _, body = request.partition(b"\r\n\r\n")
        if b"/response/" in head:
            number = int(head.split(b"/response/")[1].split(b" ")[0])
            if b"Too many questions" not in body and b"Something went wrong" not in body:
                self.answers.add(number)


class _Asking(asyncio.Protocol):
    """One request; `said` becomes the status of its answer, 0 where there was none.

    Streams would be shorter, and twice as dear: what the crowd costs is missing to who answers it.
    """

    def __init__(self, request: bytes, said: asyncio.Future[int]) -> None:
        self._request, self._said, self._answer = request, said, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        self._answer += data

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - the name it is called by
        if not self._said.done():
            self._said.set_result(int(self._answer.split(b" ", 2)[1]) if self._answer else 0)


class _Taking(asyncio.Protocol):
    """One request to the far side, handed to `take` when it is there as a whole."""

    def __init__(self, take: Callable[[bytes], None]) -> None:
        self._take, self._request, self._length = take, b"", 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._request += data
        if not self._length and (ends := self._request.find(b"\r\n\r\n")) >= 0:
            head = self._request[:ends].lower()
            self._length = ends + 4 + int(head.split(b"content-length:")[1].split(b"\r\n")[0])
        if self._length and len(self._request) >= self._length:
            self._take(self._request)
            self._transport.write(_OK)
            self._transport.close()


def questions(number: int, seed: int) -> list[str]:
    """Different places, series and windows, as they come."""
    chance = random.Random(seed)
    return [
        " ".join(filter(None, (chance.choice(PLACES), chance.choice(SERIES), chance.choice(WINDOWS))))
        for _ in range(number)
    ]
