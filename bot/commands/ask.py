"""`tocsin ask`: any chat command, in the terminal, with no account at all."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from bot.commands.setup import Setup, month_option, pass_setup

if TYPE_CHECKING:
    from bot.message import Answer
    from jobs.attention.people import Actor
    from jobs.house import House
    from rules.month import Month

_CLEARANCES = ("public", "partner", "sensitive")
_FORMS = ("text", "json", "slack", "teams", "html")


@click.command("ask")
@click.argument("text", nargs=-1, required=True)
@click.option("--as-of", callback=month_option, metavar="YYYY-MM", help="Nothing after this month is known.")
@click.option(
    "--clearance", type=click.Choice(_CLEARANCES), default="public", help="Whose eyes the answer is for."
)
@click.option(
    "--role", type=click.Choice(["reader", "officer", "analyst", "admin"]), default="analyst",
    show_default=True, help="What you may do with alerts: whoever has the database has it.",
)  # fmt: skip
@click.option("--channel", default="", metavar="ID", help="As if asked in this channel: see `here`.")
@click.option("--format", "form", type=click.Choice(_FORMS), default="text",
    help="slack, teams: the blocks or the card that would be sent.",
)  # fmt: skip
@pass_setup
def command(
    setup: Setup,
    text: tuple[str, ...],
    as_of: Month | None,
    clearance: str,
    role: str,
    channel: str,
    form: str,
) -> None:
    """Ask as you would in chat; quotes are optional. What is asked and done is written into the audit.

    \b
    tocsin ask hotspots coalville
    tocsin ask "trend vehicle-crime nwl 24m"
    tocsin ask ack A-2022-06-02
    tocsin ask silence drugs coalville 3m "Op Tiger"
    """
    answer = ask(setup, _joined(text), as_of, clearance, role, channel)
    show(answer, form)
    if answer.state == "refused":
        raise SystemExit(4)


def ask(
    setup: Setup,
    text: str,
    as_of: Month | None = None,
    clearance: str = "public",
    role: str = "analyst",
    channel: str = "",
) -> Answer:
    """Parse, answer or do, and audit one command of whoever sits at the terminal."""
    from bot.answers.desk import Desk
    from bot.audited import audited

    house = setup.house()
    return audited(Desk(house), text, _actor(house, clearance, role, channel), as_of=as_of)


def _actor(house: House, clearance: str, role: str, channel: str) -> Actor:
    from dataclasses import replace

    from jobs.attention.people import Role, at_terminal
    from jobs.errors import UsageError
    from rules.model import Classification

    actor = at_terminal(Role(role), Classification(clearance))
    if not channel:
        return actor
    known = house.partnership.channels.get(channel)
    if known is None:
        channels = ", ".join(house.partnership.channels)
        raise UsageError(f"there is no channel {channel!r} in partnership.toml", f"use one of: {channels}")
    lower = min(actor.clearance, known.clearance, key=lambda c: c.rank)
    return replace(actor, channel=channel, clearance=lower)


def _joined(text: tuple[str, ...]) -> str:
    """The words as typed: a shell takes the quotes off a reason, and they say where it begins."""
    if len(text) == 1:
        return text[0]
    return " ".join(f'"{part}"' if " " in part and '"' not in part else part for part in text)


def show(answer: Answer, form: str) -> None:
    """Print an answer in the form asked for."""
    if form == "json":
        from bot.renderers.json import answer_json

        click.echo(json.dumps(answer_json(answer), ensure_ascii=False))
    elif form == "slack":
        from bot.renderers.slack import answer_blocks

        said = answer_blocks(answer)
        click.echo(json.dumps({"text": said.text, "blocks": said.blocks}, ensure_ascii=False))
    elif form == "teams":
        from bot.renderers.cards import answer_card

        click.echo(json.dumps(answer_card(answer), ensure_ascii=False))
    elif form == "html":
        from bot.renderers.html import answer_html

        click.echo(answer_html(answer))
    else:
        from rich.console import Console

        from bot.renderers.text import print_answer

        print_answer(Console(), answer)
