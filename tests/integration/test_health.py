"""`/healthz` and `/metrics`: what a service manager and Prometheus see, also when things go wrong."""

from __future__ import annotations

import datetime as dt
import http.client
import json
import re
import socket
import threading
from collections.abc import Iterator

import pytest

from bot.health.gauges import Gauge, exposition
from bot.health.server import HealthServer
from bot.health.state import Health
from jobs import runs
from jobs.house import House
from jobs.store import outbox, sending
from jobs.store.engine import Store
from tests.integration import small_county as small


@pytest.fixture
def server(store: Store, clock) -> Iterator[HealthServer]:
    opened = HealthServer(Health(store, "ticker", interval=30, clock=clock))
    yield opened
    opened.close()


def ask(server: HealthServer, path: str, method: str = "GET") -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
    try:
        connection.request(method, path)
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()


def reasons(server: HealthServer) -> tuple[int, list[str]]:
    status, body = ask(server, "/healthz")
    return status, json.loads(body)["reasons"]


def test_health_follows_the_heartbeat(server, store, clock):
    assert reasons(server) == (503, ["the ticker has not beaten yet"])
    runs.beat(store, "ticker:me", clock.now)
    assert reasons(server) == (200, [])
    clock.advance(seconds=89)
    assert reasons(server) == (200, [])
    clock.advance(seconds=1)
    assert reasons(server) == (503, ["the ticker last beat 90 s ago; it should every 30 s"])


def test_a_database_without_tables_is_unwell_and_the_server_goes_on(bare_store, clock):
    server = HealthServer(Health(bare_store, "ticker", interval=30, clock=clock))
    try:
        assert reasons(server) == (503, ["the database does not answer"])
        assert ask(server, "/metrics") == (503, "the database does not answer\n")
    finally:
        server.close()


def test_metrics_tell_of_the_ledger_and_the_outbox(server, store, clock):
    runs.beat(store, "ticker:me", clock.now)
    runs.claim(store, "pull:police", "2022-06", clock=clock)
    with store.write() as connection:
        outbox.enqueue(connection, "A-1", "jag", "alert", "{}", clock.now)
    clock.advance(seconds=7)
    status, text = ask(server, "/metrics")
    assert status == 200
    lines = text.splitlines()
    assert "tocsin_heartbeat_age_seconds 7" in lines
    assert 'tocsin_job_periods{job="pull:police",state="running"} 1' in lines
    assert 'tocsin_outbox_messages{channel="jag",state="pending"} 1' in lines
    assert text.endswith("\n")
    form = re.compile(r'# (HELP|TYPE) \w+ .+|\w+(\{\w+="[^"]*"(,\w+="[^"]*")*\})? -?[\d.e+-]+')
    assert all(form.fullmatch(line) for line in lines)


def test_a_message_that_is_not_sent_makes_it_unwell(store, clock):
    health = Health(store, "ticker", interval=30, clock=clock, channels=frozenset({"jag"}))
    with store.write() as connection:
        outbox.enqueue(connection, "A-1", "jag", "alert", "{}", clock.now)
        outbox.enqueue(connection, "A-1", "elsewhere", "alert", "{}", clock.now)
        night = clock.now + dt.timedelta(hours=9)
        outbox.enqueue(connection, "A-2", "quiet", "alert", "{}", clock.now, due=night)
    clock.advance(seconds=29 * 60)
    runs.beat(store, "ticker", clock.now)
    assert health.reasons() == []
    clock.advance(seconds=60)
    runs.beat(store, "ticker", clock.now)
    assert health.reasons() == ["messages to jag have waited 30 min to be sent"]
    told = exposition(health.gauges()).splitlines()
    assert 'tocsin_outbox_age_seconds{channel="jag"} 1800' in told
    assert not [line for line in told if line.startswith('tocsin_outbox_age_seconds{channel="quiet"')]


def test_a_message_that_is_refused_again_and_again_makes_it_unwell(store, clock):
    health = Health(store, "ticker", interval=30, clock=clock, channels=frozenset({"jag"}))
    with store.write() as connection:
        outbox.enqueue(connection, "A-1", "jag", "alert", "{}", clock.now)
    for _ in range(10):
        item = sending.claim_next(store, "jag", clock.now, dt.timedelta(seconds=30))
        assert item is not None
        sending.mark_retry(store, item, clock.now, "429")
    runs.beat(store, "ticker", clock.now)
    assert health.reasons() == ["a message to jag was tried 10 times"]


def test_metrics_tell_how_old_the_newest_month_is(store):
    house = small.house(store, small.source("open", lag_months=2, waiting_days=14))
    with store.write() as connection:
        small.put(connection, "open", {("burglary", small.HOME_UNITS[0], "2022-07"): 3})
    house.clock.now = dt.datetime(2022, 9, 20, 12, tzinfo=dt.UTC)
    told = _gauges(house)
    assert 'tocsin_source_age_days{source="open"} 50' in told  # July 2022 ended with the 31st
    assert 'tocsin_source_late{source="open"} 0' in told
    house.clock.now += dt.timedelta(days=60)
    assert 'tocsin_source_late{source="open"} 1' in _gauges(house)


def _gauges(house: House) -> list[str]:
    return exposition(Health(house.store, "ticker", 30, house.now, house).gauges()).splitlines()


def test_labels_are_escaped():
    text = exposition([Gauge("g", "Help.", (({"channel": 'a"b\\c\nd'}, 1.0),))])
    assert text.splitlines()[-1] == 'g{channel="a\\"b\\\\c\\nd"} 1'


def test_other_paths_and_methods_are_refused(server):
    assert ask(server, "/")[0] == 404
    assert ask(server, "/metrics/../../etc/passwd")[0] == 404
    assert ask(server, "/healthz", "POST")[0] == 501
    assert ask(server, "/healthz", "HEAD") == (503, "")


def test_it_listens_on_loopback_unless_told_otherwise(server):
    assert server._server.server_address[0] == "127.0.0.1"


def test_idle_clients_are_bounded_and_it_closes_cleanly(store, clock):
    runs.beat(store, "ticker:me", clock.now)
    server = HealthServer(Health(store, "ticker", interval=30, clock=clock))
    idle = [socket.create_connection(("127.0.0.1", server.port), timeout=5) for _ in range(8)]
    try:
        with pytest.raises((http.client.HTTPException, OSError)):
            for _ in range(500):  # until the eighth idle client has taken its place
                ask(server, "/healthz")
    finally:
        for line in idle:
            line.close()
        server.close()
    assert not [t for t in threading.enumerate() if t.name == "health"]
    with pytest.raises(OSError, match="refused"):
        ask(server, "/healthz")
