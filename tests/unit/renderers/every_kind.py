"""Every kind of payload that the outbox holds, through the real builders. The figures are made up."""

from __future__ import annotations

import json
from dataclasses import replace

from bot.message import Message
from bot.views.digest import digest_thread
from bot.works import BUILDERS
from jobs.digest.pieces import only
from jobs.facts import ALERT, DIGEST_POST, LATE, ROLLUP, DigestPost, RollupFacts
from tests.unit.facts_samples import alert, digest, fall, late

_ROLLUP = RollupFacts("2022-06", 12, tuple(f"Burglary, Sample {n}" for n in range(1, 13)), "police", False)
_NOTICE = {"title": "Messages to jag cannot be delivered", "text": "not_in_channel", "advice": "Invite it."}
_PARENT = alert(
    children=tuple(alert(id=f"A-2022-06-1{n}", area=f"place-{n}", area_name=f"Sample {n}") for n in range(7))
)

PAYLOADS: dict[str, tuple[str, str]] = {
    # name: (kind, payload)
    "alert": ("alert", ALERT.dump_json(alert()).decode()),
    "fall": ("alert", ALERT.dump_json(fall()).decode()),
    "ended": ("alert", ALERT.dump_json(alert(status="ended", revision=5)).decode()),
    "parent": ("alert", ALERT.dump_json(_PARENT).decode()),
    "rollup": ("rollup", ROLLUP.dump_json(_ROLLUP).decode()),
    "late": ("late", LATE.dump_json(late()).decode()),
    "digest": ("digest", DIGEST_POST.dump_json(DigestPost("first", only(digest(), "first"))).decode()),
    "draft": (
        "digest",
        DIGEST_POST.dump_json(DigestPost("first", digest(), "waiting", "", ("jag",))).decode(),
    ),
    "whole": ("digest", DIGEST_POST.dump_json(DigestPost("whole", digest())).decode()),
    "notice": ("notice", json.dumps(_NOTICE)),
}


def built(name: str) -> Message:
    """The message, with the key and revision that the outbox would give it."""
    kind, payload = PAYLOADS[name]
    return replace(BUILDERS[kind](payload), key=f"{kind}:{name}", revision=3)


MESSAGES = {name: built(name) for name in PAYLOADS} | {m.key: m for m in digest_thread(digest())}
