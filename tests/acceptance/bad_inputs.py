"""The manifest of bad inputs, through the command line: what each file must come to, and what must hold."""

from __future__ import annotations

import csv
from pathlib import Path

from tests.cli import NWL, Tocsin

_SOURCES = """
[sources.fire]
reader = "counts"
title = "Fire counts of the bad inputs"
short = "fire"
classification = "partner"
licence = "invented for tests"
[[sources.fire.layouts]]
id = "fire-counts"
columns = { month = "Month", area = "Station area", category = "Incident type", count = "Incidents" }
categories = { "Deliberate secondary fire" = "fires-secondary" }
[sources.fire.layouts.areas]
Coalville = "station-coalville"
Ashby-de-la-Zouch = "station-ashby"
Moira = "station-moira"
"Castle Donington" = "station-castle-donington"

[sources.flytipping]
reader = "counts"
title = "Fly-tipping counts of the bad inputs"
short = "fly-tipping"
classification = "public"
licence = "invented for tests"
[[sources.flytipping.layouts]]
id = "fly-tipping"
columns = { month = "Month", area = "Ward code", category = "Land type", count = "Incidents" }
area_by = "code"
[sources.flytipping.layouts.categories]
Highway = "fly-tipping"
"Council land" = "fly-tipping"
Private = "fly-tipping"
Railway = "fly-tipping"
"""


def partnership(folder: Path) -> Path:
    """The shipped partnership with the sources, stations and ward that the bad inputs use."""
    made = folder / "partnership"
    made.mkdir()
    for name in ("areas.csv", "members.csv", "names.csv", "events.ics", "breaks.toml"):
        (made / name).write_bytes((NWL / name).read_bytes())
    text = (NWL / "partnership.toml").read_text(encoding="utf-8")
    police = text[: text.index("[sources.fire]")]
    channels = text[text.index("[channels.") :]
    (made / "partnership.toml").write_text(police + _SOURCES + channels, encoding="utf-8")
    with (made / "areas.csv").open("a", encoding="utf-8") as areas:
        known = (made / "areas.csv").read_text(encoding="utf-8")
        for code in ("station-coalville", "station-ashby", "station-moira", "station-castle-donington"):
            if f"{code}," not in known:
                areas.write(f"{code},{code},station,,E07000134,,\n")
        if "E05010109," not in known:
            areas.write("E05010109,Coalville East,ward,,E07000134,,\n")
    return made


def check(tocsin: Tocsin, folder: Path, tmp_path: Path) -> None:
    """Every row of the manifest; a database of its own for each file, so that none leans on another."""
    own = partnership(tmp_path)
    with (folder / "manifest.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) == 12
    for row in rows:
        url = f"sqlite:///{tmp_path / (row['file'] + '.db')}"
        command = [
            "--as-of", row["as_of"], "pull", row["source"], "--from", folder / row["file"],
            "--month", row["load_month"], "--json",
        ]  # fmt: skip
        result = tocsin(*command, database=url, partnership=own)
        (receipt,) = result.lines
        got = {k: receipt[k] for k in ("outcome", "physical_rows", "rows_loaded", "rows_quarantined")}
        wanted = {"outcome": row["expected"], "physical_rows": int(row["physical_rows"])}
        wanted |= {k: int(row[k]) for k in ("rows_loaded", "rows_quarantined")}
        assert got == wanted, row["file"]
        assert result.code == (3 if row["expected"] == "reject-file" else 0), row["file"]
        if row["reason_code"]:
            assert receipt["reason"] == row["reason_code"], row["file"]
        if row["expected"] == "reject-file":
            assert row["file"] in str(receipt["advice"]), "the sentence names the file"
            again = tocsin(*command, database=url, partnership=own).lines[0]
            assert again["notes"] == ["said before"], "the operator is told once"
        kept = tocsin("quarantine", "list", "--json", database=url, partnership=own).lines
        assert len(kept) == int(row["rows_quarantined"]), row["file"]
        original = (folder / row["file"]).read_bytes()
        assert all(k["line"] > 1 and str(k["text"]).encode() in original for k in kept), row["file"]
