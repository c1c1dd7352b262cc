"""How far a wish reaches: the series and areas that belong to the one that was named."""

from __future__ import annotations

from jobs.folder.geography import Geography
from jobs.house import House

ANY = "*"


def lies_in(place: Geography, area: str, wanted: str) -> bool:
    """Whether an area is the one wanted or lies in it: by its LSOAs, or as its parents say."""
    if wanted == ANY:
        return True
    if wanted not in place.areas or area not in place.areas:
        return False
    units, up = place[area].units, [area]
    while (parent := place[up[-1]].parent) is not None and parent in place.areas:
        up.append(parent)
    return wanted in up or bool(units and units <= place[wanted].units)


def belongs_to(house: House, series: str, wanted: str) -> bool:
    """Whether a series is the one wanted or a part of it.

    All recorded crime stands for itself: else who asks for the total would get every series there is.
    """
    if wanted in (ANY, series):
        return True
    return wanted != house.partnership.default_series and wanted in house.lexicon.ancestors(series)
