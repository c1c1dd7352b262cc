"""`tocsin digest`: the month on one page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.commands.setup import Setup, month_option, pass_setup

if TYPE_CHECKING:
    from jobs.facts import DigestFacts
    from jobs.house import House
    from rules.month import Month


_ENDINGS = {"text": "txt", "html": "html", "slack": "slack.json", "teams": "teams.json"}


@click.command("digest")
@click.option("--month", callback=month_option, metavar="YYYY-MM", help="Default: the newest month.")
@click.option("--format", "form", type=click.Choice(sorted(_ENDINGS)), default="text",
    help="slack, teams: the blocks and replies, or the card, that would be sent.",
)  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help="Write a file here instead.")
@click.option("--clearance", type=click.Choice(["public", "partner", "sensitive"]), default="public")
@click.option("--sign", is_flag=True, help="Sign the draft off: its channels get it. Written into the audit.")
@pass_setup
def command(
    setup: Setup, month: Month | None, form: str, out: Path | None, clearance: str, *, sign: bool
) -> None:
    """The monthly digest: what moved, where, and how fresh the figures are.

    \b
    tocsin digest --month 2022-06
    tocsin digest --format html --out site/
    tocsin digest --month 2022-06 --sign
    """
    if sign:
        _sign(setup, month)
        return
    house = setup.house()
    facts = gather(house, month, clearance)
    text = _drawn(house, facts, form)
    if out is None:
        click.echo(text)
        return
    out.mkdir(parents=True, exist_ok=True)
    path = out / f"digest-{facts.month}.{_ENDINGS[form]}"
    path.write_text(text, encoding="utf-8")
    click.echo(f"written: {path}")


def _sign(setup: Setup, month: Month | None) -> None:
    """As `digest MONTH sign` in chat; whoever has the database may see everything in it."""
    from bot.commands.ask import ask, show

    answer = ask(setup, f"digest {month or ''} sign", clearance="sensitive")
    show(answer, "text")
    if answer.state == "refused":
        raise SystemExit(4)
    if answer.state != "ok":
        raise SystemExit(5)


def gather(house: House, month: Month | None, clearance: str) -> DigestFacts:
    """The digest's facts from the database; NotReady for a month that has none."""
    from jobs.attention.clearance import Readers
    from jobs.digest import digest_facts, month_to_tell
    from rules.model import Classification

    with house.store.read() as connection:
        reader = Readers(Classification(clearance))
        return digest_facts(connection, house, month_to_tell(connection, house, month, reader), reader)


def page(house: House, facts: DigestFacts) -> str:
    """One self-contained HTML page with charts and a map."""
    from bot.renderers.html import digest_page

    return digest_page(facts, house.geography.boundaries)


def _drawn(house: House, facts: DigestFacts, form: str) -> str:
    if form == "html":
        return page(house, facts)
    if form == "slack":
        return _slack(facts)
    if form == "teams":
        from bot.renderers.cards import message_card
        from bot.views.digest import digest_whole

        return json.dumps(message_card(digest_whole(facts)), ensure_ascii=False)
    from bot.views.digest import digest_text

    return digest_text(facts)


def _slack(facts: DigestFacts) -> str:
    """The message and its replies, without what is uploaded."""
    from bot.renderers.slack import message_blocks
    from bot.views.digest import digest_thread, posted
    from jobs.facts import DigestPost

    first, *replies = (message_blocks(m) for m in (posted(DigestPost("first", facts)), *digest_thread(facts)))
    told = {"text": first.text, "blocks": first.blocks}
    thread = [{"text": r.text, "blocks": r.blocks} for r in replies]
    return json.dumps(told | {"thread": thread}, ensure_ascii=False)
