"""The digest into the outbox: to its channels, or as a draft that waits for an analyst.

    auto     the month is told in every channel with `digest = true`
    draft    it is told in the operators' channels; once an analyst has signed it off, in the others

Where the platform has threads: a message of one phone screen, replies and the page below it. Elsewhere one
message. What is up already is edited; nothing is put up twice.
"""

from __future__ import annotations

from collections.abc import Iterable

from jobs.attention.clearance import Readers, readers_in
from jobs.attention.subscriptions import listener
from jobs.digest.gather import digest_facts
from jobs.digest.pieces import REPLIES, only
from jobs.facts import DIGEST_POST, DigestFacts, DigestPost, Piece
from jobs.folder.partnership import Channel
from jobs.house import House
from jobs.store.engine import Connection, looking
from jobs.store.outbox import channels_with, enqueue, newest_key
from rules.model import Classification, Month

_THREADS = frozenset({"slack"})  # platforms in which a message has replies
_PIECES: tuple[Piece, ...] = (*REPLIES, "page")
DRAFT = "digest-draft"  # the outbox key of a draft begins with it


def key_of(month: Month) -> str:
    """The outbox key of a month's digest; its replies have `:` and their name behind it."""
    return f"digest:{month}"


def told_in(house: House) -> list[Channel]:
    """The channels that get the digest."""
    return [c for c in house.partnership.channels.values() if c.digest]


def is_out(connection: Connection, month: Month) -> bool:
    """Whether the month's digest went to any channel."""
    return bool(channels_with(connection, key_of(month)))


def queue_digest(connection: Connection, house: House, month: Month) -> list[str]:
    """Put the month up, or its draft where somebody has to sign it off first; the channels.

    Told again it changes nothing; where figures changed since, it edits.
    """
    if house.partnership.digest.mode == "draft" and not is_out(connection, month):
        return queue_draft(connection, house, month)
    return publish(connection, house, month)


def publish(connection: Connection, house: House, month: Month) -> list[str]:
    """Put the month up in every digest channel, for its readers' clearance; the channels."""
    told: dict[Readers, DigestFacts] = {}
    for channel in told_in(house):
        readers = readers_in(channel)
        if readers not in told:
            told[readers] = _facts(connection, house, month, readers)
        _put_up(connection, house, channel, key_of(month), DigestPost("first", told[readers]))
    return [c.id for c in told_in(house)]


def queue_draft(connection: Connection, house: House, month: Month, *, by: str = "") -> list[str]:
    """Show the operators what the channels would get; `by`: who has signed it off. The channels."""
    operators = [c for c in house.partnership.channels.values() if c.operator]
    wanted = max((c.clearance for c in told_in(house)), key=lambda c: c.rank, default=Classification.PUBLIC)
    channels = tuple(c.id for c in told_in(house))
    for channel in operators:
        clearance = min(wanted, channel.clearance, key=lambda c: c.rank)
        readers = Readers(clearance, channel.sensitive_series)
        facts = _facts(connection, house, month, readers)
        post = DigestPost("first", facts, "signed" if by else "waiting", by, channels)
        _put_up(connection, house, channel, f"{DRAFT}:{month}", post)
    return [c.id for c in operators]


def refresh(connection: Connection, house: House, months: Iterable[Month]) -> list[Month]:
    """Bring digests that are up to what is known now, after these months were judged anew; which are up.

    A draft is brought up to date until it is signed off; then the digest itself is.
    """
    found = []
    for month in sorted(set(months)):
        out, drafted = is_out(connection, month), bool(channels_with(connection, f"{DRAFT}:{month}"))
        if out:
            publish(connection, house, month)
        elif drafted:
            queue_draft(connection, house, month)
        found += [month] if out or drafted else []
    return found


def waiting(connection: Connection) -> Month | None:
    """The newest month with a draft."""
    key = newest_key(connection, f"{DRAFT}:")
    return Month.parse(key.split(":")[1]) if key else None


def _facts(connection: Connection, house: House, month: Month, readers: Readers) -> DigestFacts:
    with looking(connection):  # hundreds of questions about the same counts
        return digest_facts(connection, house, month, readers)


def _put_up(connection: Connection, house: House, channel: Channel, key: str, post: DigestPost) -> None:
    due = listener(connection, house, channel.id).due(house, 1)
    pieces: tuple[Piece, ...] = ("first", *_PIECES) if channel.platform in _THREADS else ("whole",)
    for piece in pieces:
        told = DigestPost(piece, only(post.facts, piece), post.draft, post.by, post.channels)
        if piece not in ("first", "whole"):  # that it is a draft is said once
            told = DigestPost(piece, told.facts)
        top = piece in ("first", "whole")
        enqueue(
            connection, key if top else f"{key}:{piece}", channel.id, "digest",
            DIGEST_POST.dump_json(told).decode(), house.now(), due=due, thread=None if top else key,
        )  # fmt: skip
