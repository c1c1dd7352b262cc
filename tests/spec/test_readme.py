"""The READMEs are held to what is there: commands, links, targets, rooms; and no file names a machine."""

from __future__ import annotations

import importlib.util
import re
import subprocess
from pathlib import Path

import click
import pytest

from tests.cli import ROOT
from tests.spec.documents import commands, links, parse_tocsin, repository_files, targets, words_of

DOCUMENTS = sorted(p for p in repository_files() if p.suffix == ".md")
ROOMS = ("bot", "deploy", "jobs", "rules", "templates", "tests")
# The manual's own are run, not only parsed: see test_manual.py.
COMMANDS = [
    (path.relative_to(ROOT).as_posix(), command, whole)
    for path in DOCUMENTS
    if path.parent != Path(__file__).parent
    for command, whole in commands(path.read_text())
]
MAKEFILE = (ROOT / "Makefile").read_text()
_NAME = re.compile(r"\w[\w./-]*\.(?:py|toml|md|j2|css|csv|ics|yaml|lock)")
# Where people's own folders are, and where packages come from. (Written so that this line is not found.)
MACHINES = re.compile(rb"/home/\w|/Users/\w|[A-Z]:\\Users")
REGISTRIES = re.compile(rb"pypi\.org|pythonhosted\.org|registry\.npmjs|docker\.io/")


def test_the_documents_are_found() -> None:
    told = {name for name, _, _ in COMMANDS}
    assert {"README.md", "deploy/README.md", "rules/README.md"} <= told
    assert len(COMMANDS) > 20


@pytest.mark.parametrize(("document", "command", "whole"), COMMANDS)
def test_every_command_line_exists(document: str, command: str, whole: bool) -> None:
    words = words_of(command)
    match words[0]:
        case "tocsin":
            try:
                parse_tocsin(words[1:])
            except click.ClickException as error:
                if isinstance(error, click.MissingParameter) and not whole:
                    return
                pytest.fail(f"{document}: {command}: {error.format_message()}")
        case "make":
            named = {w for w in words[1:] if "=" not in w}
            assert named <= targets(MAKEFILE), document
        case _:
            assert words[:2] == ["python", "-m"], document
            assert importlib.util.find_spec(words[2]) is not None, f"{document}: {command}"


@pytest.mark.parametrize(
    "wrong",
    ["pull", "ask", "pull police --form x", "extracts accept three", "rules chek", "--as-off x status"],
)
def test_a_wrong_command_line_would_be_found(wrong: str) -> None:
    with pytest.raises(click.ClickException):
        parse_tocsin(wrong.split())


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(path: Path) -> None:
    assert [t for t in links(path.read_text()) if not (path.parent / t).exists()] == []


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_says_what_is_in_it_and_names_only_what_is(room: str) -> None:
    text = (ROOT / room / "README.md").read_text()
    known = {p.name for p in repository_files()}
    named = {span for span in re.findall(r"`([^`\s]+)`", text) if _NAME.fullmatch(span)}
    assert [name for name in sorted(named) if name.rsplit("/", 1)[-1] not in known] == []
    folders = set(re.findall(r"^\| `(\w+/)`", text, re.MULTILINE))
    assert [name for name in sorted(folders) if not (ROOT / room / name).is_dir()] == []


def test_make_help_lists_every_target() -> None:
    told = subprocess.run(
        ["make", "--silent", "help"], cwd=ROOT, check=True, capture_output=True, text=True, timeout=20
    ).stdout
    lines = {line.split()[0]: line.split(maxsplit=1)[1] for line in told.splitlines()}
    assert lines.keys() == targets(MAKEFILE)
    assert all(lines.values())


@pytest.mark.parametrize("folder", sorted(p for p in (ROOT / "tests" / "data").iterdir() if p.is_dir()))
def test_test_data_say_where_they_come_from(folder: Path) -> None:
    text = (folder / "README.md").read_text().lower()
    assert "licence" in text or "invented" in text or "simulated" in text


def test_no_file_names_a_machine_or_a_registry() -> None:
    here = str(ROOT).encode() if len(ROOT.parts) > 2 else b"\0"  # not where it is a plain /app
    found = [
        f"{path.relative_to(ROOT)}: {match[0].decode()}"
        for path in repository_files()
        if (content := path.read_bytes())
        and (
            match := MACHINES.search(content)
            or REGISTRIES.search(content)
            or re.search(re.escape(here), content)
        )
    ]
    assert found == []
