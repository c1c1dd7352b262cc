"""What is judged together: one source alone, or several side by side for the rules that need them all.

A joint of the partnership (`[joint.ID]`) has no extracts of its own. Its cube is those of its parts on one
axis of areas, its findings are stored under its id, and its settings follow from its parts: the strictest
class, every licence. To the functions here a plain source is a joint of one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from jobs.counting.families import VERSION, closed
from jobs.counting.frames import build_cube
from jobs.counting.freshness import published_months, source_facts
from jobs.errors import UsageError
from jobs.facts import SourceFacts
from jobs.folder.partnership import SourceSettings
from jobs.house import House
from jobs.judging.parts import spoken
from jobs.store.engine import Connection
from jobs.store.extracts import fingerprint_of_data, list_extracts
from rules.model import Cube, Month
from rules.spec import Rule


def parts_of(house: House, source: SourceSettings) -> tuple[SourceSettings, ...]:
    """The sources that it is made of: itself, where it is none of several."""
    return tuple(house.partnership.source(p) for p in source.parts) or (source,)


def joints(house: House, source: SourceSettings | None = None) -> tuple[SourceSettings, ...]:
    """Every joint of the partnership, or those that a source is part of."""
    found = (house.partnership.source(name) for name in house.partnership.joint)
    return tuple(j for j in found if source is None or source.id in j.parts)


def rules_for(house: House, source: SourceSettings) -> tuple[Rule, ...]:
    """The rules that judge it: a rule given to a joint looks at no source alone, or it would ring twice.

    UsageError where a joint names a rule that there is not.
    """
    joint = house.partnership.joint
    known = {r.id for r in house.rules} | set(house.partnership.rules.mute)
    for name, settings in joint.items():
        if wrong := next((r for r in settings.rules if r not in known), None):
            raise UsageError(
                f"{house.folder / 'partnership.toml'}: joint.{name}.rules: there is no rule {wrong!r}",
                "`tocsin rules list` shows those there are",
            )
    if source.id in joint:
        return tuple(r for r in house.rules if r.id in joint[source.id].rules)
    given = {r for settings in joint.values() for r in settings.rules}
    return tuple(r for r in house.rules if r.id not in given)


def months_of(connection: Connection, house: House, source: SourceSettings) -> list[Month]:
    """Months that can be judged: published by every part that comes monthly.

    A part that came once adds what it has; waiting for its next month would be waiting for ever.
    """
    parts = parts_of(house, source)
    if len(parts) == 1:
        return published_months(connection, source)
    known = [set(published_months(connection, p)) for p in parts if p.cadence == "monthly"]
    return sorted(set.intersection(*known))


def fingerprint(connection: Connection, house: House, source: SourceSettings, month: Month) -> str:
    """Changes when what the month is judged on does: data of any part, rules, calendar, what is joined."""
    said = [house.law_fingerprint]
    said += [fingerprint_of_data(connection, p.id, month) for p in parts_of(house, source)]
    if house.partnership.joint:
        said += [*source.parts, *(r.id for r in rules_for(house, source))]
    if closed(source):  # what was stored of it is as it might be told then
        said.append(f"told {VERSION}, from {house.partnership.suppress_below}")
    return "|".join(said)


def cube_of(connection: Connection, house: House, source: SourceSettings) -> Cube | None:
    """Its counts; None where there are none. Of a joint, only the series that its rules set side by side."""
    parts = parts_of(house, source)
    made = (build_cube(connection, p, house.geography, house.lexicon, None) for p in parts)
    cubes = [cube for cube in made if cube is not None]
    if not source.parts:
        return cubes[0] if cubes else None
    wanted = {name for rule in rules_for(house, source) for name in series_in(rule)}
    cubes = [own for cube in cubes if (own := _only(cube, wanted)).series]
    return join_cubes(cubes) if cubes else None


def series_in(rule: Rule) -> set[str]:
    """Series that a rule names: in its scope, and in parameters such as `of` and `total`."""
    found = set(rule.scope.series)
    for value in rule.parameters.model_dump().values():
        found |= {value} if isinstance(value, str) else set()
        found |= {*value, *value.values()} if isinstance(value, dict) else set()
    return found


def join_cubes(cubes: Sequence[Cube]) -> Cube:
    """One cube of all their series, from the first month of any to the last; what is not known is NaN.

    Of a series in several, the first one's stands: two counts of one thing are not added up. ValueError
    unless all have the same areas in the same order.
    """
    areas = cubes[0].areas
    if any(cube.areas != areas for cube in cubes):
        raise ValueError("only cubes of the same areas can be joined")
    first, last = min(c.first for c in cubes), max(c.last for c in cubes)
    names = dict.fromkeys(name for cube in cubes for name in cube.series)
    counts = np.full((len(names), len(areas), last - first + 1), np.nan)
    unlocated = np.full((len(names), last - first + 1), np.nan)
    for s, name in enumerate(names):
        own = next(cube for cube in cubes if name in cube.series)
        i, t = own.series.index(name), own.first - first
        months = slice(t, t + own.counts.shape[2])
        counts[s, :, months] = own.counts[i]
        unlocated[s, months] = own.unlocated[i]
    return Cube(tuple(names), areas, first, counts, unlocated)


def facts_of(connection: Connection, house: House, source: SourceSettings, month: Month) -> SourceFacts:
    """Where the figures of a month come from: of a joint, every part that has published it is named."""
    told = [
        replace(source_facts(connection, p, until=month), gaps=(), revised=())
        for p in parts_of(house, source)
    ]
    if not source.parts:
        return told[0]
    used = [f for f in told if f.last_month == str(month)]
    return replace(
        used[0], id=source.id, title=spoken([f.title for f in used], "; "),
        short=spoken([f.short for f in used], " + "), licence=spoken([f.licence for f in used], "; "),
        attribution=spoken([f.attribution for f in used], " "), classification=source.classification.value,
        invented=any(f.invented for f in used), edition=max(f.edition for f in used),
        received=max((f.received for f in used if f.received), default=None),
        months=min(f.months for f in used),
        rows=sum(f.rows for f in used), quarantined=sum(f.quarantined for f in used), held=0,
        unlocated=sum(f.unlocated for f in used), last_rows=sum(f.last_rows for f in used),
    )  # fmt: skip


def extract_of(connection: Connection, house: House, source: SourceSettings, month: Month) -> str:
    """SHA-256 of the extract that holds the month; of a joint, those of its parts in their order."""
    newest = [
        [
            e.sha256 for e in list_extracts(connection, source=p.id)
            if e.state == "current" and e.first and e.last and e.first <= month <= e.last
        ][-1:]
        for p in parts_of(house, source)
    ]  # fmt: skip
    return " ".join(sha for found in newest for sha in found)


def _only(cube: Cube, wanted: set[str]) -> Cube:
    if "leaves" in wanted:
        return cube
    kept = [i for i, name in enumerate(cube.series) if name in wanted]
    names = tuple(cube.series[i] for i in kept)
    return replace(cube, series=names, counts=cube.counts[kept], unlocated=cube.unlocated[kept])
