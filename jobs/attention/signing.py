"""An analyst's yes to the draft of a monthly digest: from then on its channels have it."""

from __future__ import annotations

from dataclasses import replace

from jobs.attention.clearance import Readers
from jobs.attention.deed import Matter, Outcome
from jobs.attention.people import shown_name
from jobs.errors import NotReady
from rules.model import Month


def sign(matter: Matter) -> Outcome:
    """Sign a month off, once. Whoever does must be cleared for everything that the channels get."""
    from jobs.digest.gather import month_to_tell  # brings pandas
    from jobs.digest.post import is_out, publish, queue_draft, told_in, waiting

    connection, house = matter.connection, matter.house
    if house.partnership.digest.mode != "draft":
        return matter.outcome("wrong", "auto")
    needed = max((c.clearance for c in told_in(house)), key=lambda c: c.rank, default=matter.actor.clearance)
    if matter.actor.clearance.rank < needed.rank:
        return matter.outcome("refused", "clearance", needs=needed.value)
    wanted = Month.parse(matter.deed.month) if matter.deed.month else waiting(connection)
    if wanted is None:
        return matter.outcome("wrong", "draft")
    try:
        month = month_to_tell(connection, house, wanted, Readers(needed))
    except NotReady:
        return replace(matter.outcome("wrong", "month"), month=str(wanted))
    if is_out(connection, month):
        return replace(matter.outcome("unchanged"), month=str(month))
    channels = tuple(publish(connection, house, month))
    queue_draft(connection, house, month, by=shown_name(house.partnership, matter.actor.id))
    return replace(matter.outcome("done"), month=str(month), channels=channels)
