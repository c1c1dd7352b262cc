"""`tocsin alerts`: the same answer as in chat."""

from __future__ import annotations

import click

from bot.commands.ask import ask, show
from bot.commands.setup import Setup, pass_setup


@click.command("alerts")
@click.argument("which", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@pass_setup
def command(setup: Setup, which: tuple[str, ...], as_json: bool) -> None:
    """Open alerts; `alerts all` for ended ones too, `alerts coalville` for a place."""
    answer = ask(setup, f"alerts {' '.join(which)}".strip(), clearance="sensitive")
    show(answer, "json" if as_json else "text")
