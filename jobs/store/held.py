"""Files that wait for a person: held for their volume, or rejected."""

from __future__ import annotations

import zlib

from sqlalchemy import Connection, select, update

from jobs.errors import UsageError
from jobs.sources.base import RawFile
from jobs.store.extracts import ExtractRow, list_extracts
from jobs.store.tables import extracts, raw_files

TURNED_DOWN = "turned-down"  # the reason of a rejected extract to which a person said no


def held_file(
    connection: Connection, extract: int, *, turned_down: bool = False
) -> tuple[ExtractRow, RawFile]:
    """The held extract with its bytes; UsageError when there is none of that number.

    With `turned_down` also one that a person has said no to: a no can be taken back.
    """
    rows = list_extracts(connection, extracts.c.id == extract)
    if not rows or not (rows[0].state == "held" or (turned_down and is_turned_down(rows[0]))):
        raise UsageError(f"extract {extract} is not waiting for a yes", "see `tocsin extracts list`")
    content = connection.execute(
        select(raw_files.c.content).where(raw_files.c.extract_id == extract)
    ).scalar_one_or_none()
    if content is None:
        raise UsageError(
            f"extract {extract} ({rows[0].name}) was too large to keep, or is past its retention",
            "pull the file again, or raise hold_below / hold_above in partnership.toml first",
        )
    return rows[0], RawFile(rows[0].name, zlib.decompress(content))


def turn_down(connection: Connection, extract: int) -> ExtractRow:
    """A person's no: the held extract becomes a rejected one; its bytes stay.

    It lasts: the same content is not asked about again when it is pulled again.
    """
    row, _ = held_file(connection, extract)
    connection.execute(
        update(extracts)
        .where(extracts.c.id == extract)
        .values(state="rejected", outcome="reject-file", reason=TURNED_DOWN)
    )
    return row


def is_turned_down(row: ExtractRow) -> bool:
    """Whether a person has said no to this content."""
    return (row.state, row.reason) == ("rejected", TURNED_DOWN)
