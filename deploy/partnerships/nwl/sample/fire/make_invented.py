"""Writes the invented fire sample of this folder. Nothing in it happened.

No incident-level file of the fire service is published, so this stands in for the monthly extract that a
partnership gets: the columns are those such an extract needs, the volumes are of the right size. Counts are
independent Poisson numbers with a fixed level, a season and a fixed share for each area: there is no trend, no
cluster and no story in them, and a rule that finds one has raised a false alarm.

Levels (a year, the seven districts of the county) are set from published totals: 102 deliberate fires in North West
Leicestershire in the year to September 2012, 33 of them primary and 16 vehicles; the service's 911 to 1,263
secondary and 417 to 437 dwelling fires of 2017/18 and 2018/19, of which the county has about two thirds.
Shares of areas are residents (mid-2020) times a made-up factor between 0.5 and 1.5.

Run it again and every byte is the same: `python make_invented.py [FOLDER]`. Only `random.random` is used, whose
sequence Python promises to keep for a seed.
"""

from __future__ import annotations

import csv
import math
import random
import sys
from calendar import monthrange
from pathlib import Path

SEED = 20121231
FIRST, LAST = (2019, 12), (2022, 7)
NOTE = "INVENTED SAMPLE"
COUNTY = Path(__file__).resolve().parents[5] / "jobs" / "reference" / "E10000018"
HEADER = [
    "Incident number", "Call date", "Incident category", "Fire class", "Motive", "Property category",
    "Incident type", "LSOA code", "Note",
]

SPRING_SUMMER = (0.6, 0.7, 1.2, 1.5, 1.2, 1.1, 1.3, 1.2, 0.9, 0.9, 0.9, 0.5)  # January first; mean 1
WINTER = (1.5, 1.4, 1.2, 0.9, 0.6, 0.4, 0.4, 0.4, 0.7, 1.1, 1.6, 1.8)
LEVEL = (1.0,) * 12
# type, a year in the county, season, category, class, motive, property categories to draw from
TYPES = [
    ("Deliberate primary fire - road vehicle", 110, LEVEL, "Fire", "Primary", "Deliberate", ["Road vehicle"]),
    ("Deliberate primary fire - other", 115, LEVEL, "Fire", "Primary", "Deliberate",
     ["Other building", "Dwelling", "Outdoor structure"]),
    ("Deliberate secondary fire", 480, SPRING_SUMMER, "Fire", "Secondary", "Deliberate",
     ["Rubbish", "Grassland", "Refuse container", "Derelict building"]),
    ("Accidental dwelling fire", 270, LEVEL, "Fire", "Primary", "Accidental", ["Dwelling"]),
    ("Accidental fire - other", 240, SPRING_SUMMER, "Fire", "Secondary", "Accidental", ["Grassland", "Rubbish"]),
    ("Chimney fire", 60, WINTER, "Fire", "Chimney", "Accidental", ["Dwelling"]),
    ("Malicious false alarm", 110, LEVEL, "False Alarm", "", "Malicious", ["Dwelling", "Other building"]),
    ("Road traffic collision", 420, LEVEL, "Special Service", "", "", ["Road vehicle"]),
]


def main(folder: Path) -> None:
    """Write one CSV a month into `folder`."""
    draw = random.Random(SEED)
    people = residents()
    shares = {kind[0]: cumulated(people, draw) for kind in TYPES}
    year, month = FIRST
    while (year, month) <= LAST:
        write(folder, year, month, incidents(draw, shares, year, month))
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)


def residents() -> list[tuple[str, int]]:
    """LSOA 2011 of the county with their residents, mid-2020."""
    with (COUNTY / "population.csv").open(encoding="utf-8", newline="") as lines:
        return [(r["unit"], int(r["population"])) for r in csv.DictReader(lines) if r["year"] == "2020"]


def cumulated(people: list[tuple[str, int]], draw: random.Random) -> list[tuple[float, str]]:
    """Cumulated shares of the areas in one type of incident."""
    weights = [(n * (0.5 + draw.random()), code) for code, n in people]
    total, reached, found = sum(w for w, _ in weights), 0.0, []
    for weight, code in weights:
        reached += weight / total
        found.append((reached, code))
    return found


def incidents(
    draw: random.Random, shares: dict[str, list[tuple[float, str]]], year: int, month: int
) -> list[list[str]]:
    """The rows of one month, without numbers, sorted by date."""
    rows = []
    for kind, level, season, category, fire_class, motive, properties in TYPES:
        for _ in range(poisson(draw, level / 12 * season[month - 1])):
            day = 1 + int(draw.random() * monthrange(year, month)[1])
            place = draw.random()
            code = next((c for reached, c in shares[kind] if place < reached), shares[kind][-1][1])
            found = properties[int(draw.random() * len(properties))]
            rows.append([f"{year}-{month:02d}-{day:02d}", category, fire_class, motive, found, kind, code])
    return sorted(rows)


def poisson(draw: random.Random, mean: float) -> int:
    """A Poisson number, by multiplying uniform ones (Knuth)."""
    floor, product, count = math.exp(-mean), draw.random(), 0
    while product > floor:
        product *= draw.random()
        count += 1
    return count


def write(folder: Path, year: int, month: int, rows: list[list[str]]) -> None:
    """`2019-12-fire-invented-sample.csv`"""
    path = folder / f"{year}-{month:02d}-fire-invented-sample.csv"
    with path.open("w", encoding="utf-8", newline="") as lines:
        out = csv.writer(lines, lineterminator="\n")
        out.writerow(HEADER)
        for number, row in enumerate(rows, start=1):
            out.writerow([f"INV-{year}-{month:02d}-{number:04d}", *row, NOTE])


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent)
