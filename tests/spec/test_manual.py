"""The manual, executed: every transcript is run against the shipped sample and must print what it says.

`TOCSIN_WRITE_MANUAL=1 python -m pytest tests/spec/test_manual.py` writes what is printed into the pages, so
that a changed wording is a diff that somebody reads.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from tests.cli import NWL, ROOT, Result, Tocsin
from tests.sample import AS_OF
from tests.spec.transcripts import Step, difference, matches, perform, read_page

PAGES = sorted(Path(__file__).parent.glob("*.md"))
WIDTH = "100"


@pytest.fixture
def desk(tmp_path: Path, told_file: Path, tocsin: Tocsin, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder as the manual describes it: the checkout's folders, and `tocsin.db` with the sample judged."""
    folder = tmp_path / "desk"
    folder.mkdir()
    for name in ("deploy", "rules", "tests"):
        (folder / name).symlink_to(ROOT / name)
    shutil.copyfile(told_file, folder / "tocsin.db")
    monkeypatch.chdir(folder)  # after `tocsin`, which goes to the checkout
    monkeypatch.setenv("COLUMNS", WIDTH)
    monkeypatch.setattr(sys.modules["__main__"], "__package__", "")  # else "Usage: python -m pytest.tocsin"
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.stem)
def test_the_page_says_what_is_printed(path: Path, desk: Path, tocsin: Tocsin) -> None:
    page = read_page(path)

    def run(words: list[str]) -> Result:
        return tocsin("--as-of", str(AS_OF), *words, partnership=NWL.relative_to(ROOT))

    printed: dict[Step, tuple[str, ...]] = {step: perform(step.command, run) for step in page.steps}
    if os.environ.get("TOCSIN_WRITE_MANUAL") == "1":
        path.write_text(page.told_again(printed).text(), encoding="utf-8")
        return
    wrong = [difference(page, s, p) for s, p in printed.items() if not matches(s.printed, p)]
    assert not wrong, "TOCSIN_WRITE_MANUAL=1 rewrites the pages\n\n" + "\n\n".join(wrong)
