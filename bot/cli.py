"""The `tocsin` command: its list of subcommands, global options, and how errors reach people.

Subcommands are imported only when they run: `tocsin --help` must not wait for pandas or matplotlib.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module

import click

from bot.commands.setup import Setup, default_partnership

_COMMANDS: dict[str, tuple[str, str]] = {
    "demo": ("bot.commands.demo", "The whole main job on the shipped sample; leaves ./demo/."),
    "pull": ("bot.commands.pull", "Fetch or read extracts; one receipt a file."),
    "extracts": ("bot.commands.extracts", "What came in, in which edition; release held files."),
    "quarantine": ("bot.commands.quarantine", "Rows that were set aside, verbatim, with the reason."),
    "evaluate": ("bot.commands.evaluate", "Judge the months: findings and alerts."),
    "alerts": ("bot.commands.alerts", "Open alerts, as in chat."),
    "why": ("bot.commands.why", "The whole evidence of one alert."),
    "ask": ("bot.commands.ask", 'Any chat command, for example ask "hotspots AREA".'),
    "detect": ("bot.commands.detect", "Detection on anybody's monthly series."),
    "backtest": ("bot.commands.backtest", "Stored months replayed: what the rules would have rung."),
    "digest": ("bot.commands.digest", "The monthly digest as text or as one HTML page."),
    "rules": ("bot.commands.rules", "The rule book: check, list, explain."),
    "serve": ("bot.commands.serve", "The scheduler and the bot."),
    "run": ("bot.commands.run", "One scheduled job, now."),
    "status": ("bot.commands.status", "Freshness, ledger, outbox, dead letters."),
    "doctor": ("bot.commands.doctor", "Check configuration, clock and database; say how to mend."),
    "db": ("bot.commands.db", "The database schema."),
    "init": ("bot.commands.init", "Write a new partnership folder."),
}


class _LazyGroup(click.Group):
    """A group that knows its commands' names and one-line helps without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            return None
        command = import_module(_COMMANDS[cmd_name][0]).command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in _COMMANDS.items()])


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--partnership",
    envvar="TOCSIN_PARTNERSHIP",
    default=default_partnership,
    metavar="DIR",
    help="The partnership's folder. [env TOCSIN_PARTNERSHIP; default deploy/partnerships/nwl]",
)
@click.option(
    "--database",
    metavar="URL",
    help="sqlite:///FILE.db or postgresql+psycopg://...  "
    "[env TOCSIN_DATABASE_URL or TOCSIN_DATABASE_URL_FILE; default sqlite:///tocsin.db]",
)
@click.option("--as-of", metavar="YYYY-MM-DD", help="The clock: what counts as future, late, fresh.")
@click.option(
    "--log-level",
    type=click.Choice(["debug", "info", "warning", "error"]),
    default="warning",
    help="How much is logged to standard error; debug also shows tracebacks.",
)
@click.version_option(package_name="tocsin")
@click.pass_context
def cli(
    ctx: click.Context, partnership: str, database: str | None, as_of: str | None, log_level: str
) -> None:
    """An alarm bell for Community Safety Partnerships.

    Start with `tocsin demo`. Then `tocsin pull police --from FOLDER`, `tocsin evaluate`, and
    `tocsin ask "hotspots AREA"`.

    Exit codes: 0 done, 1 internal error, 2 usage, 3 an extract was rejected or held, 4 refused,
    5 not ready.
    """
    ctx.obj = Setup.from_options(partnership, database, as_of, log_level)


def main() -> None:
    """Entry point: one clear sentence and the right exit code, never a traceback."""
    from jobs.errors import TocsinError

    try:
        code = cli.main(prog_name="tocsin", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(_say("stopped", "", 130))
    except BrokenPipeError:
        # The reader (head, less) has gone: nothing is wrong, and nobody is left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except TocsinError as error:
        sys.exit(_say(str(error), error.advice, error.exit_code))
    except Exception as error:
        if "debug" in sys.argv:
            raise
        advice = "this is a defect: run again with --log-level debug and report what it prints"
        sys.exit(_say(f"internal error: {type(error).__name__}: {error}", advice, 1))
    sys.exit(code if isinstance(code, int) else 0)


def _say(sentence: str, advice: str, code: int) -> int:
    click.echo(f"tocsin: {sentence}" + (f"\n  {advice}" if advice else ""), err=True)
    return code
