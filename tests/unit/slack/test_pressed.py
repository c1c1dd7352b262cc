"""A click, read: what the button carries, and what it does not."""

from __future__ import annotations

import pytest

from bot.slack.views import pressed


def click(value: str, **metadata: object) -> dict[str, object]:
    return {
        "actions": [{"action_id": "alert:own", "value": value}],
        "message": {"ts": "1.1", "metadata": {"event_payload": metadata}},
    }


@pytest.mark.parametrize(
    ("value", "metadata", "read"),
    [
        ("A-2022-06-03@3", {}, ("A-2022-06-03", 3)),
        ("A-2022-06-03", {}, ("A-2022-06-03", None)),
        ("A-2022-06-03", {"key": "alert:A-2022-06-03", "rev": 2}, ("A-2022-06-03", 2)),  # an older Tocsin's
        ("A-2022-06-03@3", {"key": "alert:A-2022-06-03", "rev": 4}, ("A-2022-06-03", 3)),  # what was clicked
        ("A-2022-06-03", {"key": "escalation:A-2022-06-03", "rev": 2}, ("A-2022-06-03", None)),
        ("A-2022-06-03@", {}, ("A-2022-06-03@", None)),
        ("A-2022-06-03@-1", {}, ("A-2022-06-03@-1", None)),
        ("A-2022-06-03@٣", {}, ("A-2022-06-03@٣", None)),
        ("A-2022-06-03@1234567890", {}, ("A-2022-06-03@1234567890", None)),
        ("trend theft @ nwl", {}, ("trend theft @ nwl", None)),
        ("@3", {"key": "alert:x", "rev": "x"}, ("@3", None)),
    ],
)
def test_what_a_click_says(value: str, metadata: dict[str, object], read: tuple[str, int | None]) -> None:
    press = pressed(click(value, **metadata))
    assert (press.value, press.revision) == read
