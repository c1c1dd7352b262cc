"""`tocsin backtest`: what the rules would have rung."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from bot.commands.setup import Setup, month_option, pass_setup

if TYPE_CHECKING:
    from jobs.judging.backtest import Replay
    from rules.month import Month


@click.command("backtest")
@click.option("--from", "first", callback=month_option, metavar="YYYY-MM", help="First month judged.")
@click.option("--to", "last", callback=month_option, metavar="YYYY-MM", help="Last month judged.")
@click.option("--rule", help="Only this rule.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line: months, rules, alerts.")
@pass_setup
def command(setup: Setup, first: Month | None, last: Month | None, rule: str | None, as_json: bool) -> None:
    """Replay stored months under the present rules; no message is posted, nothing is written.

    \b
    tocsin backtest --from 2021-01 --to 2022-07
    tocsin backtest --rule month-spike --json
    """
    from jobs.errors import UsageError
    from jobs.judging.backtest import replay

    house = setup.house()
    if rule is not None and rule not in {r.id for r in house.rules}:
        raise UsageError(f"there is no rule {rule!r}", f"use one of: {', '.join(r.id for r in house.rules)}")
    with house.store.read() as connection:
        for done in replay(connection, house, first, last, rule):
            if as_json:
                for line in _lines(done):
                    click.echo(json.dumps(line, ensure_ascii=False))
            else:
                _print(done)


def _lines(done: Replay) -> list[dict[str, object]]:
    months: list[dict[str, object]] = [
        {"kind": "month", "source": done.source, "month": str(m), "alerts": n}
        for m, n in done.by_month().items()
    ]
    rules = [
        {"kind": "rule", "source": done.source, "rule": r, "alerts": n} for r, n in done.by_rule().items()
    ]
    alerts = [
        {
            "kind": "alert", "source": done.source, "fingerprint": print_, "opened": str(e.opened),
            "last": str(e.last), "months": len(e.fired),
        }
        for print_, e in done.alerts()
    ]  # fmt: skip
    return [*months, *rules, *alerts]


def _print(done: Replay) -> None:
    from bot.words import plural

    if not done.months:
        click.echo(f"{done.source}: no month in this range was published")
        return
    alerts, months = len(done.alerts()), len(done.months)
    click.echo(
        f"{done.source}: {plural(alerts, 'alert')} in {plural(months, 'month')} "
        f"({done.months[0]} to {done.months[-1]}), {alerts / months:.1f} a month"
    )
    for rule, n in done.by_rule().items():
        click.echo(f"  {n:4}  {rule}")
    busy = {str(m): n for m, n in done.by_month().items() if n}
    click.echo("  by month: " + (", ".join(f"{m} {n}" for m, n in busy.items()) or "none"))
