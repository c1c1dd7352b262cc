"""`tocsin db`: the schema."""

from __future__ import annotations

import click

from bot.commands.setup import Setup, pass_setup


@click.group("db")
def command() -> None:
    """The database schema."""


@command.command("upgrade")
@pass_setup
def upgrade(setup: Setup) -> None:
    """Bring the database to this program's schema; makes it when there is none."""
    from jobs.store import schema

    house = setup.house(ready=False)
    with house.store.writer():
        click.echo(f"{house.store.shown} is at schema {schema.upgrade(house.store)}")
