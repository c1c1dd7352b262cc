"""An invented council and fire service, with kinds, a rise next door and a count that is withheld."""

from __future__ import annotations

import csv
from pathlib import Path

from rules.model import Month
from tests.cli import NWL, Tocsin

DISTRICT, CENTRE, RISING, HIDDEN = "E07000134", "E01025930", "E01025957", "E01025931"
YEARS = ([Month(2020, 8) + i for i in range(12)], [Month(2021, 8) + i for i in range(12)])
# source, series, area: a month's count in the year before and in the last one
COUNTS = {
    ("council", "asb-nuisance", CENTRE): (5, 5),
    ("council", "asb-environmental", CENTRE): (2, 6),
    ("council", "fly-tipping", CENTRE): (1, 1),
    ("council", "fly-tipping", RISING): (1, 3),
    ("council", "fly-tipping", HIDDEN): (7, 7),
    ("other", "asb", CENTRE): (100, 100),
    ("other", "fires-deliberate", CENTRE): (0, 2),
}

_SOURCE = """
[sources.{id}]
reader = "counts"
title = "Invented counts, {id}"
short = "{id} counts"
classification = "{classification}"
licence = "invented"
invented = true
baskets = ["asb"]
[[sources.{id}.layouts]]
id = "{id}-table"
area_by = "code"
columns = {{ month = "month", area = "area", category = "series", count = "count" }}
"""


def folder_of(made: Path) -> Path:
    """The partnership's folder: the shipped places and breaks of no kind, two sources."""
    made.mkdir()
    for name in ("areas.csv", "members.csv", "names.csv"):
        (made / name).write_bytes((NWL / name).read_bytes())
    text = f'id = "x"\nname = "Invented"\ndistrict = "{DISTRICT}"\ncounty = "E10000018"\n'
    text += 'reference = "E10000018"\ndefault_series = "asb"\n'
    text += _SOURCE.format(id="council", classification="public")
    text += _SOURCE.format(id="other", classification="partner")
    (made / "partnership.toml").write_text(text + "[channels]\n", encoding="utf-8")
    return made


def load(tocsin: Tocsin, folder: Path, database: str) -> None:
    """Both files, through the command line; one fly-tipping count of the last year is withheld."""
    for source in ("council", "other"):
        path = folder / f"{source}.csv"
        with path.open("w", encoding="utf-8", newline="") as lines:
            out = csv.writer(lines)
            out.writerow(("month", "area", "series", "count"))
            for (name, series, area), counts in COUNTS.items():
                for months, count in zip(YEARS, counts, strict=True):
                    withheld = area == HIDDEN and months is YEARS[1]
                    out.writerows(
                        (m, area, series, "*" if withheld and m == months[-1] else count)
                        for m in months if name == source
                    )  # fmt: skip
        done = tocsin("pull", source, "--from", path, database=database, partnership=folder)
        assert done.code == 0, done.err + done.out
