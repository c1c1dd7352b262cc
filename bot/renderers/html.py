"""Self-contained pages: one file, styles and pictures inside, nothing fetched."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from bot.message import Answer, Picture, Table
from bot.renderers import words
from bot.views.digest import context, headline_picture, hot_table
from bot.views.digest_parts import PARTS, section, words_of
from bot.words import month
from jobs.facts import DigestFacts, HotArea, Point
from rules.claims import Claim

if TYPE_CHECKING:
    from pathlib import Path

SPARK_MONTHS = 24


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture inside the page."""

    uri: Markup
    alt: str


def answer_html(answer: Answer) -> str:
    """The answer as one page, pictures drawn, every claim with what it was computed from."""
    state = words.parts("answer.txt.j2", _furniture(answer))["state"]
    return words.html(
        "answer.html.j2",
        {
            "answer": answer,
            "state": state,
            "pictures": [_drawn(p.draw(), p.alt) for p in answer.pictures],
            "claims": _claims(answer.claims) if answer.claims else None,
        },
    )


def digest_html(facts: DigestFacts, map_png: bytes | None) -> str:
    """The digest as one page for a board. Equal facts give equal bytes."""
    words_ = words_of(facts)
    table, notes = hot_table(facts)
    chart = headline_picture(facts) if facts.headline.history else None
    values = context(facts) | {
        "chart": _from(chart) if chart else None,
        "unusual": [(item, _spark(item.history, item.series_title)) for item in facts.unusual],
        "boxes": [(box, _spark(box.history, box.title)) for box in facts.boxes],
        "map": _drawn(map_png, _hot_alt(facts)) if map_png else None,
        "areas": table,
        "notes": notes,
        "part": {name: section(words_, name) for name in PARTS},
    }
    return words.html("digest.html.j2", values)


def digest_page(facts: DigestFacts, boundaries: Sequence[Path] | None) -> str:
    """The same with its map drawn, where there are boundaries."""
    from bot.pictures.maps import area_map

    bands = {h.code: h.band for h in facts.hot if h.band}
    if not bands or boundaries is None:
        return digest_html(facts, None)
    labels = {h.code: str(h.rank) for h in facts.hot}
    title = f"Highest areas in {facts.district_name}"
    return digest_html(facts, area_map(boundaries, bands, labels, title, facts.hot_window))


def _furniture(answer: Answer) -> dict[str, object]:
    return {
        "answer_state": answer.state,
        "pictures_shown": (),
        "actions": (),
        "suggestions": (),
        "classification": answer.classification.value,
    }


def _from(picture: Picture) -> Drawn:
    return _drawn(picture.draw(), picture.alt)


def _drawn(png: bytes, alt: str) -> Drawn:
    # Safe as markup: base64 has no character that HTML reads.
    return Drawn(Markup("data:image/png;base64," + base64.b64encode(png).decode("ascii")), alt)  # noqa: S704


def _spark(history: Sequence[Point], title: str) -> Drawn | None:
    from bot.pictures.chart_words import chart_alt
    from bot.pictures.spark import spark_bars

    if not history:
        return None
    shown = history[-SPARK_MONTHS:]
    return _drawn(spark_bars(shown), chart_alt(shown, title))


def _hot_alt(facts: DigestFacts) -> str:
    from bot.pictures.maps import map_alt

    described = {a.code: _described(a) for a in facts.hot}
    title = f"{facts.headline.title} by area, {month(facts.hot_window)}"
    return map_alt({a.code: a.band for a in facts.hot}, described, title)


def _described(area: HotArea) -> str:
    return f"{area.name} {area.count:,}"


def _claims(claims: Sequence[Claim]) -> Table:
    columns = ("Figure", "Value", "Unit", "Numerator", "Denominator", "Window", "Base window", "Source")
    right = {"Value", "Numerator"}
    return Table(
        "Each figure, what it was computed from, and the months it covers",
        tuple((c, "right" if c in right else "left") for c in columns),
        tuple(_claim(c) for c in claims),
    )


def _claim(claim: Claim) -> tuple[str, ...]:
    base = "–" if claim.denominator is None else f"{claim.denominator:,.6g} {claim.basis}".strip()
    return (
        claim.name,
        f"{claim.value:,.0f}" if claim.unit == "count" else f"{claim.value:,.4g}",
        claim.unit.replace("_", " "),
        f"{claim.numerator:,.6g}",
        base,
        claim.window.words if claim.window else "–",
        claim.base_window.words if claim.base_window else "–",
        claim.source,
    )
