"""`tocsin evaluate`: the months judged."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from bot.commands.setup import Setup, month_option, pass_setup

if TYPE_CHECKING:
    from jobs.facts import AlertFacts
    from jobs.judging.evaluate import Judged
    from rules.month import Month


@click.command("evaluate")
@click.option("--month", callback=month_option, metavar="YYYY-MM", help="This month only.")
@click.option("--from", "first", callback=month_option, metavar="YYYY-MM", help="From this month ...")
@click.option("--to", "last", callback=month_option, metavar="YYYY-MM", help="... to this one.")
@click.option("--json", "as_json", is_flag=True, help="One JSON finding or alert a line.")
@pass_setup
def command(
    setup: Setup, month: Month | None, first: Month | None, last: Month | None, as_json: bool
) -> None:
    """Judge the months that have not been judged on their present data.

    Running it twice changes nothing. The first time, only the newest month rings.
    """
    from bot.words import plural
    from jobs.digest.post import refresh
    from jobs.judging.evaluate import evaluate
    from rules import month as months

    only = None
    if month or first or last:
        only = (month or first or months.Month(1900, 1), month or last or months.Month(2200, 12))
    house = setup.house()
    with house.store.writer():
        done = list(_shown(evaluate(house, only=only), quiet=as_json))
        for judged_month in sorted({j.month for j in done}):  # digests that are up show what is known now
            with house.store.write() as connection:
                refresh(connection, house, [judged_month])
    for judged in done:
        for line in _lines(judged):
            if as_json:
                click.echo(json.dumps(line, ensure_ascii=False))
    if not as_json:
        findings, alerts = sum(len(j.findings) for j in done), sum(len(j.rung) for j in done)
        posted = sum(bool(r.channels) for j in done for r in j.rung)
        click.echo(
            f"{plural(len(done), 'month')} judged: {plural(findings, 'finding')}, "
            f"{plural(alerts, 'alert')} changed, {posted} to be posted."
        )
        if not done:
            click.echo("Nothing has changed since the last time. See `tocsin alerts open`.")


def _shown(judged: object, *, quiet: bool) -> list[Judged]:
    from rich.progress import Progress, SpinnerColumn, TextColumn

    assert hasattr(judged, "__iter__")
    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        disable=quiet or not sys.stdout.isatty(),
        transient=True,
    ) as progress:
        task = progress.add_task("Judging ...", total=None)
        done = []
        for j in judged:
            progress.update(task, description=f"Judged {j.source} {j.month}")
            done.append(j)
    return done


def _lines(judged: Judged) -> list[dict[str, object]]:
    found = [_line("finding", f, str(judged.month)) for f in judged.findings]
    return found + [_line("alert", r.facts, r.facts.id) for r in judged.rung]


def _line(kind: str, f: AlertFacts, key: str) -> dict[str, object]:
    """The keys that cli.md promises."""
    return {
        "kind": kind, "id": key if kind == "alert" else f"{f.rule}|{f.series}|{f.area}|{f.month}",
        "rule": f.rule, "series": f.series, "area": f.area, "area_name": f.area_name, "month": f.month,
        "count": f.count, "expected": f.expected, "lower": f.lower, "upper": f.upper, "p": f.p,
        "excess": _excess(f), "verdict": f.verdict.value, "severity": f.severity,
        "status": f.status, "scope": f.scope, "event": f.event, "source": f.source.id,
        "invented": f.source.invented, "parents": list(f.parents),
        "children": [f"{c.rule}|{c.series}|{c.area}" for c in f.children],
    }  # fmt: skip


def _excess(f: AlertFacts) -> float | None:
    """None where an alert's count is not told: a finding of this machine has every figure."""
    return None if f.count is None or f.expected is None else round(f.count - f.expected, 2)
