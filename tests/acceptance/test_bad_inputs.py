"""Every bad input comes out as its manifest says, and nothing that was there is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.bad_inputs import check, partnership
from tests.cli import ROOT, Tocsin

BAD = ROOT / "tests" / "data" / "badinputs"


def test_the_manifest(tocsin: Tocsin, tmp_path: Path) -> None:
    check(tocsin, BAD, tmp_path)


@pytest.mark.parametrize("bad", ["b_truncated.csv", "c_missing_column.csv", "g_error_page.csv"])
def test_a_refused_file_leaves_the_month_as_it_was(
    tocsin: Tocsin, empty: str, tmp_path: Path, bad: str
) -> None:
    own = partnership(tmp_path)
    pull = ["--as-of", "2025-07-20", "pull", "police", "--month", "2025-03", "--json", "--from"]
    assert tocsin(*pull, BAD / "a_clean_bom.csv", database=empty, partnership=own).code == 0
    before = tocsin(
        "ask", "hotspots nwl asb 2025-03", "--format", "json", database=empty, partnership=own
    ).json
    refused = tocsin(*pull, BAD / bad, database=empty, partnership=own)
    assert refused.code == 3
    after = tocsin(
        "ask", "hotspots nwl asb 2025-03", "--format", "json", database=empty, partnership=own
    ).json
    assert after["data"] == before["data"]
    states = [e["state"] for e in tocsin("extracts", "list", "--json", database=empty, partnership=own).lines]
    assert sorted(states) == ["current", "rejected"]


def test_hostile_text_is_shown_as_text(tocsin: Tocsin, empty: str, tmp_path: Path) -> None:
    own = partnership(tmp_path)
    pull = ["--as-of", "2025-07-20", "pull", "police", "--month", "2025-03", "--json", "--from"]
    assert tocsin(*pull, BAD / "f_injection.csv", database=empty, partnership=own).code == 0
    page = tocsin(
        "ask", "hotspots E01025929", "--as-of", "2025-03", "--format", "html", database=empty, partnership=own
    ).out
    assert "&lt;!here&gt;" in page or "here" not in page
    assert "<!here>" not in page
    assert "https://evil.example" not in page.replace("&lt;https://evil.example|sign in&gt;", "")
