"""What every test of this folder needs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import structlog


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Retries and files passed over are logged; the tests look elsewhere."""
    with structlog.testing.capture_logs():
        yield
