"""What the global options mean, and how a command gets at the house."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.secrets import optional
from jobs.clock import utc_now

if TYPE_CHECKING:
    from jobs.house import House

_DEFAULT = Path("deploy/partnerships/nwl")
_NOON = dt.time(12, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Setup:
    """The global options, read; nothing is opened yet."""

    folder: Path
    database: str
    as_of: dt.date | None
    log_level: str

    @classmethod
    def from_options(cls, folder: str, database: str | None, as_of: str | None, log_level: str) -> Setup:
        """Check what can be checked without opening anything."""
        url = database or optional("TOCSIN_DATABASE_URL") or "sqlite:///tocsin.db"
        try:
            day = dt.date.fromisoformat(as_of) if as_of else None
        except ValueError:
            raise click.BadParameter(
                f"{as_of!r} is not a day; write YYYY-MM-DD", param_hint="--as-of"
            ) from None
        return cls(Path(folder), url, day, log_level)

    def house(self, *, ready: bool = True, create: bool = False) -> House:
        """Open the partnership and its database.

        ready: the schema must be there (NotReady otherwise). create: bring it up to date first.
        """
        from jobs.house import House
        from jobs.log import configure
        from jobs.store import schema
        from jobs.store.engine import Store

        configure(self.log_level)
        store = Store.at(self.database)
        click.get_current_context().call_on_close(store.close)
        house = House(self.folder, store, self._clock())
        _ = house.partnership  # a wrong folder is said before a wrong database
        if create:
            schema.create_or_require(store)
        elif ready:
            schema.require(store)
        return house

    def _clock(self) -> Callable[[], dt.datetime]:
        """The wall clock; with --as-of one that starts at that noon and goes on, so that leases end."""
        if self.as_of is None:
            return utc_now
        return _From(dt.datetime.combine(self.as_of, _NOON), time.monotonic())


@dataclass(frozen=True, slots=True)
class _From:
    """Shows `start` when the monotonic clock showed `begun`: a clock that another process can be told of."""

    start: dt.datetime
    begun: float

    def __call__(self) -> dt.datetime:
        return self.start + dt.timedelta(seconds=time.monotonic() - self.begun)


pass_setup = click.make_pass_decorator(Setup)


def default_partnership() -> str:
    """`deploy/partnerships/nwl` here, or beside the program when run from another folder."""
    beside = Path(__file__).resolve().parents[2] / _DEFAULT
    return str(_DEFAULT if _DEFAULT.exists() or not beside.exists() else beside)


def month_option(ctx: click.Context, param: click.Parameter, value: str | None) -> object:  # noqa: ARG001
    """Click callback: YYYY-MM to a Month."""
    from rules.month import Month

    if value is None:
        return None
    try:
        return Month.parse(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None
