"""`tocsin demo`: the whole main job on the shipped sample, with no account and no network."""

from __future__ import annotations

import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.commands.setup import Setup, pass_setup
from bot.words import plural

if TYPE_CHECKING:
    from rich.console import Console

    from jobs.facts import AlertFacts
    from jobs.house import House

_FAST_MONTHS = 6


@click.command("demo")
@click.option("--fast", is_flag=True, help=f"Judge only the last {_FAST_MONTHS} months, draw fewer charts.")
@click.option("--out", type=click.Path(path_type=Path), default=Path("demo"), show_default=True)
@pass_setup
def command(setup: Setup, fast: bool, out: Path) -> None:
    """Load the sample, judge every month, ring the alerts here, answer three commands.

    Leaves a digest page and charts in ./demo/. The database is temporary.
    """
    from rich.console import Console

    console = Console(highlight=False)
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="tocsin-demo-") as folder:
        temporary = replace(setup, database=f"sqlite:///{Path(folder) / 'demo.db'}")
        house = temporary.house(create=True)
        _load(house, console)
        rung = _ring(house, console, _FAST_MONTHS if fast else None)
        _answer(house, console, rung)
        _leave(house, console, out, rung, fast=fast)
        house.store.close()
    console.print(f"\nDone in {time.monotonic() - started:.0f} s. Open {out / 'digest.html'} in a browser.")


def _load(house: House, console: Console) -> None:
    """Every shipped extract, through the same door as a real one."""
    from rich.progress import track

    from jobs.landing.ingest import pull_paths

    console.rule("1  Extracts")
    for source in house.partnership.sources.values():
        folder = house.partnership.sample(source.id)
        if folder is None:
            continue
        receipts = list(
            track(pull_paths(house, source, [folder]), f"{source.short} ...", console=console, transient=True)
        )
        rows, kept = sum(r.physical_rows for r in receipts), sum(r.rows_loaded for r in receipts)
        aside = sum(r.rows_quarantined for r in receipts)
        console.print(
            f"{source.short}: {plural(len(receipts), 'file')}, {plural(rows, 'row')}: "
            f"{kept:,} loaded, {aside:,} quarantined"
        )


def _ring(house: House, console: Console, months: int | None) -> list[AlertFacts]:
    """Month after month as if it were just in: judge, post, print."""
    from bot.works import delivery_for
    from jobs.counting.freshness import published_months
    from jobs.judging.evaluate import evaluate

    console.rule("2  The months judged, and what rings")
    with house.store.read() as connection:
        every = sorted(
            {m for s in house.partnership.sources.values() if s.cadence == "monthly"
             for m in published_months(connection, s)}
        )  # fmt: skip
    only = (every[-1] + -(months - 1), every[-1]) if months else None
    delivery, rung = delivery_for(house, {"console"}), []
    shown = None
    for judged in evaluate(house, only=only, ring_all=True):
        told = [r.facts for r in judged.rung if r.channels]
        if told and judged.month != shown:
            shown = judged.month
            console.print(f"\n[bold]{shown.words}[/bold]")
        delivery.drain()
        rung += told
    console.print(f"\n{plural(len(rung), 'message')} rang.")
    return rung


def _answer(house: House, console: Console, rung: list[AlertFacts]) -> None:
    """A few commands, as an officer would type them."""
    from bot.answers.desk import Desk
    from bot.renderers.text import print_answer
    from rules.model import Classification

    desk = Desk(house)
    console.rule("3  Questions")
    for question in (*house.partnership.examples, f"why {rung[-1].id}" if rung else "alerts"):
        console.print(f"\n[bold]> {question}[/bold]")
        print_answer(console, desk.ask(question, clearance=Classification.PARTNER))


def _leave(house: House, console: Console, out: Path, rung: list[AlertFacts], *, fast: bool) -> None:
    """The digest page, and the charts of the last alerts."""
    from rich.progress import track

    from bot.commands.digest import gather, page
    from bot.views.alerts import alert_picture

    console.rule("4  The digest")
    out.mkdir(parents=True, exist_ok=True)
    facts = gather(house, None, "partner")
    (out / "digest.html").write_text(page(house, facts), encoding="utf-8")
    newest = {a.id: a for a in rung if a.history}.values()
    loudest = sorted(newest, key=lambda a: (-a.severity, a.p if a.p is not None else 1.0))[
        : 3 if fast else 12
    ]
    for alert in track(loudest, "Drawing ...", console=console, transient=True):
        picture = alert_picture(alert)
        (out / f"{picture.name}.png").write_bytes(picture.draw())
    console.print(f"{out / 'digest.html'} and {plural(len(loudest), 'chart')}")
