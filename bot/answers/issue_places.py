"""`issue`: where, which communities, other districts; each figure made by a claim as it is said."""

from __future__ import annotations

from bot import words
from jobs.counting.hot import HotList
from jobs.facts import HotArea
from jobs.figures.communities import Communities, Community
from jobs.figures.peers import PeerTable
from rules.areas import RANKABLE
from rules.claims import PERCENT_BASE, Claimant
from rules.model import Area, AreaKind

_SIMILAR = "The most similar partnerships are not compared: their figures are not loaded."


def highest(made: Claimant, by_count: HotList | None, by_rate: HotList | None, area: Area) -> str:
    """4: the three highest areas by count and by rate."""
    if area.kind is AreaKind.LSOA:
        return f"Highest areas: {area.name} is one LSOA, the smallest area that has figures."
    if by_count is None or by_rate is None:
        return "Highest areas: not known."
    if by_count.withheld:
        made.made.extend(by_count.claims)
        return f"Highest areas: withheld, since {by_count.withheld}."
    counted = [r for r in by_count.rows if r.count]
    if not counted:
        return "Highest areas: no count is placed in one of its LSOAs."
    rated = [r for r in by_rate.rows if r.count and r.rate is not None]
    said = f"Highest areas by count: {'; '.join(_counted(made, r) for r in counted)}."
    if rated:
        said += f" By rate per 1,000 residents: {'; '.join(_rated(made, r) for r in rated)}."
    if counted[0].count < RANKABLE:
        said += " These counts are too few to rank firmly."
    if any(r.visitor for r in (*counted, *rated)):
        said += " (*) Visitor area: a rate per resident is not risk there."
    return said


def _counted(made: Claimant, row: HotArea) -> str:
    made.count(f"{row.name}: count", row.count)
    return f"{_name(row)} {row.count:,}"


def _rated(made: Claimant, row: HotArea) -> str:
    assert row.rate is not None
    assert row.people
    made.rate(f"{row.name}: rate", row.count, row.people, row.people_basis)
    return f"{_name(row)} {words.rate(row.rate)}"


def _name(row: HotArea) -> str:
    return f"{row.name}{' (*)' if row.visitor else ''}"


def communities(made: Claimant, found: Communities) -> str:
    """5: the deprivation fifths and urban or rural, of areas only; the table has them all."""
    if found.why_not:
        return f"Communities: not known, since {found.why_not}."
    fifths = [c for c in found.fifths if c.rate is not None]
    if len(fifths) < len(found.fifths) or not fifths:
        return "Communities: withheld or not known for some areas, so they are not compared."
    if sum(c.count or 0 for c in fifths) < PERCENT_BASE:
        return "Communities: too few were recorded to compare areas by deprivation."
    said = f"Communities: {_by_fifth(made, found, fifths)}"
    settled = [c for c in found.settlements if c.rate is not None]
    if len(settled) > 1:
        said += f"; {' and '.join(_rate(made, c) for c in settled)}"
    return f"{said}. This is of areas, not of the people in them."


def _by_fifth(made: Claimant, found: Communities, fifths: list[Community]) -> str:
    """The highest and the lowest rate where they are clearly apart from the common one."""
    if len(fifths) == 1:
        return f"by deprivation it lies as a whole in one fifth, the {_rate(made, fifths[0])}"
    # A rate of two or three is no high and no low; the table has it all the same.
    firm = sorted((c for c in fifths if (c.count or 0) >= RANKABLE), key=lambda c: -(c.rate or 0))
    clear = [c for c in firm if c.title in found.apart]
    if not clear:
        return "no fifth by deprivation is clearly higher or lower than the others"
    said = []
    if firm[0] in clear:
        said.append(f"highest in areas of the {_rate(made, firm[0])}")
    if firm[-1] in clear and len(firm) > 1:
        said.append(f"lowest in {'areas of ' if not said else ''}the {_rate(made, firm[-1])}")
    return f"by rate, {', '.join(said)}" if said else "no fifth is clearly highest or lowest by rate"


def _rate(made: Claimant, c: Community) -> str:
    assert c.rate is not None
    assert c.count is not None
    assert c.people is not None
    made.rate(f"{c.title}: rate", c.count, c.people, c.basis)
    return f"{c.title} {words.rate(c.rate)} per 1,000 ({c.count:,})"


def districts(made: Claimant, found: PeerTable | None, home: Area | None, area: Area) -> str:
    """6: the rank of the district by rate, with the ranks that chance allows."""
    return f"Other districts: {_rank(made, found, home, area)} {_SIMILAR}"


def _rank(made: Claimant, found: PeerTable | None, home: Area | None, area: Area) -> str:
    if home is None:
        return f"not known, since {area.name} lies in no single district of the county."
    if found is None:
        return "not known, since too few of them have monthly figures from this source."
    own, many = found.own, len(found.peers)
    if own is None:
        return f"not known, since the figure of {home.name} is withheld or not known."
    if not found.ranked:
        return "not known, since too few of them have figures for a rank."
    made.rate(f"{own.name}: rate", own.count, own.people, found.basis)
    for name, rank in (("rank", own.rank), *(("rank that chance allows", n) for n in found.ranks)):
        made.rank(f"{own.name}: {name}", rank, many)
    whose = "" if home.code == area.code else f"{own.name} has "
    said = f"{whose}rank {own.rank} of {many} districts by rate ({words.rate(own.rate)} per 1,000 residents, "
    said += f"{own.count:,} recorded); chance allows {words.ranks(*found.ranks)}."
    if found.withheld:
        said += f" Withheld or not known, and without a rank: {'; '.join(found.withheld)}."
    return said
