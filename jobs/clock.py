"""The wall clock. Whatever asks for the time takes a clock, and this is the one that runs."""

from __future__ import annotations

import datetime as dt


def utc_now() -> dt.datetime:
    """Now, aware."""
    return dt.datetime.now(dt.UTC)
