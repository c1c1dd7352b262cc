"""`tocsin run`: one job of the timetable, now."""

from __future__ import annotations

import click

from bot.commands.setup import Setup, pass_setup
from bot.words import plural


@click.command("run")
@click.argument("job", metavar="JOB")
@click.option("--period", help="The data month (YYYY-MM) or, for housekeeping, the day.")
@pass_setup
def command(setup: Setup, job: str, period: str | None) -> None:
    """Run JOB now: tick, pull:SOURCE, late:SOURCE, digest, housekeeping or deliver.

    `tick` runs everything that is due, as the scheduler would. A period that is done stays done.

    \b
    tocsin run tick
    tocsin run digest --period 2026-08
    """
    from bot.works import delivery_for
    from jobs import runs
    from jobs.actions import ACTIONS
    from jobs.errors import UsageError
    from jobs.scheduler import Ticker

    house = setup.house(create=True)
    with house.store.writer():
        if job == "deliver":
            click.echo(f"{plural(delivery_for(house, {'console'}).drain(), 'message')} dealt with")
            return
        if job == "tick":
            ran = Ticker(house, ACTIONS).tick_once()
            for item, ended in ran:
                click.echo(f"{item.job} {item.period}: {ended.state}. {ended.detail}")
            if not ran:
                click.echo("nothing is due")
            return
        name = job.partition(":")[0]
        if name not in ACTIONS:
            raise UsageError(f"there is no job {job!r}", f"use tick, deliver or one of: {', '.join(ACTIONS)}")
        if period is None:
            raise click.UsageError("say which period: --period YYYY-MM")
        run = runs.claim(house.store, job, period, clock=house.now, by_hand=True)
        if run is None:
            click.echo(f"{job} {period} is done already, or at work elsewhere; see `tocsin status`")
            return
        ended = runs.carry_out(run, house, ACTIONS[name])
    click.echo(f"{job} {period}: {ended.state}. {ended.detail}")
    if ended.state == "failed":
        raise SystemExit(1)
