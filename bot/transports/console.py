"""The terminal as a channel: no account, no network."""

from __future__ import annotations

from collections.abc import Callable

from bot.message import Message


def _print(message: Message, changed: bool) -> None:
    from rich.console import Console as Terminal

    from bot.renderers.text import print_message

    print_message(Terminal(highlight=False), message, changed=changed)


class Console:
    """Prints. What was printed cannot be read back, so an interrupted print is repeated with a mark."""

    timeout: float = 0.0
    pace: float = 0.0
    can_find: bool = False
    may_repeat: bool = True

    def __init__(self, printer: Callable[[Message, bool], None] = _print) -> None:
        self._printer = printer

    def post(self, message: Message) -> str:
        """Print it."""
        self._printer(message, False)
        return f"console:{message.key}"

    def edit(self, reference: str, message: Message) -> str:
        """Paper cannot be edited: print how things stand now below the older text."""
        self._printer(message, True)
        return reference

    def find(self, message: Message) -> str | None:
        """Nothing can be read back from a terminal."""
        raise NotImplementedError(f"a terminal cannot be searched for {message.key}")
