"""What the READMEs say: the commands in them, the links, and the files of the repository."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import click

from bot.cli import cli
from tests.cli import ROOT

_FENCED = re.compile(r"^ *```(\w*)\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"`([^`]+)`")
_LINK = re.compile(r"\]\(([^)\s#]+)(?:#[^)]*)?\)")
_STARTS = ("tocsin ", "make ", "python -m ", ".venv/bin/")
_UNKNOWN = {"YYYY-MM": "2022-06", "ID": "1"}  # what stands in documents for a value that has a form


def repository_files() -> Iterator[Path]:
    """Every file that belongs to the repository: what `.gitignore` names does not."""
    ignored = [line.strip() for line in (ROOT / ".gitignore").read_text().splitlines() if line.strip()]
    patterns = [".git", *(line.rstrip("/") for line in ignored)]

    def belongs(name: str) -> bool:
        return not any(fnmatch(name, pattern) for pattern in patterns)

    for folder, inner, names in os.walk(ROOT):
        inner[:] = [n for n in inner if belongs(n)]
        yield from (Path(folder, n) for n in names if belongs(n))


def commands(text: str) -> list[tuple[str, bool]]:
    """Every command line of a document, and whether it is whole: one in prose may be a mere mention."""
    found: list[str] = []
    for kind, block in _FENCED.findall(text):
        if kind in {"console", "sh", "bash"}:
            found += [line.strip().removeprefix("$ ") for line in block.splitlines() if line.strip()]
    prose = _FENCED.sub("", text)
    found += [line.strip() for line in prose.splitlines() if line.startswith("    ")]
    mentions = [" ".join(span.split()) for span in _SPAN.findall(prose)]
    whole = [(line, True) for line in found] + [(line, False) for line in mentions]
    return [(line, is_whole) for line, is_whole in whole if line.startswith(_STARTS)]


def links(text: str) -> list[str]:
    """Every relative link of a document."""
    return [target for target in _LINK.findall(text) if "://" not in target and "mailto:" not in target]


def words_of(command: str) -> list[str]:
    """The words of a command line, with something of the right form for every placeholder."""
    words = [w for w in shlex.split(command, comments=True) if w != "..."]
    words[0] = words[0].removeprefix(".venv/bin/")
    return [_UNKNOWN.get(w, w) for w in words]


def parse_tocsin(words: list[str]) -> None:
    """Parse a `tocsin` command line as before it is run; click.ClickException when it is wrong."""
    command: click.Command = cli
    context = command.make_context("tocsin", words, resilient_parsing="--help" in words)
    while isinstance(command, click.Group):
        rest = [*context._protected_args, *context.args]
        if not rest:
            return
        name, found, rest = command.resolve_command(context, rest)
        assert name is not None
        assert found is not None
        command, parent = found, context
        if isinstance(command, click.Group) and not rest:
            return
        context = command.make_context(name, rest, parent=parent, resilient_parsing="--help" in words)


def targets(makefile: str) -> set[str]:
    """The targets of a Makefile that are commands."""
    (line,) = re.findall(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)
    return set(line.split())
