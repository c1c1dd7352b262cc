"""`tocsin extracts`: what came in, and a person's yes or no to what was held."""

from __future__ import annotations

import json

import click

from bot.commands.setup import Setup, pass_setup
from bot.words import plural


@click.group("extracts")
def command() -> None:
    """What came in, in which edition; release held extracts."""


@command.command("list")
@click.option("--source", help="Only this source.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@pass_setup
def list_(setup: Setup, source: str | None, as_json: bool) -> None:
    """Every extract with its edition and state."""
    from jobs.store.extracts import list_extracts

    house = setup.house()
    with house.store.read() as connection:
        rows = list_extracts(connection, source=source)
    if as_json:
        for r in rows:
            click.echo(json.dumps(vars(r), default=str, ensure_ascii=False))
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from jobs.sources.received import printable

    table = Table(title=plural(len(rows), "extract"), title_justify="left")
    for name in ("id", "source", "file", "months", "edition", "state", "rows", "quarantined", "received"):
        table.add_column(
            name, justify="right" if name in {"id", "rows", "quarantined"} else "left", overflow="fold"
        )
    for r in rows:
        months = "..".join(sorted({str(m) for m in (r.first, r.last) if m}))
        file = Text(printable(r.name.rsplit("/", 1)[-1]))
        table.add_row(
            str(r.id), r.source, file, months, str(r.edition or ""), r.state,
            f"{r.physical_rows:,}", f"{r.rows_quarantined:,}", f"{r.received:%Y-%m-%d}",
        )  # fmt: skip
    Console().print(table)


@command.command("accept")
@click.argument("extract", type=int)
@pass_setup
def accept(setup: Setup, extract: int) -> None:
    """Load a held extract: you have looked at it and its volume is right. Takes back a `reject`, too."""
    from jobs.landing.ingest import release
    from jobs.sources.received import printable

    house = setup.house()
    with house.store.writer():
        receipt = release(house, extract)
    click.echo(f"{printable(receipt.file)}: {plural(receipt.rows_loaded, 'row')} loaded for {receipt.month}")


@command.command("reject")
@click.argument("extract", type=int)
@pass_setup
def reject(setup: Setup, extract: int) -> None:
    """Turn a held extract down for good: nothing of it is loaded, also when it is pulled again."""
    from jobs.sources.received import printable
    from jobs.store.held import turn_down

    house = setup.house()
    with house.store.writer(), house.store.write() as connection:
        row = turn_down(connection, extract)
    click.echo(f"{printable(row.name)}: turned down; earlier data stays")
