"""An alert's facts as one message, and a late source's. Words are in templates/, figures in the facts."""

from __future__ import annotations

import math
from collections import Counter
from functools import partial

from bot import claimed
from bot.message import Action, Message, Picture
from bot.renderers.words import parts, phrase
from bot.views.handled import handled
from bot.words import files
from jobs.facts import AlertFacts, LateFacts, RollupFacts
from rules.month import Month

MOST_CHILDREN = 5
MOST_NAMES = 12
SHORT_HISTORY = 24  # months; statistics.md: below it a verdict is marked low confidence
OLD_BASELINE = 12  # months between the baseline's end and the month judged


def alert_message(facts: AlertFacts) -> Message:
    """The message that stands for this alert in a channel, in its present revision.

    The title already says severity by shape and word. Buttons carry the alert's id and nothing else.
    """
    gap = Month.parse(facts.month) - Month.parse(facts.baseline_last or facts.month)
    open_ = facts.status not in ("ended", "withdrawn", "closed")
    words = parts(
        "alert.txt.j2",
        {
            "alert": facts,
            "handled": handled(facts),
            "open": open_,
            "unexplained": facts.confidence != "normal" and not _doubted(facts),
            "short": facts.baseline_months < SHORT_HISTORY,
            "gap": gap if gap > OLD_BASELINE else 0,
            "whole": _whole(facts),
            "mainly": _mainly(facts),
            "children": named_parts(facts)[:MOST_CHILDREN],
            "more_children": len(facts.parts[MOST_CHILDREN:]),
        },
    )
    return Message(
        key=f"alert:{facts.id}",
        revision=facts.revision,
        title=words["title"][0],
        summary=" ".join(words["summary"]),
        lines=words["lines"],
        fields=tuple(_pair(line) for line in words["fields"]),
        pictures=(alert_picture(facts),) if facts.history else (),
        actions=tuple(Action(key, label, facts.id) for key, label in map(_pair, words["actions"])),
        footer=words["footer"],
        severity=facts.severity if open_ else 1,
        claims=claimed.of_alert(facts),
    )


def named_parts(facts: AlertFacts) -> tuple[tuple[AlertFacts, bool], ...]:
    """The parts of an alert; True where the rule is named: else two lines would seem to be of one thing."""
    places = Counter((c.series, c.area) for c in facts.parts)
    return tuple((c, c.area == facts.area or places[c.series, c.area] > 1) for c in facts.parts)


def late_message(facts: LateFacts) -> Message:
    """The one notice about a source that should be in by now."""
    words = parts("late.txt.j2", {"late": facts})
    return Message(
        key=f"late:{facts.source.id}:{facts.month}",
        revision=1,
        title=words["title"][0],
        summary=" ".join(words["lines"]),
        lines=words["lines"],
        footer=words["footer"],
        claims=claimed.of_source(facts.source),
    )


def rollup_message(facts: RollupFacts, key: str) -> Message:
    """What a channel's cap left over, in one line. `key` is the outbox's: the facts lack the source's id."""
    values = {
        "rollup": facts,
        "names": facts.names[:MOST_NAMES],
        "more": len(facts.names[MOST_NAMES:]),
    }
    words = parts("rollup.txt.j2", values)
    summary = " ".join((f"{words['title'][0]}:", *words["lines"]))
    return Message(
        key, 1, words["title"][0], summary, lines=words["lines"], footer=words["footer"],
        claims=claimed.of_rollup(facts, MOST_NAMES),
    )  # fmt: skip


def alert_picture(facts: AlertFacts) -> Picture:
    """The chart of an alert's history with the usual range; drawn when a renderer asks."""
    from bot.pictures.charts import chart_alt, series_chart

    title = f"{facts.series_title}, {facts.area_name}"
    source = phrase("drawn_from", facts.source)
    return Picture(
        name=files(f"alert-{facts.id}-{facts.revision}"),
        title=title,
        alt=chart_alt(facts.history, title, source, judged=facts.month),
        draw=partial(series_chart, facts.history, title, "recorded a month", source, judged=facts.month),
    )


def _doubted(facts: AlertFacts) -> bool:
    return any("low confidence" in text.lower() for text in facts.caveats)


def _whole(facts: AlertFacts) -> int | None:
    """The district's count, where a share of it says something."""
    whole = facts.district_count
    n = facts.count
    if facts.area_kind in ("district", "county") or n is None or whole is None or whole < max(n, 1):
        return None
    return whole


def _mainly(facts: AlertFacts) -> AlertFacts | None:
    """The smallest place inside that makes at least half of the movement: then the whole did not move."""
    half = _moved(facts) / 2
    smaller = (c for c in facts.children if c.scope == "local" and c.area != facts.area)
    local = [c for c in smaller if _moved(c) >= half]
    order = ("lsoa", "site", "msoa")
    return min(local, key=lambda c: order.index(c.area_kind) if c.area_kind in order else 9, default=None)


def _moved(facts: AlertFacts) -> float:
    """How far the count is from what was expected; not to be compared where one is not told."""
    known = facts.count is not None and facts.expected is not None
    return abs((facts.count or 0) - (facts.expected or 0.0)) if known else math.nan


def _pair(line: str) -> tuple[str, str]:
    # The label is ours and holds no bar; a bar in a value stays in the value.
    label, _, value = line.partition(" | ")
    return label, value
