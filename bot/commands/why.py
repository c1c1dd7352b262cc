"""`tocsin why`: the whole evidence of one alert."""

from __future__ import annotations

import click

from bot.commands.ask import ask, show
from bot.commands.setup import Setup, pass_setup


@click.command("why")
@click.argument("alert")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@pass_setup
def command(setup: Setup, alert: str, as_json: bool) -> None:
    """Why alert ALERT rang: rule, baseline, range, p-value, source, extract.

    \b
    tocsin why A-2022-06-01
    """
    show(ask(setup, f"why {alert}", clearance="sensitive"), "json" if as_json else "text")
