"""What every way of asking leads to: an actor, an audited answer, the words now, the picture afterwards."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import structlog
from slack_sdk import WebClient

from bot.answers.deeds import act
from bot.answers.desk import Desk
from bot.grammar.typed import LONGEST
from bot.message import Answer, Picture
from bot.renderers.slack import SlackMessage, answer_blocks
from bot.slack.backroom import Away, Backroom
from bot.slack.drawn import Said, said
from bot.slack.once import Once
from bot.slack.reply import Reply
from bot.slack.told import answered, told
from bot.slack.who import Who
from bot.slack.workers import Workers
from bot.transports.slack_pictures import SlackPictures
from jobs.attention.deeds import Deed
from jobs.attention.people import Actor

BUSY = "Too many questions at once. Please ask again in a minute."

log = structlog.get_logger(__name__)


@dataclass
class Voice:
    """One partnership speaking in one workspace."""

    desk: Desk
    client: WebClient
    backroom: Backroom | None = None  # who answers, as long as it is there
    settle: float = 1.0  # seconds that Slack is given to look at an uploaded picture
    who: Who = field(init=False)
    once: Once = field(default_factory=Once, init=False)
    workers: Workers = field(init=False)
    studio: Workers = field(init=False)  # one thread: drawing never stands in the way of an answer
    pictures: SlackPictures = field(init=False)

    def __post_init__(self) -> None:
        self.who = Who(self.desk.house.partnership, self.client)
        self.workers = Workers("slack-work", threads=16, room=100)
        self.studio = Workers("slack-studio", threads=1, room=20)
        self.pictures = SlackPictures(self.client)

    def reply(self, person: str, channel: str, url: str = "", thread: str = "", under: str = "") -> Reply:
        """Where answers to this person at this place go."""
        return Reply(self.client, person, channel, url, thread, under)

    def answer(self, reply: Reply, text: str, interaction: str, *, instead: bool = False) -> None:
        """Answer what was typed. `instead` of the question that was clicked."""
        text = text[: LONGEST + 1]  # what is longer is refused all the same
        actor = self.who.speaks(reply.person, reply.channel)
        found, share = self._said(text, actor, interaction)
        self._show(reply, found, share=share and reply.open_to_others, instead=instead)

    def do(self, reply: Reply, deed: Deed, actor: Actor) -> None:
        """Do what a click or a form says, and tell the person what came of it."""
        self.show(reply, told(lambda: act(self.desk.house, actor, deed)))

    def show(self, reply: Reply, answer: Answer) -> None:
        """The words now, with what the picture shows; the picture when it is drawn."""
        self._show(reply, said(answer))

    def draw(self, reply: Reply, picture: Picture, *, share: bool = False) -> None:
        """Let it be drawn and shown; the words have gone out already, so that nothing is lost without it."""
        if not self.studio.take(lambda: self._drawn(reply, picture, share)):
            log.info("slack: no time for a picture", picture=picture.name)

    def close(self) -> None:
        """Finish what is at work."""
        self.workers.close()
        self.studio.close()

    def _said(self, text: str, actor: Actor, interaction: str) -> tuple[Said, bool]:
        if self.backroom is not None:
            try:
                return self.backroom.ask(text, actor, interaction)
            except Away:
                log.info("slack: answered here")
        answer, share = answered(self.desk, text, actor, interaction)
        return said(answer), share

    def _show(self, reply: Reply, found: Said, *, share: bool = False, instead: bool = False) -> None:
        drawn = found.drawn
        arrived = reply.shared(drawn) if share else reply.private(drawn, instead=instead)
        for picture in found.pictures if arrived else ():
            self.draw(reply, picture, share=share)

    def _drawn(self, reply: Reply, picture: Picture, share: bool) -> None:
        file = self.pictures.put_up((picture,), lambda: True).get(picture.name)
        if file is None:
            return
        page = answer_blocks(Answer(picture.title, (), pictures=(picture,)), {picture.name: file})
        shown = SlackMessage(page.text, page.blocks)
        for _ in range(2):  # Slack refuses a picture that it has not looked at yet
            if (reply.shared if share else reply.private)(shown, or_text=False):
                return
            time.sleep(self.settle)
        self.pictures.forget((picture,))
