"""`tocsin quarantine`: rows that cannot be right, kept as they stood."""

from __future__ import annotations

import json
import sys

import click

from bot.commands.setup import Setup, pass_setup

_FIELDS = ("id", "source", "name", "line", "reason", "detail", "text")


@click.group("quarantine")
def command() -> None:
    """Rows that were set aside, verbatim, with file, line and reason."""


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@pass_setup
def list_(setup: Setup, as_json: bool) -> None:
    """Every row in quarantine."""
    from jobs.sources.received import printable

    rows = _rows(setup)
    for row in rows:
        if as_json:
            click.echo(json.dumps({k: row[k] for k in _FIELDS}, ensure_ascii=False))
        else:
            file = str(row["name"]).rsplit("/", 1)[-1]
            said = f"{file} line {row['line']}: {row['reason']}  {row['detail']}"
            click.echo(f"{row['id']:>6}  {printable(said)}")
    if not rows and not as_json:
        click.echo("nothing is in quarantine")


@command.command("show")
@click.argument("number", type=int)
@pass_setup
def show(setup: Setup, number: int) -> None:
    """One row as it stood in the file; control characters are spelt out."""
    from jobs.errors import UsageError
    from jobs.sources.received import printable

    for row in _rows(setup):
        if row["id"] == number:
            for key in _FIELDS[1:]:
                click.echo(f"{key:8} {printable(str(row[key]))}")
            return
    raise UsageError(f"there is no quarantined row {number}", "see `tocsin quarantine list`")


@command.command("export")
@pass_setup
def export(setup: Setup) -> None:
    """All of it as CSV on standard output; cells that a spreadsheet would run are defused."""
    import csv

    out = csv.writer(sys.stdout)
    out.writerow(_FIELDS)
    for row in _rows(setup):
        out.writerow([_defused(str(row[k])) for k in _FIELDS])


def _defused(cell: str) -> str:
    """Text, whatever a spreadsheet thinks of its first character."""
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell


def _rows(setup: Setup) -> list[dict[str, object]]:
    from jobs.store.extracts import quarantined

    with setup.house().store.read() as connection:
        return quarantined(connection)
