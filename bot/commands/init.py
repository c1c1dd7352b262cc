"""`tocsin init DIR`: a new partnership folder, by questions or by options."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from jobs.errors import UsageError
from jobs.folder.newfolder import Plan, counties, districts, usual_force, write_folder


@click.command("init")
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option("--county", help="Folder of the county's look-ups, for example the county's code.")
@click.option("--district", help="Name or code of the district.")
@click.option("--name", help="What the partnership is called.")
@click.option("--police/--no-police", default=None, help="Read street-level crime from data.police.uk.")
@click.option("--force", help="The police force, as data.police.uk writes it in its file names.")
@click.option("--yes", is_flag=True, help="Ask nothing: take the default for all that is not given.")
def command(
    folder: Path,
    county: str | None,
    district: str | None,
    name: str | None,
    police: bool | None,
    force: str | None,
    yes: bool,
) -> None:
    """Make a new partnership folder in DIR, which must be empty or not exist."""
    if folder.exists() and any(folder.iterdir()):  # before the questions, not after
        raise UsageError(f"{folder} is not empty", "name a folder that does not exist yet")
    reference = _choose("County", counties(), county, yes)
    known = districts(reference)
    code = _choose("District", known, district, yes)
    if name is None:
        usual = f"{known[code]} Community Safety Partnership"
        name = usual if yes else click.prompt("Name of the partnership", default=usual)
    if police is None:
        police = (
            True if yes or force else click.confirm("Read street-level crime from police.uk?", default=True)
        )
    if police and force is None:
        usual = usual_force(reference)
        force = usual if yes else click.prompt("Police force, as in the file names", default=usual)
    made = write_folder(Plan(folder, reference, code, name, force if police else None))
    click.echo(f"{folder} is ready: {made.name}, {known[code]}.")
    click.echo(
        f"Next: `tocsin --partnership {folder} pull police`, and put events, targets and names into it."
    )


def _choose(what: str, known: Mapping[str, str], given: str | None, yes: bool) -> str:
    """A key of `known` (code -> name) from what was given by code or name, or by asking."""
    if given is None:
        if len(known) == 1:
            return next(iter(known))
        if yes:
            raise UsageError(f"which {what.lower()}?", f"give --{what.lower()}: {', '.join(known.values())}")
        click.echo(f"{what}: " + ", ".join(f"{name} ({code})" for code, name in known.items()))
        given = click.prompt(what)
    wanted = str(given).casefold().strip()
    for code, name in known.items():
        if wanted in (code.casefold(), name.casefold()):
            return code
    raise UsageError(
        f"there is no {what.lower()} called {given!r}", f"use one of: {', '.join(known.values())}"
    )
