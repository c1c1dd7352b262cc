"""`/hotspots` under load: five million counts, a hundred questions a second, the real app over signed HTTP.

The peer is the least that bolt can do in the same process, behind a door of the same kind.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.benchmarks.load.people import PATIENCE, Crowd, questions
from tests.benchmarks.load.world import make
from tests.benchmarks.process import ROOT

ROWS = 5_000_000
RATE = 100.0  # requests a second
P99_GOAL = 0.025
RATIO_GOAL = 4.0
_WARM = 100
_START = 240.0  # seconds for the server to go through all the counts and draw a first chart
_WORD = 90.0  # seconds for the server to do what a line says; it waits 60 for what is at work
_LINE = 2**26  # bytes: the times of all requests are one line


def main(seconds: int, rows: int = ROWS, keep: Path | None = None, rate: float = RATE) -> None:
    """`seconds` of load in each of two phases; `keep`: a database to use again, made if it is not there."""
    with tempfile.TemporaryDirectory(prefix="tocsin-load-") as folder:
        database = keep or Path(folder) / "five.db"
        if not database.exists():
            make(database, rows).store.close()
        asyncio.run(_measure(database, seconds, rate))


async def _measure(database: Path, seconds: int, rate: float) -> None:
    """Every step has a deadline; what was measured until one is missed is printed, and then it ends."""
    crowd, ends = Crowd(), dict[str, int]()
    async with await crowd.listen():
        far = f"http://127.0.0.1:{crowd.port}/"
        server = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.benchmarks.load.serving", str(database), far, cwd=ROOT,
            stdin=PIPE, stdout=PIPE, limit=_LINE,
        )  # fmt: skip
        drawn = 0
        try:
            ready = await _told(server, _START)
            print(
                f"first question after the start: {ready['first']:.1f} s (it goes through all the counts); "
                f"likely ones made ready in {ready['ready']:.0f} s"
            )
            try:
                drawn = await _phases(crowd, server, ready["ports"], ends, (seconds, rate))
            except TimeoutError:
                print(f"cut off after {', '.join(ends) or 'nothing'}: a deadline was missed")
            times = await _say(server, "end")
        except TimeoutError:
            print("the server does not answer, and is ended: nothing was measured")
            return
        finally:
            if server.returncode is None:
                with suppress(TimeoutError):
                    await asyncio.wait_for(server.wait(), PATIENCE)
            if server.returncode is None:
                server.kill()
                await server.wait()
    load = " ".join(f"{n:.1f}" for n in os.getloadavg())
    _report(times, ends, crowd, drawn, f"{rate:.0f} a second for {seconds} s, load average {load}")


async def _phases(
    crowd: Crowd, server: Process, ports: Sequence[int], ends: dict[str, int], load: tuple[int, float]
) -> int:
    """Asks, and notes in `ends` the number of each phase's last request; charts drawn in the last one."""
    (app, peer), (seconds, rate) = ports, load
    async with asyncio.timeout(2 * PATIENCE + 3 * _WARM / 20):
        await crowd.ask(app, "/hotspots", questions(_WARM, 1), 20)
        await crowd.ask(peer, "/url", ["x"] * _WARM, 50)
    n = int(rate * seconds)
    for name, port, command, texts in (
        ("body", peer, "/body", ["x"] * (n // 4)),
        ("url", peer, "/url", ["x"] * (n // 4)),
        ("quiet", app, "/hotspots", questions(n, 2)),
        ("drawing", app, "/hotspots", questions(n, 3)),
    ):
        if name == "drawing":
            await _say(server, "draw")
        async with asyncio.timeout(2 * len(texts) / rate + 3 * PATIENCE):
            await crowd.ask(port, command, texts, rate)
            if name != "body":
                await _all_answered(crowd, crowd.sent)
        ends[name] = crowd.sent
    drawn: int = (await _say(server, "rest"))["drawn"]
    return drawn


async def _say(server: Process, word: str) -> dict[str, Any]:
    assert server.stdin is not None
    server.stdin.write(f"{word}\n".encode())
    return await _told(server, _WORD)


async def _told(server: Process, within: float) -> dict[str, Any]:
    assert server.stdout is not None
    line = await asyncio.wait_for(server.stdout.readline(), within)
    assert line, "the server ended"
    told: dict[str, Any] = json.loads(line)
    return told


async def _all_answered(crowd: Crowd, sent: int) -> None:
    """A pause of at most ten seconds: what is then not answered will not be."""
    for _ in range(100):
        if sent in crowd.answers:
            break
        await asyncio.sleep(0.1)
    await asyncio.sleep(0.5)


def _report(
    times: dict[str, dict[str, float]], ends: dict[str, int], crowd: Crowd, drawn: int, load: str
) -> None:
    def of(what: str, phase: str) -> list[float]:
        names = list(ends)
        last = ends[phase]
        first = ends[names[names.index(phase) - 1]] if names.index(phase) else 2 * _WARM
        return sorted(times[what].get(str(n), 60.0) for n in range(first + 1, last + 1))

    print(f"{load}; the crowd itself was late by {1000 * crowd.late:.0f} ms at most")
    if "url" not in ends:
        return
    body, url = of("acknowledged", "body"), of("answered", "url")
    print(f"not answered: {crowd.sent - len(crowd.refused) - _answered(crowd, ends)}; "
          f"refused or broken off: {len(crowd.refused)}")  # fmt: skip
    _line("peer: acknowledged in the body", body)
    _line("peer: answered by response_url", url)
    for phase, words in (("quiet", ""), ("drawing", f", charts being drawn ({drawn})")):
        if phase in ends:
            _line(f"/hotspots answered{words}", of("answered", phase), url)
            _line(
                f"/hotspots answered, and taken by the far side{words}",
                of("taken", phase),
                of("taken", "url"),
            )
            _line(f"/hotspots acknowledged{words}", of("acknowledged", phase), body)
    if "quiet" in ends:
        _goals(of("answered", "quiet"), url)


def _goals(quiet: Sequence[float], url: Sequence[float]) -> None:
    met = "met" if _at(quiet, 0.99) < P99_GOAL else "missed"
    print(f"goal: answered p99 < {1000 * P99_GOAL:.0f} ms: {met}")
    ratio = _at(quiet, 0.5) / _at(url, 0.5)
    met = "met" if ratio <= RATIO_GOAL else "missed"
    print(f"goal: answered p50 <= {RATIO_GOAL:.0f} x peer: {met} ({ratio:.1f})")


def _answered(crowd: Crowd, ends: dict[str, int]) -> int:
    """Answers, and the peer's requests that have none beside their acknowledgement."""
    return len(crowd.answers) + ends["body"] - 2 * _WARM


def _line(what: str, seconds: Sequence[float], peer: Sequence[float] | None = None) -> None:
    p50, p99 = _at(seconds, 0.5), _at(seconds, 0.99)
    beside = f"   x peer {p50 / _at(peer, 0.5):5.1f}" if peer else ""
    print(f"{what:72} p50 {1000 * p50:7.1f} ms   p99 {1000 * p99:7.1f} ms{beside}")


def _at(seconds: Sequence[float], part: float) -> float:
    return seconds[min(int(len(seconds) * part), len(seconds) - 1)]
