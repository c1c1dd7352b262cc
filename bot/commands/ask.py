"""`tocsin ask`: any chat command, in the terminal, with no account at all."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from bot.commands.setup import Setup, month_option, pass_setup

if TYPE_CHECKING:
    from bot.message import Answer
    from rules.month import Month


@click.command("ask")
@click.argument("text", nargs=-1, required=True)
@click.option("--as-of", callback=month_option, metavar="YYYY-MM", help="Nothing after this month is known.")
@click.option(
    "--clearance", type=click.Choice(["public", "partner", "sensitive"]), default="public",
    help="Whose eyes the answer is for.",
)  # fmt: skip
@click.option("--format", "form", type=click.Choice(["text", "json", "html"]), default="text")
@pass_setup
def command(setup: Setup, text: tuple[str, ...], as_of: Month | None, clearance: str, form: str) -> None:
    """Ask as you would in chat; quotes are optional.

    \b
    tocsin ask hotspots coalville
    tocsin ask "trend vehicle-crime nwl 24m"
    tocsin ask define TFMV
    """
    answer = ask(setup, " ".join(text), as_of, clearance)
    show(answer, form)
    if answer.state == "refused":
        raise SystemExit(4)


def ask(setup: Setup, text: str, as_of: Month | None = None, clearance: str = "public") -> Answer:
    """Parse and answer one command."""
    from bot.answers.desk import Desk
    from rules.model import Classification

    return Desk(setup.house()).ask(text, as_of=as_of, clearance=Classification(clearance))


def show(answer: Answer, form: str) -> None:
    """Print an answer in the form asked for."""
    if form == "json":
        from bot.renderers.json import answer_json

        click.echo(json.dumps(answer_json(answer), ensure_ascii=False))
    elif form == "html":
        from bot.renderers.html import answer_html

        click.echo(answer_html(answer))
    else:
        from rich.console import Console

        from bot.renderers.text import print_answer

        print_answer(Console(), answer)
