"""Answers for machines and as a page."""

from __future__ import annotations

import json

import pytest

from bot.message import Answer, Picture, Table
from bot.renderers.html import answer_html
from bot.renderers.json import answer_json
from rules.claims import Claimant
from rules.model import Classification, Month, Window
from tests.unit.renderers.hostile import TEXTS
from tests.unit.renderers.pages import read

YEAR = Window.ending(Month(2012, 9), 12)
PNG = b"\x89PNG\r\n\x1a\nmade up"


def _answer() -> Answer:
    claimant = Claimant("assessments", YEAR)
    claims = (claimant.count("recorded", 417), claimant.rate("rate", 417, 1489, "residents, mid-2011"))
    return Answer(
        "High-crime areas",
        ("Coalville Centre has most.",),
        Table("By area", (("Area", "left"), ("Recorded", "right")), (("Coalville Centre", "417"),)),
        pictures=(Picture("map", "Map", "Map: Coalville Centre 417.", lambda: PNG),),
        suggestions=("map total",),
        footer=("Source: assessments.",),
        claims=claims,
        sources=("assessments",),
        classification=Classification.PARTNER,
        data={"rows": [{"count": 417}]},
    )


def test_json_carries_every_claim_with_numerator_denominator_and_window():
    said = json.loads(json.dumps(answer_json(_answer())))
    assert said["claims"][1]["numerator"] == 417
    assert said["claims"][1]["denominator"] == 1489
    assert said["claims"][1]["window"] == "2011-10..2012-09"
    assert said["table"] == {
        "caption": "By area",
        "columns": ["Area", "Recorded"],
        "rows": [["Coalville Centre", "417"]],
    }
    assert (said["state"], said["classification"], said["sources"]) == ("ok", "partner", ["assessments"])
    assert said["pictures"] == [{"name": "map", "title": "Map", "alt": "Map: Coalville Centre 417."}]
    assert said["data"] == {"rows": [{"count": 417}]}
    assert answer_json(Answer("t", ()))["table"] is None


def test_the_page_holds_answer_picture_and_claims_and_fetches_nothing():
    page = read(answer_html(_answer()))
    assert page.problems == []
    assert "How the figures were made" in page.text
    assert "1,489 residents, mid-2011" in page.text
    assert "the year to September 2012" in page.text
    assert [i["alt"] for i in page.images] == ["Map: Coalville Centre 417."]
    assert "Partner data" in page.text


@pytest.mark.parametrize("text", TEXTS)
def test_hostile_text_is_only_text(text):
    answer = Answer(
        text, (text,), Table(text, ((text, "left"),), ((text,),)),
        pictures=(Picture("p", text, text, lambda: PNG),), suggestions=(text,), footer=(text,),
    )  # fmt: skip
    page = read(answer_html(answer))
    assert page.problems == []
    assert "\u202e" not in page.text
