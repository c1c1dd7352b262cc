"""The manual, executed: every transcript is run against the shipped sample and must print what it says.

`TOCSIN_WRITE_MANUAL=1 python -m pytest tests/spec/test_manual.py` writes what is printed into the pages, so
that a changed wording is a diff that somebody reads.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path

import click
import pytest

from bot.cli import cli
from bot.grammar.verbs import BUILT
from tests.cli import NWL, ROOT, Result, Tocsin
from tests.sample import AS_OF
from tests.spec.transcripts import Step, difference, matches, perform, read_page

PAGES = sorted(Path(__file__).parent.glob("*.md"))
WIDTH = "100"
STEPS = [step.command.split() for path in PAGES for step in read_page(path).steps]
# Whatever a page is rewritten to: no defect, no place of this machine, no cause, no postcode of the sender's.
NEVER = re.compile(r"Traceback|tocsin: internal error|/desk/|due to|caused by|3FN")


@pytest.fixture
def desk(tmp_path: Path, told_file: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder as the manual describes it: the checkout's folders, and `tocsin.db` with the sample judged."""
    folder = tmp_path / "desk"
    folder.mkdir()
    for name in ("deploy", "rules", "tests"):
        (folder / name).symlink_to(ROOT / name)
    shutil.copyfile(told_file, folder / "tocsin.db")
    monkeypatch.setenv("COLUMNS", WIDTH)
    for name in ("FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):  # no colours, no spinners: see rich
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys.modules["__main__"], "__package__", "")  # else "Usage: python -m pytest.tocsin"
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.stem)
def test_the_page_says_what_is_printed(
    path: Path, desk: Path, tocsin: Tocsin, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = read_page(path)
    monkeypatch.chdir(desk)  # `tocsin` went to the checkout

    def run(words: list[str]) -> Result:
        return tocsin("--as-of", str(AS_OF), *words, partnership=NWL.relative_to(ROOT))

    printed: dict[Step, tuple[str, ...]] = {step: perform(step.command, run) for step in page.steps}
    assert [line for lines in printed.values() for line in lines if NEVER.search(line)] == []
    if os.environ.get("TOCSIN_WRITE_MANUAL") == "1":
        path.write_text(page.told_again(printed).text(), encoding="utf-8")
        return
    wrong = [difference(page, s, p) for s, p in printed.items() if not matches(s.printed, p)]
    assert not wrong, "TOCSIN_WRITE_MANUAL=1 rewrites the pages\n\n" + "\n\n".join(wrong)


def test_every_command_and_every_verb_is_in_the_manual() -> None:
    commands = set(cli.list_commands(click.Context(cli)))
    assert commands - {word for words in STEPS for word in words} == set()
    asked = {words[words.index("ask") + 1 :][0] for words in STEPS if "ask" in words}
    assert {verb.name for verb in BUILT} - asked == set()


def test_a_page_is_read_matched_and_told_again(tmp_path: Path) -> None:
    path = tmp_path / "page.md"
    path.write_text("Prose\n\n```console\n$ one\nfirst\n...\nlast\n\n$ two | head -n 1\n```\n$ no\n")
    page = read_page(path)
    assert page.text() == path.read_text()
    one, two = page.steps
    assert (one.line, one.command, one.printed) == (4, "one", ("first", "...", "last"))
    assert matches(one.printed, ("first", "a", "b", "last"))
    assert matches(one.printed, ("first", "last"))
    assert not matches(one.printed, ("first", "a"))
    assert matches(("in ... s",), ("in 3.5 s",))
    assert not matches(("in 3.5 s",), ("in 365 s",))
    again = page.told_again({one: ("first", "x", "last"), two: ("new",)}).text()
    assert again == path.read_text().replace("head -n 1\n", "head -n 1\nnew\n")
