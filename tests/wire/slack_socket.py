"""Socket Mode's far side: addresses that are good once, hello, envelopes, and who acknowledged what when."""

from __future__ import annotations

import json
import socket
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.wire.slack import Json, SlackStandIn
from tests.wire.websocket import Peer

APP_TOKEN = "xapp-invented-for-tests"


@dataclass
class SocketStandIn:
    """Envelopes go to the newest connection, as Slack may choose."""

    slack: SlackStandIn
    tokens: set[str] = field(default_factory=lambda: {APP_TOKEN})
    peers: list[Peer] = field(default_factory=list)
    acks: dict[str, tuple[float, Json]] = field(default_factory=dict)  # envelope -> when, and with what
    addresses: set[str] = field(default_factory=set)
    port: int = 0
    mute: bool = False  # connections are taken and nothing is said on them
    _told: threading.Condition = field(default_factory=threading.Condition)

    def send(self, kind: str, payload: Json, *, envelope: str = "", retry: int = 0) -> str:
        """An envelope to the app; its id."""
        envelope = envelope or str(uuid.uuid4())
        body = {
            "envelope_id": envelope, "type": kind, "payload": payload,
            "accepts_response_payload": kind != "events_api",
        }  # fmt: skip
        if retry:
            body |= {"retry_attempt": retry, "retry_reason": "timeout"}
        self.newest.say(json.dumps(body))
        return envelope

    def acknowledged(self, envelope: str, within: float = 5.0) -> Json:
        """What the app acknowledged it with, `{}` for nothing; AssertionError when it did not."""
        with self._told:
            assert self._told.wait_for(lambda: envelope in self.acks, within), "not acknowledged"
            return self.acks[envelope][1]

    @property
    def newest(self) -> Peer:
        """The connection that was opened last."""
        return self.peers[-1]

    def wait_for_connections(self, number: int, within: float = 10.0) -> None:
        """Until so many have been opened in all."""
        with self._told:
            assert self._told.wait_for(lambda: len(self.peers) >= number, within), len(self.peers)

    @contextmanager
    def open(self) -> Iterator[None]:
        """Listen for as long as the block lasts."""
        self.slack.methods["apps.connections.open"] = lambda _slack, _values: self._address()
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self.port = int(listener.getsockname()[1])
            listener.settimeout(0.05)
            stop, threads = threading.Event(), list[threading.Thread]()
            accepting = threading.Thread(target=self._accept, args=(listener, stop, threads))
            accepting.start()
            try:
                yield
            finally:
                stop.set()
                accepting.join()
                for peer in self.peers:
                    peer.hang_up()
                for thread in threads:
                    thread.join()

    def _address(self) -> Json:
        ticket = uuid.uuid4().hex
        self.addresses.add(ticket)
        return {"url": f"ws://127.0.0.1:{self.port}/link/?ticket={ticket}&app_id=A1"}

    def _accept(
        self, listener: socket.socket, stop: threading.Event, threads: list[threading.Thread]
    ) -> None:
        while not stop.is_set():
            try:
                connection, _ = listener.accept()
            except TimeoutError:
                continue
            thread = threading.Thread(target=self._serve, args=(connection,))
            thread.start()
            threads.append(thread)

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(30)
        peer = Peer(connection)
        try:
            peer.greet()
            ticket = peer.path.partition("ticket=")[2].partition("&")[0]
            if ticket not in self.addresses:
                raise ConnectionError("the address was used before")
            self.addresses.discard(ticket)
            if not self.mute:
                peer.say(
                    json.dumps({"type": "hello", "num_connections": 1, "connection_info": {"app_id": "A1"}})
                )
        except OSError:
            peer.hang_up()
            return
        with self._told:
            self.peers.append(peer)
            self._told.notify_all()
        for text in peer.texts():
            told = json.loads(text)
            with self._told:
                self.acks.setdefault(told["envelope_id"], (time.monotonic(), told.get("payload") or {}))
                self._told.notify_all()
        peer.hang_up()


@contextmanager
def socket_stand_in(slack: SlackStandIn) -> Iterator[SocketStandIn]:
    """Beside a workspace, for as long as the block lasts. The app token opens sockets and nothing else."""
    far = SocketStandIn(slack)

    def bearer(name: str, authorization: str) -> bool:
        return name == "apps.connections.open" and authorization.removeprefix("Bearer ") in far.tokens

    slack.bearers.append(bearer)
    with far.open():
        yield far
