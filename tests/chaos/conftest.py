"""Fixtures of the package, and where its figures are written down."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.integration.conftest import clock, make_house
from tests.integration.test_kill import spawn
from tests.integration.test_scheduler import works

__all__ = ["clock", "make_house", "spawn", "works"]


@pytest.fixture
def note() -> Callable[..., None]:
    """`note(rounds=15, lost=0)`: for the table of `make chaos`, where one is being made."""

    def write(**figures: float) -> None:
        if path := os.environ.get("TOCSIN_FIGURES"):
            with Path(path).open("a", encoding="utf-8") as lines:
                lines.write(json.dumps(figures) + "\n")

    return write


@pytest.fixture(scope="session")
def full() -> bool:
    """Whether this is the long run."""
    return os.environ.get("TOCSIN_CHAOS") == "full"
