"""The bolt App: the same listeners for Socket Mode and for HTTP."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from slack_bolt import App, BoltResponse
from slack_bolt.authorization import AuthorizeResult

from bot.responsive import short_turns
from bot.slack import buttons, commands, home, submitted
from bot.slack.faults import note
from bot.slack.once import identity
from bot.slack.voice import Voice
from bot.transports.slack_calls import quiet


def build(voice: Voice) -> App:
    """The app. It asks Slack nothing: that the token is right is the doctor's business, and shows at use."""
    short_turns()
    bot = AuthorizeResult(enterprise_id=None, team_id=None, bot_token=voice.client.token)
    app = App(
        name="tocsin",
        logger=quiet("bot.slack.bolt"),
        client=voice.client,
        authorize=lambda: bot,
        token_verification_enabled=False,
        # bot.slack.http verifies before anything is parsed; a WebSocket was opened by our own token.
        request_verification_enabled=False,
        ssl_check_enabled=False,
        # Listeners only put the work into a queue. Bolt would else hand each to a thread, and look every
        # hundredth of a second whether it has acknowledged.
        process_before_response=True,
    )
    app.middleware(_once(voice))
    app.error(_failed)
    for part in (commands, buttons, submitted, home):
        part.register(app, voice)
    return app


def _once(voice: Voice) -> Callable[..., BoltResponse | None]:
    def once(body: Mapping[str, object], next_: Callable[[], None]) -> BoltResponse | None:
        key = identity(body)
        if key and not voice.once.first(key):
            return BoltResponse(status=200, body="")  # done already: Slack only wants to know that it arrived
        next_()
        return None

    return once


def _failed(error: Exception) -> None:
    note("slack: a listener failed", error)
