"""`tocsin rules`: the rule book, checked and explained."""

from __future__ import annotations

from pathlib import Path

import click

from bot.commands.setup import Setup, pass_setup


@click.group("rules")
def command() -> None:
    """The rule book: check, list, explain."""


@command.command("check")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@pass_setup
def check(setup: Setup, file: Path | None) -> None:
    """Validate rule files and run the examples in them; the partnership's whole rule book without FILE."""
    from bot.words import plural
    from jobs.errors import UsageError
    from jobs.folder.library import load_rule, unknown_series
    from rules.examples import failures

    house = setup.house(ready=False)
    rules = (load_rule(file),) if file else house.rules
    wrong = [sentence for rule in rules for sentence in failures(rule)]
    wrong += [f"{rule.id}: {said}" for rule in rules for said in unknown_series(rule, house.lexicon)]
    if wrong:
        raise UsageError("; ".join(wrong), "mend the rule's parameters or its example")
    examples = sum(len(r.example) for r in rules)
    are = "is" if len(rules) == 1 else "are"
    click.echo(f"{plural(len(rules), 'rule')} {are} right, checked on {plural(examples, 'example')}.")


@command.command("list")
@pass_setup
def list_(setup: Setup) -> None:
    """Every rule in force, one line each."""
    for rule in setup.house(ready=False).rules:
        click.echo(f"{rule.id:28} v{rule.version}  {rule.title}")


@command.command("explain")
@click.argument("rule_id", metavar="ID")
@pass_setup
def explain(setup: Setup, rule_id: str) -> None:
    """What a rule looks at, why, and with which parameters."""
    from jobs.errors import UsageError

    rules = {r.id: r for r in setup.house(ready=False).rules}
    if rule_id not in rules:
        raise UsageError(f"there is no rule {rule_id!r}", f"use one of: {', '.join(rules)}")
    rule = rules[rule_id]
    knobs = ", ".join(f"{k} = {v}" for k, v in rule.parameters.model_dump().items())
    click.echo(f"{rule.title} ({rule.id} v{rule.version}, kept by: {rule.owner})\n{rule.why}\n")
    click.echo(f"looks at   {', '.join(rule.scope.series)} in {', '.join(rule.scope.levels)}")
    click.echo(f"rings on   a {rule.direction}, detector {rule.detector}: {knobs}")
    for example in rule.example:
        click.echo(f"example    {'fires' if example.fires else 'quiet'}: {example.title}")
