"""`tocsin digest`: the month on one page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.commands.setup import Setup, month_option, pass_setup

if TYPE_CHECKING:
    from jobs.facts import DigestFacts
    from jobs.house import House
    from rules.month import Month


@click.command("digest")
@click.option("--month", callback=month_option, metavar="YYYY-MM", help="Default: the newest month.")
@click.option("--format", "form", type=click.Choice(["text", "html"]), default="text")
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help="Write a file here instead.")
@click.option("--clearance", type=click.Choice(["public", "partner", "sensitive"]), default="public")
@pass_setup
def command(setup: Setup, month: Month | None, form: str, out: Path | None, clearance: str) -> None:
    """The monthly digest: what moved, where, and how fresh the figures are.

    \b
    tocsin digest --month 2022-06
    tocsin digest --format html --out site/
    """
    house = setup.house()
    facts = gather(house, month, clearance)
    text = page(house, facts) if form == "html" else _text(facts)
    if out is None:
        click.echo(text)
        return
    out.mkdir(parents=True, exist_ok=True)
    path = out / f"digest-{facts.month}.{'html' if form == 'html' else 'txt'}"
    path.write_text(text, encoding="utf-8")
    click.echo(f"written: {path}")


def gather(house: House, month: Month | None, clearance: str) -> DigestFacts:
    """The digest's facts from the database; NotReady for a month that has none."""
    from jobs.digest import digest_facts, month_to_tell
    from rules.model import Classification

    with house.store.read() as connection:
        reader = Classification(clearance)
        return digest_facts(connection, house, month_to_tell(connection, house, month, reader), reader)


def page(house: House, facts: DigestFacts) -> str:
    """One self-contained HTML page with charts and a map."""
    from bot.renderers.html import digest_page

    return digest_page(facts, house.geography.boundaries)


def _text(facts: DigestFacts) -> str:
    from bot.views.digest import digest_text

    return digest_text(facts)
