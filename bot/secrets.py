"""Tokens and secret addresses come from the environment, and are never part of a message or an exception."""

from __future__ import annotations

import ipaddress
import os
from pathlib import Path
from urllib.parse import urlsplit

from jobs.errors import UsageError


def optional(name: str) -> str:
    """The value of the variable `name`, or of the file that NAME_FILE points to; '' where neither is set."""
    value, path = os.environ.get(name, ""), os.environ.get(f"{name}_FILE")
    if not value and path:
        try:
            value = Path(path).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(
                f"{name}_FILE cannot be read ({type(error).__name__})", "mend the path"
            ) from None
    return value.strip()


def required(name: str, what: str) -> str:
    """`optional`, with a UsageError that names both ways where it is not set."""
    value = optional(name)
    if not value:
        raise UsageError(f"{name} is not set", f"set it, or {name}_FILE, to {what}")
    # A line break inside would be quoted by the HTTP library in its error: the secret in a log.
    if not (value.isascii() and value.isprintable()) or " " in value:
        raise UsageError(f"{name} holds characters that no such value has", f"set it to {what}")
    return value


def safe_address(address: str, name: str) -> str:
    """The address itself; UsageError when a secret would travel in the clear. Loopback may be plain http."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port = "", None
    if not host or port == 0 or not (parts.scheme == "https" or (parts.scheme == "http" and _loopback(host))):
        raise UsageError(f"{name} is not an https address", "only loopback may be plain http, for tests")
    return address


def _loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
