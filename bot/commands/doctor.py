"""`tocsin doctor`: is everything in place, and if not, how to mend it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from bot.commands.setup import Setup, pass_setup
from bot.words import plural

if TYPE_CHECKING:
    from jobs.house import House


_ALIVE = 300  # seconds since the last heartbeat


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at; `mend` is empty when it is well."""

    what: str
    found: str
    mend: str = ""


@click.command("doctor")
@pass_setup
def command(setup: Setup) -> None:
    """Check the partnership folder, the rules, the database, the clock, the channels, and Slack.

    Exit code 5 when something needs mending.
    """
    house = setup.house(ready=False)
    wrong = 0
    for look in (_folder, _rules, _database, _clock, _channels, _slack):
        for check in _safely(look, house):
            click.echo(f"{'MEND' if check.mend else 'ok':5} {check.what:12} {check.found}")
            if check.mend:
                wrong += 1
                click.echo(f"      {'':12} -> {check.mend}")
    if wrong:
        raise SystemExit(5)
    click.echo("Everything is in place.")


def _safely(look: Callable[[House], Iterator[Check]], house: House) -> Iterator[Check]:
    from jobs.errors import TocsinError

    try:
        yield from look(house)
    except TocsinError as error:
        yield Check(look.__name__.strip("_"), str(error), error.advice or "see the message")


def _folder(house: House) -> Iterator[Check]:
    own = house.partnership
    units = len(house.geography[own.district].units)
    yield Check("partnership", f"{own.name}: {plural(units, 'LSOA')}, {plural(len(own.sources), 'source')}")
    breaks = plural(len(house.breaks), "registered break")
    yield Check("calendar", f"{plural(len(house.events), 'event')}, {breaks}")
    missing = [u for u in house.geography[own.district].units if u not in house.geography.populations]
    if missing:
        yield Check("population", f"none for {plural(len(missing), 'LSOA')}", "add them to population.csv")


def _rules(house: House) -> Iterator[Check]:
    from rules.examples import failures

    wrong = [sentence for rule in house.rules for sentence in failures(rule)]
    yield Check("rules", f"{plural(len(house.rules), 'rule')}, examples run", "; ".join(wrong))


def _database(house: House) -> Iterator[Check]:
    from jobs.errors import Refused
    from jobs.runs import heartbeat_age
    from jobs.scheduler import HEARTBEAT
    from jobs.store import schema

    schema.require(house.store)
    yield Check("database", f"{house.store.shown} at schema {schema.newest()}")
    try:
        with house.store.writer():
            yield Check("writing", "nobody else is writing")
    except Refused as error:
        age = heartbeat_age(house.store, HEARTBEAT, house.now())
        serving = age is not None and age.total_seconds() < _ALIVE
        yield Check(
            "writing", "`serve` is at work" if serving else str(error), "" if serving else error.advice
        )


def _clock(house: House) -> Iterator[Check]:
    from jobs.runs import heartbeat_age
    from jobs.scheduler import HEARTBEAT

    yield Check(
        "clock", f"it is {house.now():%Y-%m-%d %H:%M} UTC, {house.today} in {house.partnership.timezone}"
    )
    age = heartbeat_age(house.store, HEARTBEAT, house.now())
    if age is not None and age.total_seconds() > _ALIVE:
        yield Check(
            "ticker",
            f"last beat {plural(age.days, 'day')} ago",
            "start `tocsin serve --console` if it should run",
        )


def _channels(house: House) -> Iterator[Check]:
    from jobs.store import letters

    with house.store.read() as connection:
        dead = letters.given_up(connection)
    yield Check(
        "channels", f"{len(house.partnership.channels)} configured, {plural(len(dead), 'message')} given up",
        "see `tocsin status` for what and why" if dead else "",
    )  # fmt: skip


def _slack(house: House) -> Iterator[Check]:
    from bot.slack import checkup

    if checkup.is_used(house.partnership):
        for found in checkup.look(house.partnership):
            yield Check(found.what, found.found, found.mend)
