"""The outbox: one row per key and channel, in order, and no write with a stale fence."""

from __future__ import annotations

import datetime as dt
import itertools
import threading

import pytest

from jobs.store import letters, outbox, sending
from jobs.store.engine import Store

GRACE = dt.timedelta(seconds=15)


def put(store: Store, clock, key: str, payload: str = "{}", channel: str = "jag") -> str:
    with store.write() as connection:
        return outbox.enqueue(connection, key, channel, "alert", payload, clock.now)


def take(store: Store, clock, channel: str = "jag") -> sending.Item | None:
    return sending.claim_next(store, channel, clock.now, GRACE)


def taken(store: Store, clock, channel: str = "jag") -> sending.Item:
    item = take(store, clock, channel)
    assert item is not None
    return item


def standings(store: Store) -> dict[tuple[str, str], int]:
    with store.read() as connection:
        return {(s.channel, s.state): s.count for s in letters.standings(connection)}


def test_the_same_again_is_unchanged_and_a_change_is_an_edit(store: Store, clock):
    assert put(store, clock, "A-1", "first") == "new"
    assert put(store, clock, "A-1", "first") == "unchanged"
    assert put(store, clock, "A-1", "first", channel="board") == "new"
    item = taken(store, clock)
    assert (item.key, item.payload, item.revision, item.reference) == ("A-1", "first", 1, None)
    assert sending.mark_sent(store, item, "ts-1", item.revision, clock.now)
    assert put(store, clock, "A-1", "first") == "unchanged"
    assert take(store, clock) is None

    assert put(store, clock, "A-1", "second") == "edited"
    edit = taken(store, clock)
    assert (edit.payload, edit.revision, edit.reference, edit.unknown) == ("second", 2, "ts-1", False)
    assert sending.mark_sent(store, edit, "ts-1", edit.revision, clock.now)
    assert standings(store) == {("jag", "sent"): 1, ("board", "pending"): 1}
    with store.read() as connection:
        assert outbox.keys_in(connection, "jag") == {"A-1"}


def test_rows_are_written_with_the_callers_transaction_or_not_at_all(store: Store, clock):
    with pytest.raises(ZeroDivisionError), store.write() as connection:
        outbox.enqueue(connection, "A-1", "jag", "alert", "{}", clock.now)
        raise ZeroDivisionError
    assert take(store, clock) is None


def test_a_change_while_it_is_being_sent_becomes_an_edit_not_a_second_post(store: Store, clock):
    put(store, clock, "A-1", "first")
    item = taken(store, clock)
    assert put(store, clock, "A-1", "second") == "edited"
    assert take(store, clock) is None, "it is still in somebody's hands"
    assert sending.mark_sent(store, item, "ts-1", item.revision, clock.now)
    edit = taken(store, clock)
    assert (edit.payload, edit.reference, edit.revision) == ("second", "ts-1", 2)


def test_within_a_channel_the_oldest_goes_first_and_holds_the_rest(store: Store, clock):
    for key in ("A-1", "A-2"):
        put(store, clock, key)
        put(store, clock, key, channel="board")
    first = taken(store, clock)
    assert first.key == "A-1"
    assert take(store, clock) is None, "A-2 waits for A-1"
    assert taken(store, clock, "board").key == "A-1", "other channels go on"

    assert sending.mark_retry(store, first, clock.now + dt.timedelta(seconds=60), "429")
    assert take(store, clock) is None
    clock.advance(seconds=60)
    again = taken(store, clock)
    assert (again.key, again.attempts, again.unknown) == ("A-1", 2, False)
    sending.mark_sent(store, again, "ts", 1, clock.now)
    assert taken(store, clock).key == "A-2"


def test_due_channels_names_those_with_something_to_do(store: Store, clock):
    put(store, clock, "A-1")
    put(store, clock, "A-1", channel="board")
    assert sending.due_channels(store, clock.now, GRACE) == ["board", "jag"]
    taken(store, clock)
    assert sending.due_channels(store, clock.now, GRACE) == ["board"]
    clock.advance(seconds=15)
    assert sending.due_channels(store, clock.now, GRACE) == ["board", "jag"]


def test_an_interrupted_send_is_taken_over_after_the_grace_and_the_old_worker_is_powerless(store, clock):
    put(store, clock, "A-1")
    old = taken(store, clock)
    clock.advance(seconds=14)
    assert take(store, clock) is None
    clock.advance(seconds=1)
    new = taken(store, clock)
    assert (new.unknown, new.fence) == (True, old.fence + 1)

    later = clock.now + GRACE
    assert not sending.renew_intent(store, old, later)
    assert not sending.mark_sent(store, old, "old", 1, later)
    assert not sending.mark_retry(store, old, later, "old")
    assert not sending.mark_unclear(store, old, later, "old")
    notice = sending.Notice("dead:jag", "ops", "{}")
    assert not sending.mark_dead(store, old, "old", later, notice=notice)
    assert standings(store) == {("jag", "sending"): 1}

    assert sending.renew_intent(store, new, clock.advance(seconds=10))
    clock.advance(seconds=14)
    assert take(store, clock) is None, "the grace counts from the renewed intent"
    assert sending.mark_sent(store, new, "new", 1, clock.now)
    assert standings(store) == {("jag", "sent"): 1}


def test_unclear_stays_in_sending_until_somebody_has_looked(store: Store, clock):
    put(store, clock, "A-1")
    put(store, clock, "A-2")
    later = clock.now + dt.timedelta(seconds=5)
    assert sending.mark_unclear(store, taken(store, clock), later, "the answer was lost")
    clock.advance(seconds=19)
    assert take(store, clock) is None, "a grace after the moment named"
    clock.advance(seconds=1)
    item = taken(store, clock)
    assert (item.key, item.unknown, item.attempts) == ("A-1", True, 2)


def test_a_workers_death_is_no_failed_try(store: Store, clock):
    put(store, clock, "A-1")
    for fence in range(1, 31):
        item = taken(store, clock)
        assert (item.fence, item.attempts) == (fence, 1)
        clock.advance(seconds=15)


def test_dead_letters_let_others_pass_are_told_once_and_can_be_revived(store: Store, clock):
    for key in ("A-1", "A-2"):
        put(store, clock, key)
        item = taken(store, clock)
        notice = sending.Notice("dead:jag", "ops", "jag is gone")
        assert sending.mark_dead(store, item, "channel_not_found", clock.now, notice=notice)
    assert standings(store) == {("jag", "dead"): 2, ("ops", "pending"): 1}
    with store.read() as connection:
        found = letters.given_up(connection)
    assert [(f.channel, f.key, f.state, f.error) for f in found] == [
        ("jag", "A-1", "dead", "channel_not_found"),
        ("jag", "A-2", "dead", "channel_not_found"),
    ]
    with store.write() as connection:
        assert letters.revive(connection, "jag", clock.now) == 2
    assert taken(store, clock).key == "A-1"


def test_a_new_payload_revives_the_dead_but_not_the_perhaps_posted(store: Store, clock):
    put(store, clock, "A-1", "first")
    sending.mark_dead(store, taken(store, clock), "invalid_blocks", clock.now)
    assert put(store, clock, "A-1", "second") == "edited"
    item = taken(store, clock)
    assert (item.payload, item.attempts) == ("second", 1)

    sending.mark_dead(store, item, "nobody knows", clock.now, state="unknown")
    assert put(store, clock, "A-1", "third") == "edited"
    assert take(store, clock) is None, "it may be on the wall: only an operator can say"


def test_a_change_does_not_cut_a_rest_short(store: Store, clock):
    put(store, clock, "A-1", "first")
    sending.mark_retry(store, taken(store, clock), clock.now + dt.timedelta(seconds=30), "429")
    put(store, clock, "A-1", "second")
    clock.advance(seconds=29)
    assert take(store, clock) is None
    clock.advance(seconds=1)
    assert taken(store, clock).payload == "second"


def test_many_workers_each_row_once(store: Store, clock):
    keys = [f"A-{n}" for n in range(5)]
    channels = [f"c{n}" for n in range(4)]
    for channel, key in itertools.product(channels, keys):
        put(store, clock, key, channel=channel)
    sent: list[tuple[str, str]] = []

    def work() -> None:
        while due := sending.due_channels(store, clock.now, GRACE):
            for item in filter(None, (take(store, clock, channel) for channel in due)):
                sent.append((item.channel, item.key))
                assert sending.mark_sent(store, item, "ts", item.revision, clock.now)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(sent) == len(set(sent)) == 20
    for channel in channels:
        assert [key for c, key in sent if c == channel] == keys


def test_the_same_key_from_many_transactions_is_one_row(store: Store, clock):
    said: list[str] = []
    threads = [
        threading.Thread(target=lambda n=n: said.append(put(store, clock, "A-1", f"{n % 2}")))
        for n in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said.count("new") == 1
    assert standings(store) == {("jag", "pending"): 1}
