"""Logging: structured lines on standard error; never bodies, tokens or addresses of replies."""

from __future__ import annotations

import logging
import sys

import structlog

_configured = {"level": "info"}


def level() -> str:
    """How much is logged, for a process that this one starts."""
    return _configured["level"]


def configure(level: str) -> None:
    """One JSON object a line when piped, readable when somebody watches."""
    _configured["level"] = level
    console, json = structlog.dev.ConsoleRenderer(), structlog.processors.JSONRenderer()
    # The console draws exceptions itself; JSON needs them as text first.
    last = [console] if sys.stderr.isatty() else [structlog.processors.format_exc_info, json]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
