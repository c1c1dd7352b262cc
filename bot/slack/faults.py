"""Noting a defect without repeating what somebody wrote, a token or an address."""

from __future__ import annotations

import traceback
from pathlib import Path

import structlog

log = structlog.get_logger(__name__)


def note(what: str, error: Exception) -> None:
    """What kind of error and where; not its text, which may quote a request."""
    frames = traceback.extract_tb(error.__traceback__)[-5:]
    where = [f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in frames]
    log.error(what, error=type(error).__name__, where=where)
