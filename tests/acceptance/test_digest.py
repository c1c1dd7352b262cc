"""The digest: the month on one page, figures from the store, nothing fetched from anywhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli import Tocsin

pytestmark = pytest.mark.slow


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
