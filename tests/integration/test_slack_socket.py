"""Socket Mode: connections that end, fall silent, or are refused."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult

from bot.slack.socket import SocketLink
from bot.transports.slack_calls import quiet, slack_client
from jobs.errors import UsageError
from tests.slack_shop import until
from tests.wire.faults import dropped, refused, status
from tests.wire.slack import TOKEN, Refusal, SlackStandIn, slack_stand_in
from tests.wire.slack_socket import APP_TOKEN, SocketStandIn, socket_stand_in


@dataclass
class Wire:
    """Both sides. `link(...)` makes the near one."""

    slack: SlackStandIn
    far: SocketStandIn
    heard: list[str]
    app: App
    links: list[SocketLink]

    def link(self, **how: Any) -> SocketLink:
        client = slack_client("", self.slack.api, request=2)
        link = SocketLink(self.app, APP_TOKEN, client, **{"beat": 0.05, **how})
        self.links.append(link)
        return link

    def say(self, text: str) -> None:
        sent = self.far.send("slash_commands", {"command": "/x", "text": text, "user_id": "U1"})
        assert self.far.acknowledged(sent) == {"text": f"heard {text}"}


@pytest.fixture
def wire() -> Iterator[Wire]:
    heard: list[str] = []
    with slack_stand_in("C1") as slack, socket_stand_in(slack) as far:
        app = App(
            client=slack_client(TOKEN, slack.api), logger=quiet("tests.bolt"),
            token_verification_enabled=False,
            authorize=lambda: AuthorizeResult(enterprise_id=None, team_id=None, bot_token=TOKEN),
        )  # fmt: skip

        @app.command("/x")
        def listen(ack: Any, command: dict[str, str]) -> None:
            heard.append(command["text"])
            ack(f"heard {command['text']}")

        made = Wire(slack, far, heard, app, [])
        yield made
        for link in made.links:
            link.close()
        app.listener_runner.listener_executor.shutdown()


def test_an_envelope_is_acknowledged_and_its_age_told(wire: Wire) -> None:
    link = wire.link()
    link.start()
    wire.say("one")
    assert wire.heard == ["one"]
    until(lambda: link.pulse.connections == 1, "hello")
    assert link.pulse.connected
    assert link.pulse.envelope_age < 5
    time.sleep(0.1)
    assert link.pulse.envelope_age >= 0.1


def test_a_connection_that_is_cut_or_taken_away_is_opened_again(wire: Wire) -> None:
    wire.link().start()
    wire.far.wait_for_connections(1)
    wire.far.newest.hang_up()
    wire.far.wait_for_connections(2)
    wire.say("after the cut")
    wire.far.newest.say('{"type":"disconnect","reason":"refresh_requested"}')
    wire.far.wait_for_connections(3)
    wire.say("after the refresh")


def test_silence_opens_a_new_connection(wire: Wire) -> None:
    wire.far.mute = True
    link = wire.link(silence=0.3)
    link.start()
    wire.far.wait_for_connections(2)
    wire.far.mute = False
    wire.far.wait_for_connections(3)
    wire.say("heard again")
    assert link.pulse.connected


def test_slack_that_is_away_is_waited_for(wire: Wire) -> None:
    wire.slack.fail("apps.connections.open", status(503), dropped(), refused("internal_error"))
    link = wire.link()
    link.start()
    assert not link.pulse.connected
    wire.far.wait_for_connections(1)
    wire.say("there at last")
    until(lambda: link.pulse.down_for == 0, "up")


def test_a_token_that_slack_does_not_know_is_said_at_the_start(wire: Wire) -> None:
    def no(_slack: object, _values: object) -> dict[str, Any]:
        raise Refusal("invalid_auth")

    wire.slack.methods["apps.connections.open"] = no
    with pytest.raises(UsageError, match="does not take the app token") as refusal:
        wire.link().start()
    assert "TOCSIN_SLACK_APP_TOKEN" in refusal.value.advice
    assert APP_TOKEN not in str(refusal.value)


@pytest.mark.parametrize(
    "address", ["ws://slack.example/x", "wss://slack.example:8443/x", "http://slack.example/"]
)
def test_no_socket_in_the_clear(wire: Wire, address: str) -> None:
    wire.slack.methods["apps.connections.open"] = lambda *_: {"url": address}
    with pytest.raises(UsageError, match="address of the socket"):
        wire.link().start()


def test_it_hangs_up_when_it_is_closed(wire: Wire) -> None:
    link = wire.link()
    link.start()
    wire.far.wait_for_connections(1)
    begun = time.monotonic()
    link.close()
    assert time.monotonic() - begun < 3
    until(wire.far.newest.closed.is_set, "hung up")
