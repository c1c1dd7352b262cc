"""Putting the parts together: which channel is drained by which transport, which kind is worded by whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.alerts_view import alert_message, late_message, rollup_message
from bot.delivery import Builder, Delivery, notice_message
from bot.digest_view import digest_message
from bot.transports.console import Console
from jobs.facts import ALERT, DIGEST, LATE, ROLLUP

if TYPE_CHECKING:
    from collections.abc import Collection

    from jobs.house import House

BUILDERS: dict[str, Builder] = {
    "alert": lambda payload: alert_message(ALERT.validate_json(payload)),
    "rollup": lambda payload: rollup_message(ROLLUP.validate_json(payload), ""),
    "late": lambda payload: late_message(LATE.validate_json(payload)),
    "digest": lambda payload: digest_message(DIGEST.validate_json(payload)),
    "notice": notice_message,
}


def delivery_for(house: House, platforms: Collection[str]) -> Delivery:
    """Drains the channels of these platforms; others keep their messages until somebody serves them."""
    channels = [c for c in house.partnership.channels.values() if c.platform in platforms]
    operator = next((c.id for c in channels if c.operator), None)
    transports = {c.id: Console() for c in channels}
    return Delivery(house.store, transports, BUILDERS, operator=operator, clock=house.now)
