"""A bot to be killed at any instant, and the far side it posts to, which lives on.

The far side takes a message up to 24 ms after the request, whether or not the bot still lives, and its answer
may be late: what a killed or impatient client leaves behind is really under way.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import socket
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.delivery import Delivery
from bot.message import Message
from bot.transports.base import Unclear
from jobs.house import House
from jobs.scheduler import Ticker
from jobs.store.engine import Store
from jobs.store.outbox import enqueue
from rules.model import Month

CHANNELS = ("jag", "board", "beat", "fire")
ALERTS = 2  # a month and channel
# Seconds; the far side takes nothing that is older than that. More where it is slow.
_TIMEOUT = float(os.environ.get("TOCSIN_WIRE_SECONDS", "0.1"))
_MARGIN = 3 * _TIMEOUT
_LEASE = dt.timedelta(seconds=float(os.environ.get("TOCSIN_LEASE_SECONDS", "1")))  # more where it is slow


@dataclass
class FarSide:
    """What is on the wall, and every post and edit that made it so."""

    seed: int
    lock: threading.Lock = field(default_factory=threading.Lock)
    posts: list[tuple[str, str]] = field(default_factory=list)  # channel, key
    wall: dict[tuple[str, str], str] = field(default_factory=dict)  # channel, key -> text
    requests: int = 0
    finds: int = 0  # how often a bot had to look for what another had left behind
    port: int = 0

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)

    def answer(self, request: dict[str, str]) -> str | None:
        """Act on a request after a while; None is hanging up without having taken anything."""
        at = (request["channel"], request["key"])
        self.requests += 1
        if request["do"] == "find":
            with self.lock:
                self.finds += 1
                return "there" if at in self.wall else ""
        time.sleep(self.chance.uniform(0, 0.024))
        with self.lock:
            if time.monotonic() - float(request["sent"]) > _TIMEOUT:
                return None
            if request["do"] == "post":
                self.posts.append(at)
            self.wall[at] = request["text"]
        time.sleep(0.15 if self.chance.random() < 0.03 else self.chance.uniform(0, 0.01))
        return "taken"

    @contextmanager
    def open(self) -> Iterator[FarSide]:
        """Listen on a free port for as long as the block lasts."""
        side = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                said = side.answer(json.loads(self.rfile.readline()))
                if said is not None:
                    self.wfile.write(f"{said}\n".encode())

        class Server(socketserver.ThreadingTCPServer):
            def handle_error(self, request: object, client_address: object) -> None:
                """A killed client does not read its answer."""

        with Server(("127.0.0.1", 0), Handler) as server:
            self.port = int(server.server_address[1])
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
            thread.start()
            try:
                yield self
            finally:
                server.shutdown()
                thread.join()


@dataclass
class Wire:
    """The bot's end: a Transport."""

    channel: str
    port: int
    timeout: float = _TIMEOUT
    pace: float = 0.0
    can_find: bool = True
    may_repeat: bool = False

    def post(self, message: Message) -> str:
        self._ask("post", message.key, message.title)
        return message.key

    def edit(self, reference: str, message: Message) -> str:
        self._ask("edit", reference, message.title)
        return reference

    def find(self, message: Message) -> str | None:
        return message.key if self._ask("find", message.key, "") else None

    def _ask(self, do: str, key: str, text: str) -> str:
        request = {"do": do, "channel": self.channel, "key": key, "text": text, "sent": str(time.monotonic())}
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=self.timeout) as line:
                line.sendall(json.dumps(request).encode() + b"\n")
                answer = line.makefile().readline()
        except OSError as error:
            raise Unclear(str(error)) from error
        if not answer:
            raise Unclear("hung up")
        return answer.strip()


def text(month: str, n: int, news: str) -> str:
    return f"{month} alert {n} as of {news}"


def pull(house: House, _source: str, period: str) -> str:
    """This month's alerts, and last month's told anew: posts and edits in one transaction."""
    before = str(Month.parse(period) + -1)
    with house.store.write() as connection:
        for month in (before, period):
            for n, channel in ((n, c) for n in range(ALERTS) for c in CHANNELS):
                key = f"alert:{month}:{n}"
                enqueue(connection, key, channel, "alert", text(month, n, period), house.now())
        time.sleep(0.003)  # a transaction that is open for a while is a transaction that is killed
    return "pulled"


def digest(house: House, _none: str, period: str) -> str:
    with house.store.write() as connection:
        enqueue(connection, f"digest:{period}", CHANNELS[0], "alert", f"digest {period}", house.now())
    return "digested"


def build(payload: str) -> Message:
    return Message("", 0, payload, payload)


def work(url: str, folder: str, port: int) -> None:
    """Tick and deliver until killed."""
    store = Store.at(url)
    house = House(Path(folder), store)
    wires = {channel: Wire(channel, port) for channel in CHANNELS}
    delivery = Delivery(store, wires, {"alert": build}, margin=_MARGIN)
    threading.Thread(target=delivery.run, args=(threading.Event(), 0.01), daemon=True).start()
    ticker = Ticker(house, {"pull": pull, "digest": digest}, lease=_LEASE)
    while True:
        ticker.tick_once()
        time.sleep(0.01)
