"""`tocsin serve`: the clock and the bot, until told to stop."""

from __future__ import annotations

import signal
import threading
from contextlib import ExitStack
from types import FrameType
from typing import TYPE_CHECKING

import click

from bot.commands.setup import Setup, pass_setup

if TYPE_CHECKING:
    from bot.health.state import Health
    from bot.slack.serving import SlackService
    from jobs.house import House


@click.command("serve")
@click.option("--console", is_flag=True, help="Print what console channels are to be told.")
@click.option("--slack", is_flag=True, help="Post in Slack channels and answer there, by Socket Mode.")
@click.option("--teams", is_flag=True, help="Post in Teams channels, by their Workflows webhooks.")
@click.option("--http", type=int, metavar="PORT", help="Slack by signed HTTP on 127.0.0.1 instead; 0 = any.")
@click.option("--port", default=8321, show_default=True, help="/healthz and /metrics on 127.0.0.1; 0 = any.")
@click.option("--tick", default=30.0, show_default=True, help="Seconds between looks at the timetable.")
@pass_setup
def command(
    setup: Setup, console: bool, slack: bool, teams: bool, http: int | None, port: int, tick: float
) -> None:
    """Run the timetable: pull, judge, ring, digest; catch up after a pause.

    Stops on Ctrl-C or SIGTERM, after the extract at hand. What is left of an inbox, and a message that was
    under way, are looked after on the next start.
    """
    wanted = {"console": console, "slack": slack, "teams": teams}
    platforms = {name for name, on in wanted.items() if on}
    if not platforms:
        raise click.UsageError("nothing to serve: give --console, --slack or --teams")
    if http is not None and not slack:
        raise click.UsageError("--http is a way in from Slack: give --slack too")
    house = setup.house(create=True)
    _stop_on_signals(house)
    with house.store.writer():
        _serve(house, platforms, http, port, tick)
    click.echo("stopped", err=True)


def _serve(house: House, platforms: set[str], http: int | None, port: int, tick: float) -> None:
    """Everything that is served, in the order in which it is started; it is stopped the other way round."""
    from bot.health.server import HealthServer
    from bot.works import delivery_for
    from jobs.actions import ACTIONS
    from jobs.scheduler import Ticker

    delivery = delivery_for(house, platforms)
    with ExitStack() as stack:
        service = _slack(house, http) if "slack" in platforms else None
        if service is not None:
            stack.callback(service.close)
        ticker = Ticker(house, ACTIONS, interval=tick)
        served = frozenset(delivery.transports)
        server = HealthServer(_health(house, ticker.name, tick, served, service), port)
        stack.callback(server.close)
        name = house.partnership.name
        click.echo(f"serving {name}; health on http://127.0.0.1:{server.port}/healthz", err=True)
        if service is not None:
            service.start()
            click.echo(f"listening to Slack: {service.where}", err=True)
        stack.callback(ticker.stop)
        ticker.start()
        delivery.run(house.stopping)


def _slack(house: House, http: int | None) -> SlackService:
    from bot.slack.serving import SlackService

    return SlackService(house, http)


def _health(
    house: House, worker: str, tick: float, channels: frozenset[str], service: SlackService | None
) -> Health:
    """The console needs nothing of Slack's: its libraries are loaded where it is served."""
    if service is None:
        from bot.health.state import Health

        return Health(house.store, worker, tick, house.now, house, channels)
    from bot.slack.serving import SlackHealth

    return SlackHealth(house.store, worker, tick, house.now, house, channels, slack=service)


def _stop_on_signals(house: House) -> None:
    def ask_to_stop(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the signal's signature
        # Not here: the main thread waits on the flag and may hold its lock, for which it would wait for ever.
        threading.Thread(target=house.stopping.set).start()

    for wanted in (signal.SIGINT, signal.SIGTERM):
        signal.signal(wanted, ask_to_stop)
