"""Everything asked of a closed source, and what a linear programme makes of the answers."""

from __future__ import annotations

import os

from tests.integration.test_desk_attack import Partner, attack_by_desk, partner
from tests.sample import told_file
from tests.unit.test_released import attacked, world

__all__ = ["partner", "told_file"]

_WORLDS = int(os.environ.get("TOCSIN_WORLDS", "3"))
_BUSY = (0.3, 1.0, 4.0)  # about what an LSOA has of a kind in a year
_MONTHS = (12, 24, 31)


def test_worlds_made_at_random(note) -> None:
    """Each is attacked with every area, kind and window that can be asked for."""
    tried, exact = 0, list[str]()
    for seed in range(_WORLDS):
        hidden, found = attacked(world(100 + seed, _BUSY[seed % 3], _MONTHS[seed // 3 % 3]))
        tried, exact = tried + hidden, exact + found
    note(worlds=_WORLDS, tried=tried, exact=len(exact))
    assert tried > 10 * _WORLDS, "hardly anything is hidden: then this shows nothing"
    assert exact == []


def test_the_shipped_sample_by_the_front_desk(partner: Partner, note) -> None:
    found = [attack_by_desk(partner, series) for series in ("fires-deliberate", "rtc")]
    tried, exact = sum(n for n, _ in found), [cell for _, cells in found for cell in cells]
    note(answers=len(partner.asked), tried=tried, exact=len(exact))
    assert tried > 50, "hardly anything is hidden: then this shows nothing"
    assert exact == []
