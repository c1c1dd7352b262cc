"""Pictures for Slack: drawn and uploaded before the message that shows them. None of it may stop an alert.

They are drawn in another process: those who draw in this one hold up everybody who asks.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog
from slack_sdk import WebClient

from bot.message import Picture
from bot.pictures.easel import EASEL
from bot.renderers.slack_text import plain_to_fit
from bot.transports.slack_errors import FAULTS, explained

ALT = 1_000  # of an uploaded file; the image block takes 2,000
_KEPT = 64

log = structlog.get_logger(__name__)


@dataclass
class SlackPictures:
    """Uploads without sharing: the file shows where a block of ours names it, and nowhere else."""

    client: WebClient
    draw: Callable[[Callable[[], bytes]], bytes] = EASEL.draw
    _known: OrderedDict[tuple[str, str], str] = field(default_factory=OrderedDict)
    """(name, alt text) -> file id, so that a post that is made again does not upload again."""

    def put_up(self, pictures: tuple[Picture, ...], has_time: Callable[[], bool]) -> dict[str, str]:
        """Picture name -> file id, of those that went up."""
        found = {}
        for picture in pictures:
            file = self._known.get((picture.name, picture.alt))
            if file is None and not has_time():
                log.warning("no time for a picture, the message goes without it", picture=picture.name)
                continue
            file = file or self._put_up(picture)
            if file is not None:
                found[picture.name] = file
        return found

    def forget(self, pictures: tuple[Picture, ...]) -> None:
        """Slack does not take these files: upload them anew next time."""
        for picture in pictures:
            self._known.pop((picture.name, picture.alt), None)

    def _put_up(self, picture: Picture) -> str | None:
        try:
            png = self.draw(picture.draw)
        except Exception:
            log.exception("a picture cannot be drawn, the message goes without it", picture=picture.name)
            return None
        try:
            done = self.client.files_upload_v2(
                file=png,
                filename=f"{picture.name}.png",
                title=plain_to_fit(picture.title, 200),
                alt_txt=plain_to_fit(picture.alt, ALT),
            )
            file = str((done.get("files") or [{}])[0].get("id", ""))
        except (*FAULTS, TypeError) as error:  # TypeError: len() of an answer without files
            why = str(explained(error)) if isinstance(error, FAULTS) else "an answer without files"
            log.warning(
                "a picture cannot be uploaded, the message goes without it", picture=picture.name, why=why
            )
            return None
        self._known[picture.name, picture.alt] = file
        while len(self._known) > _KEPT:
            self._known.popitem(last=False)
        return file or None
