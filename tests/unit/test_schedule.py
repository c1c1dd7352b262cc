"""The timetable: what is due when, across clock changes, downtime, late sources and failures."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

import pytest

from jobs.folder.partnership import Layout, SourceSettings
from jobs.runs import back_off
from jobs.schedule import Due, Situation, begins_after, due, late_day, newest_out, out_day
from jobs.store.ledger import Entry, State
from rules.model import Classification, Month

LONDON = ZoneInfo("Europe/London")
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)


def source(name: str, lag: int, waiting: int, cadence: str = "monthly") -> SourceSettings:
    return SourceSettings(
        id=name, reader="counts", title=name, short=name, classification=Classification.PUBLIC,
        licence="invented", layouts=(Layout(id=name),), lag_months=lag, waiting_days=waiting,
        cadence="annual" if cadence == "annual" else "monthly",
    )  # fmt: skip


POLICE, FIRE = source("police", 2, 14), source("fire", 3, 30)


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


START = utc("2022-09-01T08:00")


def months(*names: str) -> set[Month]:
    return {Month.parse(n) for n in names}


@dataclass
class World:
    """A ledger kept as jobs.store.ledger keeps it, and a far side that publishes on days of its own."""

    feeds: list[SourceSettings]
    covered: dict[str, set[Month]] = field(default_factory=dict)
    published: dict[tuple[str, str], dt.date] = field(default_factory=dict)  # job, period -> first day out
    now: dt.datetime = START
    ledger: dict[str, dict[str, Entry]] = field(default_factory=lambda: defaultdict(dict))
    done: list[Due] = field(default_factory=list)
    breaks: random.Random | None = None  # fails one run in ten, never four times in a row

    @property
    def situation(self) -> Situation:
        return Situation(self.feeds, LONDON, self.ledger, self.covered, self.now)

    def due(self) -> list[tuple[str, str]]:
        return [(d.job, d.period) for d in due(self.situation)]

    def enter(self, job: str, period: str, state: State, rest: dt.timedelta | None = None, attempts: int = 1):
        until = None if rest is None else self.now + rest
        self.ledger[job][period] = Entry(job, period, state, 1, attempts, until, self.now, self.now, "")

    def tick(self) -> None:
        """As jobs.scheduler does it: the first that is due, then look again."""
        if "digest" not in self.ledger:
            begin = begins_after(self.situation)
            if begin is not None:
                self.enter("digest", str(begin), "done")
        seen: set[Due] = set()
        while item := next((d for d in due(self.situation) if d not in seen), None):
            seen.add(item)
            self.run(item)

    def run(self, item: Due) -> None:
        old = self.ledger[item.job].get(item.period)
        attempts = old.attempts + 1 if old else 1
        kind, _, name = item.job.partition(":")
        fails = self.breaks is not None and kind != "housekeeping" and self.breaks.random() < 0.1
        if fails and attempts < 4:
            self.enter(item.job, item.period, "failed", back_off(attempts), attempts)
            return
        today = self.now.astimezone(LONDON).date()
        if kind == "pull" and self.published.get((name, item.period), dt.date.min) > today:
            midnight = dt.datetime.combine(today + DAY, dt.time(), LONDON)
            self.enter(item.job, item.period, "waiting", midnight - self.now, 0)
            return
        self.enter(item.job, item.period, "done")
        if kind == "pull":
            self.covered.setdefault(name, set()).add(Month.parse(item.period))
        self.done.append(item)

    def periods(self, job: str) -> list[str]:
        return [d.period for d in self.done if d.job == job]


def test_a_month_is_asked_for_from_the_first_local_day_after_its_lag():
    june = Month(2022, 6)
    assert out_day(POLICE, june) == dt.date(2022, 9, 1)
    assert late_day(POLICE, june) == dt.date(2022, 9, 15)
    assert newest_out(POLICE, dt.date(2022, 8, 31)) == Month(2022, 5)
    assert newest_out(POLICE, dt.date(2022, 9, 1)) == june
    assert newest_out(POLICE, dt.date(2022, 2, 1)) == Month(2021, 11)


def test_the_local_day_decides_not_the_utc_one():
    world = World([POLICE], {"police": months("2022-05")}, now=utc("2022-08-31T22:59"))
    assert ("pull:police", "2022-06") not in world.due()
    world.now += dt.timedelta(minutes=1)  # 00:00 on 1 September in summer time
    assert ("pull:police", "2022-06") in world.due()
    assert ("housekeeping", "2022-09-01") in world.due()


def test_every_missed_month_is_due_oldest_first_and_sources_take_turns_by_month():
    world = World([FIRE, POLICE], {"police": months("2022-04"), "fire": months("2022-04")})
    pulls = [d for d in world.due() if d[0].startswith("pull")]
    assert pulls == [("pull:fire", "2022-05"), ("pull:police", "2022-05"), ("pull:police", "2022-06")]


def test_without_any_data_only_the_newest_month_is_asked_for():
    world = World([POLICE, FIRE])
    assert world.due() == [
        ("pull:fire", "2022-05"), ("pull:police", "2022-06"), ("housekeeping", "2022-09-01"),
    ]  # fmt: skip


def test_annual_sources_are_not_on_the_timetable():
    world = World([source("assessments", 3, 14, "annual")])
    world.tick()
    assert [d.job for d in world.done] == ["housekeeping"]
    assert begins_after(world.situation) is None


def test_a_month_that_was_brought_by_hand_is_not_asked_for():
    world = World([POLICE], {"police": months("2022-05", "2022-06")})
    assert world.due() == [("housekeeping", "2022-09-01")]


def test_a_gap_is_still_asked_for_when_a_later_month_came_first():
    world = World([POLICE], {"police": months("2022-04")})
    world.enter("pull:police", "2022-05", "waiting", DAY)
    world.covered["police"].add(Month(2022, 6))
    world.now += DAY
    assert ("pull:police", "2022-05") in world.due()


@pytest.mark.parametrize(
    ("state", "attempts", "next_is_due"),
    [("running", 1, False), ("failed", 1, False), ("failed", 4, True), ("waiting", 0, True)],
)
def test_who_holds_up_the_next_month(state: State, attempts: int, next_is_due: bool):
    world = World([POLICE], {"police": months("2022-04")})
    world.enter("pull:police", "2022-05", state, HOUR, attempts)
    assert ("pull:police", "2022-05") not in world.due()
    assert (("pull:police", "2022-06") in world.due()) is next_is_due
    world.now += HOUR
    assert ("pull:police", "2022-05") in world.due()


def test_late_is_said_once_after_the_waiting_days():
    world = World([POLICE], {"police": months("2022-05")}, {("police", "2022-06"): dt.date(2022, 9, 20)})
    for _ in range(30):
        world.tick()
        world.now += DAY
    said = [i for i, d in enumerate(world.done) if d.job == "late:police"]
    assert [world.done[i].period for i in said] == ["2022-06"]
    assert world.periods("housekeeping")[said[0] - 1] == "2022-09-14", "said on the 15th"
    assert world.periods("pull:police") == ["2022-06"]


def test_a_bot_that_slept_does_not_call_a_punctual_source_late():
    world = World([POLICE], {"police": months("2022-05")}, now=utc("2022-10-30T06:00"))
    assert not [d for d in world.due() if d[0].startswith("late")], "it has to ask first"
    world.tick()
    assert world.periods("pull:police") == ["2022-06", "2022-07"]
    assert world.periods("late:police") == []


def test_after_a_long_gap_old_months_are_not_called_late_one_by_one():
    world = World([POLICE], {"police": months("2021-01")}, now=utc("2022-09-20T06:00"))
    never = dt.date(2030, 1, 1)
    world.published = {("police", str(m)): never for m in Month(2021, 2).until(Month(2022, 6))}
    world.tick()
    assert world.periods("late:police") == ["2022-04", "2022-05", "2022-06"]
    assert world.periods("digest") == [], "nothing came in, so there is nothing to digest"


def test_a_digest_waits_for_every_source_but_not_past_its_waiting_days():
    world = World(
        [POLICE, FIRE],
        {"police": months("2022-05"), "fire": months("2022-05")},
        {("fire", "2022-06"): dt.date(2022, 10, 5), ("fire", "2022-07"): dt.date(2030, 1, 1)},
    )
    seen: dict[str, dt.date] = {}
    for _ in range(130):
        world.tick()
        for period in world.periods("digest"):
            seen.setdefault(period, world.now.date())
        world.now += DAY
    # June when fire came; July when fire's waiting days were over: 1 November (lag 3) and 30 days.
    assert list(seen.items())[:2] == [("2022-06", dt.date(2022, 10, 5)), ("2022-07", dt.date(2022, 12, 1))]


def test_digests_begin_after_the_newest_month_there_is_and_stay_there():
    world = World([POLICE], {"police": months("2022-05")})
    assert begins_after(world.situation) == Month(2022, 5)
    assert begins_after(World([POLICE, FIRE]).situation) == Month(2022, 5)
    world.tick()
    # Brought by hand before its day, so that no pull ever ran: still a month, still a digest.
    world.covered["police"].add(Month(2022, 7))
    world.tick()
    assert world.periods("digest") == ["2022-06", "2022-07"]


def test_a_failing_digest_keeps_its_turn_for_a_while_only():
    world = World([POLICE], {"police": months("2022-05", "2022-06", "2022-07")})
    world.enter("digest", "2022-05", "done")
    world.enter("digest", "2022-06", "failed", HOUR)
    assert ("digest", "2022-07") not in world.due()
    world.ledger["digest"]["2022-06"] = replace(world.ledger["digest"]["2022-06"], attempts=4)
    assert ("digest", "2022-07") in world.due()


def test_housekeeping_is_for_today_only():
    world = World([], now=utc("2022-09-01T08:00"))
    world.tick()
    world.now += 12 * DAY
    assert world.due() == [("housekeeping", "2022-09-13")]


def moments(rng: random.Random, start: dt.datetime, end: dt.datetime) -> list[dt.datetime]:
    """Ticks: hourly around clock changes, else daily at some hour; now and then up to 40 days of nothing."""
    found, now = [], start
    while now < end:
        found.append(now)
        around = now.astimezone(LONDON).utcoffset() != (now + 2 * DAY).astimezone(LONDON).utcoffset()
        now += HOUR if around else DAY + HOUR * rng.randint(-6, 6)
        if rng.random() < 0.02:
            now += DAY * rng.uniform(0, 40)
    return found


@pytest.mark.parametrize("seed", range(6))
def test_ten_years_of_clock_changes_and_downtime_each_period_once_and_in_order(seed: int):
    rng = random.Random(seed)
    feeds = [POLICE, FIRE]
    world = World(feeds, {f.id: months("2015-12") for f in feeds}, breaks=rng)
    end = utc("2026-11-01T00:00")
    for feed in feeds:  # mostly in time, sometimes weeks late, never out of order
        out = dt.date.min
        for month in Month(2016, 1).until(Month(2027, 1)):
            delay = rng.choice([0, 0, 0, 3, 10, 25, 60])
            out = max(out, out_day(feed, month) + dt.timedelta(days=delay))
            world.published[feed.id, str(month)] = out
    ticks = moments(rng, utc("2016-03-01T00:00"), end)
    for now in ticks:
        world.now = now
        world.tick()
    for settled in range(60):  # a quiet end, without failures, so that the last month is through
        world.breaks, world.now = None, end + settled * HOUR
        world.tick()

    assert len(world.done) == len(set(world.done)), "a period was run twice"
    days_up = {now.astimezone(LONDON).date() for now in ticks}
    for feed in feeds:
        asked = Month(2016, 1).until(newest_out(feed, end.date()))
        days_out = {str(m): world.published[feed.id, str(m)] for m in asked}
        assert world.periods(f"pull:{feed.id}") == [p for p, day in days_out.items() if day <= end.date()]
        said = world.periods(f"late:{feed.id}")
        assert said == sorted(said)
        for month in asked:
            out, late = days_out[str(month)], late_day(feed, month)
            if str(month) in said:
                assert out > late, "called late though it was out"
            else:
                assert sum(late <= day < out for day in days_up) < 4, "late for days, and nothing said"
    digests = world.periods("digest")
    assert digests == [str(m) for m in Month(2016, 1).until(Month.parse(digests[-1]))]
    assert Month.parse(digests[-1]) >= newest_out(FIRE, end.date() - 31 * DAY)
    quiet = {(end + settled * HOUR).astimezone(LONDON).date() for settled in range(60)}
    assert world.periods("housekeeping") == [str(day) for day in sorted(days_up | quiet)]
