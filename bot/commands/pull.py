"""`tocsin pull`: extracts in, receipts out."""

from __future__ import annotations

import dataclasses
import json
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.commands.setup import Setup, month_option, pass_setup
from bot.words import plural

if TYPE_CHECKING:
    from jobs.folder.partnership import SourceSettings
    from jobs.house import House
    from jobs.sources.base import Receipt
    from rules.month import Month

_FAILED = {"reject-file", "hold"}


@click.command("pull")
@click.argument("source")
@click.option(
    "--from", "origins", multiple=True, metavar="PATH_OR_URL",
    help="A folder, a zip, a CSV, an XLSX or an https address; may be given several times. "
    "Without it the source's own address is asked.",
)  # fmt: skip
@click.option("--month", callback=month_option, metavar="YYYY-MM", help="The month you expect.")
@click.option("--json", "as_json", is_flag=True, help="One JSON receipt a line.")
@pass_setup
def command(setup: Setup, source: str, origins: tuple[str, ...], month: Month | None, as_json: bool) -> None:
    """Fetch or read extracts of SOURCE and load them.

    One receipt a file. Loading the same file again changes nothing; a later edition replaces its month.

    \b
    tocsin pull police --from ~/Downloads/2026-08.zip
    tocsin pull fire --from extracts/ --json
    """
    house = setup.house(create=True)
    settings = house.partnership.source(source)
    receipts: list[Receipt] = []
    with house.store.writer(), ExitStack() as stack:
        paths = [_local(stack, house, settings, origin, month) for origin in origins or (None,)]
        try:
            for receipt in _shown(_pull(house, settings, paths, month), quiet=as_json):
                receipts.append(receipt)
                if as_json:
                    click.echo(json.dumps(dataclasses.asdict(receipt), ensure_ascii=False))
        finally:  # what was loaded before a fault is loaded, and is said
            if receipts and not as_json:
                _print(receipts)
    if not receipts:
        raise click.UsageError("there was no file to read: look at --from")
    if any(r.outcome.value in _FAILED for r in receipts):
        raise SystemExit(3)


def _pull(house: House, source: SourceSettings, paths: list[Path], month: Month | None) -> Iterator[Receipt]:
    from jobs.landing.ingest import pull_paths

    yield from pull_paths(house, source, paths, month)


def _local(
    stack: ExitStack, house: House, source: SourceSettings, origin: str | None, month: Month | None
) -> Path:
    """A path to read from: the one given, or a download that goes away afterwards.

    Looked at before the first file is read: a half-done command is hard to explain.
    """
    from jobs.errors import UsageError
    from jobs.sources.fetch import fetch
    from jobs.sources.paths import is_folder

    if origin is not None and "://" not in origin:
        path = Path(origin)
        is_folder(path)  # UsageError when there is nothing, or nothing that can be opened
        return path
    if origin is None and source.archive_url is None:
        raise UsageError(
            f"the source {source.id} has no address of its own", "give a file or folder: --from PATH"
        )
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tocsin-")))
    return fetch(source, origin, month, folder, today=house.today)


def _shown(receipts: Iterator[Receipt], *, quiet: bool) -> Iterator[Receipt]:
    """A spinner with the file at hand, for people on a terminal."""
    from rich.console import Console

    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        yield from receipts
        return
    with console.status("Reading ...") as status:
        for n, receipt in enumerate(receipts, 1):
            status.update(f"{plural(n, 'file')} read, last {receipt.file}")
            yield receipt


def _print(receipts: list[Receipt]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from jobs.sources.received import printable

    table = Table(title="Receipts", title_justify="left")
    for name in ("file", "month", "edition", "outcome"):
        table.add_column(name, overflow="fold")
    for name in ("rows", "loaded", "quarantined"):
        table.add_column(name, justify="right")
    for r in receipts:
        table.add_row(
            Text(printable(Path(r.file).name)), r.month or "", str(r.edition or ""), r.outcome.value,
            f"{r.physical_rows:,}", f"{r.rows_loaded:,}", f"{r.rows_quarantined:,}",
        )  # fmt: skip
    console = Console()
    console.print(table)
    for r in receipts:
        if r.advice:
            console.print(Text(printable(f"{Path(r.file).name}: {r.reason}. {r.advice}")))
    rows, kept = sum(r.physical_rows for r in receipts), sum(r.rows_loaded for r in receipts)
    aside = sum(r.rows_quarantined for r in receipts)
    console.print(
        f"{plural(len(receipts), 'file')}, {plural(rows, 'row')}: {kept:,} loaded, {aside:,} quarantined."
    )
