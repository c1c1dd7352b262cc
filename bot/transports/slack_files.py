"""A file in the thread of a message: uploaded and shared in one go, and found again by its name."""

from __future__ import annotations

import structlog

from bot.message import Message
from bot.renderers.slack_text import mrkdwn_to_fit, plain_to_fit
from bot.transports.base import Unclear, Undeliverable
from bot.transports.slack_calls import SlackCalls
from jobs.errors import Retry

FILE = "file:"
"""What the reference of a file begins with: Slack tells its id, and the ts of the message around it later."""
log = structlog.get_logger(__name__)
_STEPS = 4  # requests of an upload, and one to spare
_TITLE, _COMMENT = 200, 1_000


def share(calls: SlackCalls, message: Message) -> str:
    """Upload the file of a message into its thread, the summary beside it. The reference is `file:ID`.

    Only the last of the three requests shows it to anybody. Raises Retry where there is no time for all of
    them: another worker may look for the file soon, and must not find it after that.
    """
    assert message.file is not None
    try:
        content = message.file.make()
    except Exception as error:
        log.exception("a file cannot be made", key=message.key)
        raise Undeliverable(
            "cannot-be-made", f"The file {message.file.name}: {type(error).__name__}.", "See the log."
        ) from error
    if not calls.time_for(_STEPS):
        raise Retry("making the file took too long; it was not sent")
    try:
        done = calls(
            calls.client.files_upload_v2,
            file=content,
            filename=message.file.name,
            title=plain_to_fit(message.file.title, _TITLE),
            initial_comment=mrkdwn_to_fit(message.summary, _COMMENT),
            thread_ts=message.thread or None,
        )
    except TypeError:  # the library counts the files of an answer that has none
        raise Unclear("an answer without files") from None
    files = done.get("files") or [{}]
    return f"{FILE}{files[0].get('id', message.file.name)}"
