"""The digest: the month on one page, figures from the store, nothing fetched from anywhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli import Tocsin

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("houses_stay_open")]


def test_the_text_tells_the_month(tocsin: Tocsin, told: str) -> None:
    result = tocsin("digest", "--month", "2022-06", database=told)
    assert result.code == 0, result.err
    assert "June 2022" in result.out
    assert "Theft from the person" in result.out
    assert "37" in result.out
    for word in ("due to", "caused by", "crime wave", "spree"):
        assert word not in result.out.lower()


def test_the_page_is_one_file_with_charts(tocsin: Tocsin, told: str, tmp_path: Path) -> None:
    result = tocsin("digest", "--month", "2022-06", "--format", "html", "--out", tmp_path, database=told)
    assert result.code == 0, result.err
    page = (tmp_path / "digest-2022-06.html").read_text(encoding="utf-8")
    assert page.count("data:image/png;base64,") >= 3
    assert re.findall(r'<img(?![^>]*\balt="[^"]{20,}")[^>]*>', page) == [], "every picture has alt text"
    assert not re.search(r'(?:src|srcset)="(?!data:)', page)
    assert not re.search(r'<link[^>]+href="(?!data:)', page)
    assert "<script" not in page
    assert "Open Government Licence" in page


def test_a_public_reader_sees_no_partner_figures(tocsin: Tocsin, told: str) -> None:
    public = tocsin("digest", "--month", "2022-06", database=told).out
    partner = tocsin("digest", "--month", "2022-06", "--clearance", "partner", database=told).out
    assert "nvented sample" not in public
    assert "nvented sample" in partner


@pytest.mark.parametrize("month", ["2019-01", "2030-01"])
def test_a_month_without_figures_is_said_with_the_months_there_are(
    tocsin: Tocsin, told: str, tmp_path: Path, month: str
) -> None:
    result = tocsin("digest", "--month", month, "--format", "html", "--out", tmp_path / "out", database=told)
    assert result.code == 5
    assert "police.uk has December 2019 to July 2022" in result.err
    assert not (tmp_path / "out").exists(), "no page is left behind"


def test_the_first_year_says_how_many_months_it_ranks(tocsin: Tocsin, told: str) -> None:
    assert "by area, December 2019 to March 2020" in tocsin("digest", "--month", "2020-03", database=told).out
