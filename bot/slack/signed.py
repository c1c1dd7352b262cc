"""Is this request from Slack, now, and for the first time? Everything else gets a 401, whatever it holds.

Bolt's own check answers 500 to a timestamp that is no number, knows no replay, and logs whole bodies.
Source: docs.slack.dev, authentication/verifying-requests-from-slack.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bot.slack.once import Once

WINDOW = 300  # seconds that a request may be old, or ahead
_SECONDS = re.compile(r"[0-9]{1,11}")  # int() also takes " 12 ", "1_2" and the digits of other scripts


@dataclass
class Signed:
    """Checks requests against the app's signing secret; remembers what it let in while that is valid."""

    secret: str = field(repr=False)
    clock: Callable[[], float] = time.time
    _seen: Once = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._seen = Once(2 * WINDOW, clock=self.clock)

    def accepts(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Whether to let it in. `headers` by lower-case name."""
        at, given = headers.get("x-slack-request-timestamp", ""), headers.get("x-slack-signature", "")
        if not _SECONDS.fullmatch(at) or abs(self.clock() - int(at)) > WINDOW:
            return False
        # As bytes: comparing text that is not ASCII raises.
        if not hmac.compare_digest(self.signature(at, body).encode(), given.encode("utf-8", "replace")):
            return False
        return self._seen.first(given)

    def signature(self, at: str, body: bytes) -> str:
        """What Slack would send for this body at this time."""
        base = b"v0:" + at.encode() + b":" + body
        return "v0=" + hmac.new(self.secret.encode(), base, hashlib.sha256).hexdigest()
