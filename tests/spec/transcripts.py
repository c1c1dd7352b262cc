"""Pages of the manual: prose with transcripts in ```console blocks, read, run, compared and rewritten.

    $ tocsin pull police --from late.csv | head -n 3
    what it prints, line by line
    [exit code 3]

A line `...` stands for any lines, `...` inside a line for any text. An exit code is written when it is not 0.
"""

from __future__ import annotations

import difflib
import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from tests.cli import Result

_FENCE = "```"
_CUTS = {"head": lambda lines, n: lines[:n], "tail": lambda lines, n: lines[-n:]}

Run = Callable[[list[str]], Result]


@dataclass(frozen=True, slots=True)
class Step:
    """A command and what it printed."""

    line: int  # of the page, counted from 1
    command: str
    printed: tuple[str, ...]

    def text(self) -> list[str]:
        """The lines of the page."""
        return [f"$ {self.command}", *self.printed]


@dataclass(frozen=True)
class Page:
    """A page in pieces: lines of prose, and steps between them."""

    path: Path
    pieces: tuple[str | Step, ...]

    @property
    def steps(self) -> list[Step]:
        """The commands in the order in which they are run."""
        return [p for p in self.pieces if isinstance(p, Step)]

    def text(self) -> str:
        """The page again."""
        lines: list[str] = []
        for piece in self.pieces:
            lines += [piece] if isinstance(piece, str) else piece.text()
        return "\n".join(lines) + "\n"

    def told_again(self, printed: dict[Step, tuple[str, ...]]) -> Page:
        """The page with what was printed in place of what it says; `...` stays where it still holds."""
        return replace(
            self,
            pieces=tuple(
                replace(p, printed=printed[p])
                if isinstance(p, Step) and not matches(p.printed, printed[p])
                else p
                for p in self.pieces
            ),
        )


def read_page(path: Path) -> Page:
    """Split a page; blank lines before the next command or the end of a block are kept as they are."""
    pieces: list[str | Step] = []
    inside = False
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith(_FENCE):
            inside = not inside and line == f"{_FENCE}console"
            pieces.append(line)
        elif inside and line.startswith("$ "):
            pieces.append(Step(number, line[2:], ()))
        elif inside and pieces and isinstance(last := pieces[-1], Step):
            pieces[-1] = replace(last, printed=(*last.printed, line))
        else:
            pieces.append(line)
    return Page(path, tuple(q for p in pieces for q in ([p] if isinstance(p, str) else _closed(p))))


def _closed(step: Step) -> list[str | Step]:
    """A step without the blank lines that only part it from the next one, and those lines."""
    said = list(step.printed)
    blank: list[str | Step] = []
    while said and not said[-1]:
        blank.append(said.pop())
    return [replace(step, printed=tuple(said)), *blank]


def perform(command: str, run: Run) -> tuple[str, ...]:
    """Run one command line and give back what a terminal would show.

    `tocsin ...` and `cat FILE` are known, each with `| head -n N` or `| tail -n N` behind it.
    """
    words = shlex.split(command, comments=True)
    cut = None
    if "|" in words:
        at = words.index("|")
        words, cut = words[:at], words[at + 1 :]
    if words[0] == "cat":
        out, code = "".join(Path(name).read_text(encoding="utf-8") for name in words[1:]), 0
    else:
        assert words[0] == "tocsin", f"the manual runs tocsin and cat, not {words[0]}"
        done = run(words[1:])
        out, code = done.out + done.err, done.code
    lines = [line.rstrip() for line in out.splitlines()]
    if cut is not None:
        name, flag, number = cut
        assert flag == "-n"
        return tuple(_CUTS[name](lines, int(number)))
    while lines and not lines[-1]:
        lines.pop()
    return (*lines, f"[exit code {code}]") if code else tuple(lines)


def matches(told: tuple[str, ...], printed: tuple[str, ...]) -> bool:
    """Whether what a page tells is what was printed."""
    pattern = "".join(
        r"(?:.*\n)*?" if line == "..." else re.escape(line).replace(r"\.\.\.", ".*") + "\n" for line in told
    )
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in printed)) is not None


def difference(page: Page, step: Step, printed: tuple[str, ...]) -> str:
    """What is not as the page says, for people."""
    name = f"{page.path.name}:{step.line}"
    said = difflib.unified_diff(step.printed, printed, f"{name} says", f"{name} prints", lineterm="", n=2)
    return "\n".join([f"$ {step.command}", *said])
