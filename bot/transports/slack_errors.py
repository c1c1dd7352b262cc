"""What Slack's answers mean: later, never, or nobody knows. Nothing of a request gets into an error."""

from __future__ import annotations

import re
import socket
import ssl
from http.client import HTTPException
from urllib.error import HTTPError, URLError

from slack_sdk.errors import SlackApiError, SlackClientError

from bot.transports.base import Unclear, Undeliverable
from jobs.errors import Retry, TocsinError

FAULTS = (SlackClientError, OSError, HTTPException)
"""What a call of slack_sdk's client raises when something is wrong outside this program."""

BLOCKS_REFUSED = frozenset({"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"})
_LATER = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
# fatal_error says itself that some of it may have been done.
_UNCLEAR = frozenset(
    {"internal_error", "fatal_error", "service_unavailable", "request_timeout", "accesslimited"}
)
_CODE = re.compile(r"[a-z][a-z0-9_.-]{1,60}")

_REINSTALL = "Install the app again and put its new bot token where TOCSIN_SLACK_BOT_TOKEN comes from."
_REPORT = "Please report this: it is a defect."
_MEND = {
    "channel_not_found": (
        "Slack knows no such channel, or hides it from the app.",
        "Check `address` in partnership.toml: the channel's id. Invite the app if the channel is private.",
    ),
    "not_in_channel": ("The app is not in the channel.", "In the channel: `/invite @Tocsin`."),
    "is_archived": ("The channel is archived.", "Unarchive it, or give another one in partnership.toml."),
    "invalid_auth": ("Slack does not know the token.", _REINSTALL),
    "not_authed": ("Slack was given no token.", _REINSTALL),
    "token_revoked": ("The token was revoked.", _REINSTALL),
    "token_expired": ("The token has expired.", _REINSTALL),
    "account_inactive": ("The app was removed from the workspace.", _REINSTALL),
    "missing_scope": ("The app lacks a permission", "Add the scope to the app, then install it again."),
    "restricted_action": ("The workspace does not let the app post here.", "Ask an admin to allow it."),
    "edit_window_closed": (
        "The workspace forbids editing a message that old.",
        "Ask an admin to allow message editing at any time.",
    ),
    "cant_update_message": ("The message is not the app's own.", "It was posted with another token."),
    "message_not_found": ("The message is gone.", "Somebody deleted it."),
    "thread_not_found": ("The message that it belongs to is gone.", "Somebody deleted it."),
    "msg_too_long": ("The message is too long, even cut.", _REPORT),
    "invalid_blocks": ("Slack refuses how the message is drawn.", _REPORT),
}


def explained(error: Exception) -> TocsinError:
    """The same as Retry, Unclear or Undeliverable."""
    if isinstance(error, SlackApiError):
        return _answered(error)
    if isinstance(error, HTTPError):  # of the address of an upload; it holds on to the connection
        error.close()
    cause = error.reason if isinstance(error, URLError) else error
    name = type(cause if isinstance(cause, Exception) else error).__name__
    if isinstance(cause, (ConnectionRefusedError, socket.gaierror, ssl.SSLCertVerificationError)):
        return Retry(f"Slack could not be reached ({name})", "check the network and TOCSIN_SLACK_API_URL")
    return Unclear(f"Slack's answer was lost ({name})")


def _answered(error: SlackApiError) -> TocsinError:
    response = error.response
    data = response.data if isinstance(response.data, dict) else {}
    code, status = str(data.get("error", "")), int(response.status_code)
    if status == 429 or code in _LATER:
        return Retry("Slack asks for a pause", after=_seconds(response.headers))
    if status >= 500 or code in _UNCLEAR:
        return Unclear(f"Slack answered {status} {code if _CODE.fullmatch(code) else ''}".strip())
    if not _CODE.fullmatch(code):  # a page of somebody in between: what became of the request is not known
        return Unclear(f"an answer with status {status} that is not Slack's")
    return undeliverable(code, data)


def undeliverable(code: str, data: dict[str, object] | None = None) -> Undeliverable:
    """A refusal in our words; `data` is Slack's whole answer."""
    said, advice = _MEND.get(code, (f"Slack refuses it ({code}).", "See the error's name on docs.slack.dev."))
    if code == "missing_scope":
        said += f": {(data or {}).get('needed', 'not named')}."
    return Undeliverable(code, said, advice)


def complaints(error: SlackApiError) -> list[str]:
    """What Slack says is wrong with the blocks: places and rules, none of our text."""
    data = error.response.data if isinstance(error.response.data, dict) else {}
    found = data.get("errors") or (data.get("response_metadata") or {}).get("messages") or []
    return [str(what)[:200] for what in found][:5]


def _seconds(headers: dict[str, object]) -> float | None:
    value = next((v for k, v in headers.items() if k.lower() == "retry-after"), None)
    value = value[0] if isinstance(value, list) and value else value
    try:
        return max(float(str(value)), 0.0)
    except ValueError:
        return None
