"""Sensitive series: only where a channel names them, and to no person alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from jobs.attention.clearance import may_see
from jobs.attention.people import Actor, Person, Role, actor_of, at_terminal, named_in
from jobs.folder.lexicon import load_lexicon
from jobs.folder.partnership import Channel, Partnership
from rules.model import Classification
from tests.integration.small_county import channel, source

SENSITIVE, LEXICON = Classification.SENSITIVE, load_lexicon()
PARTNER = source("partner", classification="partner")


def house_of(*channels: Channel) -> Partnership:
    """A partnership in which Sam may see everything."""
    sam = Person(id="U1", clearance=SENSITIVE)
    return Partnership(
        folder=Path("/nowhere"), id="x", name="x", district="E07000134", county="E10000018", reference="none",
        sources={"partner": PARTNER}, channels={c.id: c for c in channels}, people={"sam": sam},
    )  # fmt: skip


NAMING = channel("safe", platform="slack", address="C1", clearance="sensitive", sensitive_series=["domestic"])
SILENT = channel("any", platform="slack", address="C2", clearance="sensitive")


def sees(actor: Actor, series: str) -> bool:
    return may_see(actor.clearance, PARTNER, series, LEXICON, actor.named)


@pytest.mark.parametrize(
    ("address", "shared", "direct", "series", "expected"),
    [
        ("C1", False, False, "domestic", True),
        ("C1", False, False, "hate", False),
        ("C2", False, False, "domestic", False),
        ("C3", False, False, "domestic", False),
        ("C1", True, False, "domestic", False),
        ("D1", False, True, "domestic", False),
        ("D1", False, True, "fires-deliberate", True),
        ("C2", False, False, "fires-deliberate", True),
    ],
)
def test_a_sensitive_series_is_open_only_where_it_is_named(
    address: str, shared: bool, direct: bool, series: str, expected: bool
) -> None:
    own = house_of(NAMING, SILENT)
    assert sees(actor_of(own, "slack", "U1", address, shared=shared, direct=direct), series) is expected


def test_who_holds_the_database_sees_what_the_clearance_says() -> None:
    assert sees(at_terminal(Role.ADMIN, SENSITIVE), "domestic")
    assert not sees(at_terminal(Role.ADMIN, Classification.PARTNER), "domestic")


def test_an_outbox_channel_is_sent_what_it_names() -> None:
    own = house_of(NAMING, SILENT)
    assert [named_in(own, c) for c in ("safe", "any", "person:U1")] == [("domestic",), (), ()]
