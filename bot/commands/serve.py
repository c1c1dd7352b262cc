"""`tocsin serve`: the clock and the bot, until told to stop."""

from __future__ import annotations

import signal
import threading
from types import FrameType

import click

from bot.commands.setup import Setup, pass_setup


@click.command("serve")
@click.option("--console", is_flag=True, help="Print what console channels are to be told.")
@click.option("--port", default=8321, show_default=True, help="/healthz and /metrics on 127.0.0.1; 0 = any.")
@click.option("--tick", default=30.0, show_default=True, help="Seconds between looks at the timetable.")
@pass_setup
def command(setup: Setup, console: bool, port: int, tick: float) -> None:
    """Run the timetable: pull, judge, ring, digest; catch up after a pause.

    Stops on Ctrl-C or SIGTERM, after the job at hand. A message that was under way is looked after on
    the next start.
    """
    if not console:
        raise click.UsageError("nothing to serve: give --console")
    from bot.health import Health, HealthServer
    from bot.works import delivery_for
    from jobs.actions import ACTIONS
    from jobs.scheduler import Ticker

    house = setup.house(create=True)
    stop = threading.Event()

    def ask_to_stop(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the signal's signature
        stop.set()

    for wanted in (signal.SIGINT, signal.SIGTERM):
        signal.signal(wanted, ask_to_stop)
    with house.store.writer():
        ticker = Ticker(house, ACTIONS, interval=tick)
        server = HealthServer(Health(house.store, ticker.name, tick, house.now), port)
        click.echo(
            f"serving {house.partnership.name}; health on http://127.0.0.1:{server.port}/healthz", err=True
        )
        try:
            ticker.start()
            delivery_for(house, {"console"}).run(stop)
        finally:
            ticker.stop()
            server.close()
    click.echo("stopped", err=True)
