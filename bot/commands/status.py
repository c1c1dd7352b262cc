"""`tocsin status`: how things stand."""

from __future__ import annotations

import dataclasses
import json

import click

from bot.commands.setup import Setup, pass_setup


@click.command("status")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@pass_setup
def command(setup: Setup, as_json: bool) -> None:
    """Freshness of the sources, the jobs' ledger, the outbox and what could not be delivered."""
    from bot.words import plural
    from jobs.counting.freshness import source_facts
    from jobs.facts import SourceFacts
    from jobs.scheduler import HEARTBEAT
    from jobs.store import ledger, letters

    house = setup.house()
    with house.store.read() as connection:
        sources: list[SourceFacts] = [
            source_facts(connection, s, today=house.today) for s in house.partnership.sources.values()
        ]
        jobs = ledger.entries(connection)
        rows = letters.standings(connection)
        dead = letters.given_up(connection)
        beat = ledger.last_beat(connection, HEARTBEAT)
    if as_json:
        told = {
            "sources": [dataclasses.asdict(s) for s in sources],
            "jobs": [dataclasses.asdict(j) for j in jobs],
            "outbox": [dataclasses.asdict(r) for r in rows],
            "dead": [dataclasses.asdict(d) for d in dead],
            "heartbeat": beat,
        }
        click.echo(json.dumps(told, default=str, ensure_ascii=False))
        return
    click.echo(f"{house.partnership.name}, {house.store.shown}")
    click.echo("ticker     " + (f"last beat {beat:%Y-%m-%d %H:%M} UTC" if beat else "never started here"))
    for s in sources:
        late = f", late: {s.late}" if s.late else ""
        click.echo(
            f"source     {s.id}: {plural(s.months, 'month')}, data to {s.last_month or 'nothing yet'}{late}"
        )
    for j in jobs[-20:]:
        click.echo(f"job        {j.job} {j.period}: {j.state}")
    for r in rows:
        click.echo(f"outbox     {r.channel}: {r.count} {r.state}")
    for d in dead:
        click.echo(f"undelivered {d.channel} {d.key}: {d.error}")
