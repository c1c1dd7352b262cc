"""`/hotspots` under load: five million counts, a hundred questions a second, the real app over signed HTTP.

The peer is the least that bolt can do in the same process, behind a door of the same kind.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.benchmarks.load.people import Crowd, questions
from tests.benchmarks.load.world import make
from tests.benchmarks.process import ROOT

ROWS = 5_000_000
RATE = 100.0  # requests a second
P99_GOAL = 0.025
RATIO_GOAL = 4.0
_WARM = 100


def main(seconds: int, rows: int = ROWS, keep: Path | None = None, rate: float = RATE) -> None:
    """`seconds` of load in each of two phases; `keep`: a database to use again, made if it is not there."""
    with tempfile.TemporaryDirectory(prefix="tocsin-load-") as folder:
        database = keep or Path(folder) / "five.db"
        if not database.exists():
            make(database, rows).store.close()
        asyncio.run(_measure(database, seconds, rate))


async def _measure(database: Path, seconds: int, rate: float) -> None:
    crowd = Crowd()
    async with await crowd.listen():
        far = f"http://127.0.0.1:{crowd.port}/"
        with subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.load.serving", str(database), far], cwd=ROOT,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        ) as server:  # fmt: skip
            ready = await _told(server)
            app, peer = ready["ports"]
            print(f"first question after the start: {ready['first']:.1f} s (it goes through all the counts)")
            ends: dict[str, int] = {}
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
                await crowd.ask(port, command, texts, rate)
                await _all_answered(crowd, crowd.sent)
                ends[name] = crowd.sent
            drawn = (await _say(server, "rest"))["drawn"]
            times = await _say(server, "end")
    _report(times, ends, crowd, drawn, f"{rate:.0f} a second for {seconds} s")


async def _say(server: subprocess.Popen[str], word: str) -> dict[str, Any]:
    assert server.stdin is not None
    server.stdin.write(f"{word}\n")
    server.stdin.flush()
    return await _told(server)


async def _told(server: subprocess.Popen[str]) -> dict[str, Any]:
    assert server.stdout is not None
    line = await asyncio.to_thread(server.stdout.readline)
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

    body, url = of("acknowledged", "body"), of("answered", "url")
    print(f"{load}; the crowd itself was late by {1000 * crowd.late:.0f} ms at most")
    lost = crowd.sent - len(crowd.refused) - _answered(crowd, ends)
    print(f"not answered: {lost}; refused or broken off: {len(crowd.refused)}")
    _line("peer: acknowledged in the body", body)
    _line("peer: answered by response_url", url)
    for phase, words in (("quiet", ""), ("drawing", f", charts being drawn ({drawn})")):
        answer = of("answered", phase)
        _line(f"/hotspots answered{words}", answer, url)
        _line(f"/hotspots acknowledged{words}", of("acknowledged", phase), body)
    met = "met" if _at(of("answered", "quiet"), 0.99) < P99_GOAL else "missed"
    print(f"goal: answered p99 < {1000 * P99_GOAL:.0f} ms: {met}")
    ratio = _at(of("answered", "quiet"), 0.5) / _at(url, 0.5)
    met = "met" if ratio <= RATIO_GOAL else "missed"
    print(f"goal: answered p50 <= {RATIO_GOAL:.0f} x peer: {met} ({ratio:.1f})")


def _answered(crowd: Crowd, ends: dict[str, int]) -> int:
    """Answers, and the peer's requests that have none beside their acknowledgement."""
    return len(crowd.answers) + ends["body"] - 2 * _WARM


def _line(what: str, seconds: Sequence[float], peer: Sequence[float] | None = None) -> None:
    p50, p99 = _at(seconds, 0.5), _at(seconds, 0.99)
    beside = f"   x peer {p50 / _at(peer, 0.5):5.1f}" if peer else ""
    print(f"{what:58} p50 {1000 * p50:7.1f} ms   p99 {1000 * p99:7.1f} ms{beside}")


def _at(seconds: Sequence[float], part: float) -> float:
    return seconds[min(int(len(seconds) * part), len(seconds) - 1)]
