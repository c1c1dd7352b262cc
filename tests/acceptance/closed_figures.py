"""An invented partnership with figures that not everybody may see, each of them easy to recognise."""

from __future__ import annotations

import csv
import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from jobs.house import House
from jobs.judging.evaluate import evaluate
from jobs.landing.ingest import pull_paths
from jobs.store import schema
from jobs.store.engine import Store
from rules.model import Month
from tests.cli import NWL

DISTRICT, CENTRE, SOUTH = "E07000134", "E01025930", "E01025926"
MONTHS = [str(Month(2021, 1) + i) for i in range(19)]  # to July 2022: one whole year in them


@dataclass(frozen=True)
class Kind:
    """A series of one source: `usual` every month at `place`, and `last` in the last one."""

    source: str
    series: str
    place: str
    usual: int
    last: int


OPEN = Kind("open", "burglary", CENTRE, 3, 19)
FIRES = Kind("fires", "fires-secondary", CENTRE, 613, 9871)
DOMESTIC = Kind("fires", "domestic-incidents", DISTRICT, 733, 8539)  # 12 x 727 is how many live somewhere
GUARDED = Kind("guarded", "drugs", DISTRICT, 839, 7717)
KINDS = (OPEN, FIRES, DOMESTIC, GUARDED)

_SOURCE = """
[sources.{id}]
reader = "counts"
title = "Invented counts, {id}"
short = "{id} counts"
classification = "{classification}"
licence = "invented"
invented = true
baskets = ["fires-deliberate"]
[[sources.{id}.layouts]]
id = "{id}-table"
area_by = "code"
columns = {{ month = "month", area = "area", category = "series", count = "count" }}
"""
_CHANNEL = """
[channels.{id}]
title = "{id} readers"
platform = "console"
clearance = "{id}"
sensitive_series = ["domestic-incidents", "drugs"]
digest = true
"""
CLASSES = {"open": "public", "fires": "partner", "guarded": "sensitive"}


def folder_of(made: Path) -> Path:
    """The partnership's folder: the shipped places, three sources of rising secrecy, a channel for each."""
    made.mkdir()
    for name in ("areas.csv", "members.csv", "names.csv"):
        (made / name).write_bytes((NWL / name).read_bytes())
    text = f'id = "x"\nname = "Invented"\ndistrict = "{DISTRICT}"\ncounty = "E10000018"\n'
    text += 'reference = "E10000018"\ndefault_series = "burglary"\n'
    text += '[digest]\npriorities = ["fires-secondary", "domestic-incidents", "drugs", "burglary"]\n'
    text += "".join(_SOURCE.format(id=k, classification=c) for k, c in CLASSES.items())
    text += "".join(_CHANNEL.format(id=c) for c in CLASSES.values())
    (made / "partnership.toml").write_text(text, encoding="utf-8")
    return made


def load(folder: Path, url: str, extracts: Path, kinds: Iterable[Kind] = KINDS) -> None:
    """These figures loaded from a table for each source, every month judged and rung."""
    house = House(folder, Store.at(url))
    schema.create_or_require(house.store)
    for name in dict.fromkeys(k.source for k in kinds):
        path = extracts / f"{name}.csv"
        with path.open("w", encoding="utf-8", newline="") as lines:
            out = csv.writer(lines)
            out.writerow(("month", "area", "series", "count"))
            for kind in (k for k in kinds if k.source == name):
                out.writerows((m, kind.place, kind.series, kind.usual) for m in MONTHS[:-1])
                out.writerow((MONTHS[-1], kind.place, kind.series, kind.last))
        (receipt,) = pull_paths(house, house.partnership.source(name), [path])
        assert receipt.outcome.value == "accept", receipt
    for _ in evaluate(house, ring_all=True):
        pass
    house.store.close()


def figures(kinds: Iterable[Kind]) -> set[int]:
    """What can be said of these series in figures: months, sums of up to two years, differences."""
    found: set[int] = set()
    for kind in kinds:
        before = [k * kind.usual for k in range(1, 26)]
        now = [n - kind.usual + kind.last for n in before]
        found |= {*before, *now, *(b - a for a, b in itertools.product(before[:13], now[:13]))}
    return {n for n in found if n >= 600}


_PICTURE = re.compile(r"data:image/png;base64,[A-Za-z0-9+/=]+")
_NUMBER = re.compile(r"(?<![\w.,-])\d{1,3}(?:,\d{3})+(?![\w,])|(?<![\w.,])\d+(?![\w,])")


def told(text: str, kinds: Iterable[Kind]) -> set[int]:
    """Those figures of the kinds that stand in a text (charts aside)."""
    said = {int(n.replace(",", "")) for n in _NUMBER.findall(_PICTURE.sub("", text))}
    return said & figures(kinds)
