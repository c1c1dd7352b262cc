"""Stories of places. Everything about the places beside those that are named is made up."""

from __future__ import annotations

from rules.model import Event, Month
from tests.unit.stories.county import OUR, SITE
from tests.unit.stories.story import Story, years
from tests.unit.stories.world import Row, World

MAR_2008, MAR_2012, SEP_2012, DEC_2023 = Month(2008, 3), Month(2012, 3), Month(2012, 9), Month(2023, 12)
FESTIVALS = tuple(
    Event(f"festival-{y}", "the festival", SITE, (Month(y, 6),), held=y not in (2020, 2021), verified=True)
    for y in range(2017, 2023)
)
# Ten rows as printed; the year before is made up, so that they come into the band.
ACQUISITIVE = dict(zip(
    ("Diseworth", "Ellistown", "Snibston East", "Castle Donington NE", "Coalville Centre", "Greenhill Centre",
     "Bardon", "Kegworth North", "Ashby Castle South", "Ibstock Centre"),
    (40, 38, 38, 37, 37, 35, 33, 31, 25, 21), strict=True,
))  # fmt: skip
# Coalville Centre in the printed tables of 2012; of deliberate fires it is not among the ten.
CENTRE = {
    "total": 417, "violence": 97, "serious-acquisitive": 37, "other-acquisitive": 178, "criminal-damage": 60,
    "asb": 76, "fires-deliberate": 2, "domestic": 46, "hate": 30, "alcohol-flagged": 43, "drug-flagged": 26,
}  # fmt: skip
STREETS = tuple(f"street {i}" for i in range(1, 11))


def _centre(series: str, count: int, share: float) -> Row:
    """A series of which the centre has its count of the table, and our district a usual share of it."""
    whole = round(24 * count * share) + count
    same = years(whole, whole, whole)
    place = {"Coalville Centre": years(count, count, count)}
    usual = {"Coalville Centre": years(*(round(count * share),) * 3)}
    return Row(series, same, same, (round(12 * count * share),) * 3, places=place, before=usual)


BY_AREA = (
    Story(
        "S5", "serious acquisitive crime by LSOA, year to September 2012: Diseworth 40, the first of ten",
        "eight a year in each of the ten before", "area-hotspot-band", "serious-acquisitive", 40, 12,
        World(SEP_2012, (
            Row("serious-acquisitive", years(281, 282, 281 + 255), years(281, 282, 281), (110,) * 3,
                places={n: years(8, 8, c) for n, c in ACQUISITIVE.items()},
                before={n: years(8, 8, 8) for n in ACQUISITIVE}),
        ), tuple(ACQUISITIVE)), area="Diseworth",
    ),
    Story(
        "S7", "theft from the person in June at the Donington festival",
        "June 2022 as published: 28 of 37 there; the "
        "festivals before 12, 10 and 14", "festival-theft", "theft-from-person", 28, 1,
        World(Month(2022, 6), (
            Row("theft-from-person", years(44, 43, 46, 30, 31, 62, m2022_06=37), years(44, 43, 46, 30, 31, 45,
            m2022_06=16),
                (40,) * 6,
                places={"The park": years(14, 13, 16, 3, 2, 30, m2017_06=12, m2018_06=10, m2019_06=14,
                m2022_06=28)},
                before={"The park": years(14, 13, 16, 3, 2, 15, m2017_06=12, m2018_06=10, m2019_06=14,
                m2022_06=13)}),
        ), ("The park",), events=FESTIVALS), area=SITE,
    ),
    Story(
        "S18", "domestic abuse, 2007/08: a notable recent increase in Measham", "20 and 21 a year, then 56",
        "area-rise", "domestic-incidents", 56, 12,
        World(MAR_2008, (
            Row("domestic-incidents", years(1010, 1005, 1035), years(1010, 1005, 1000), (1000,) * 3,
                places={"Measham": years(20, 21, 56)}, before={"Measham": years(20, 21, 21)}),
        ), ("Measham",)), area="Measham",
    ),
    Story(
        "S27", "Coalville Centre, year to September 2012: 417 crimes, very significantly high on 9 of 11 "
        "tables",
        "the other places: three in a hundred of its count each, 40 of ASB and all of the fires elsewhere",
        "multi-theme-area", "total", 417, 12,
        World(SEP_2012, tuple(
            _centre(s, n, {"asb": 0.6, "fires-deliberate": 2.0}.get(s, 0.22)) for s, n in CENTRE.items()
        ), ("Coalville Centre",)), area="Coalville Centre", says="in 9 of 11 types", leads=True,
    ),
    Story(
        "S28", "thefts from vehicles per 1,000, 2023: Diseworth 50.07, the district 4.11",
        "1,418 residents, hence 71; an airport's visitors", "rate-extreme", "theft-from-vehicle", 71, 12,
        World(DEC_2023, (
            Row("theft-from-vehicle", years(213, 210, 219), years(150, 147, 154), (110,) * 3,
                places={"Diseworth": years(70, 69, 71)}, before={"Diseworth": years(7, 6, 6)}),
        ), ("Diseworth",), people={"Diseworth": 1418.0}, visitors={"Diseworth": "airport passengers and "
        "staff"}),
        area="Diseworth", says="airport passengers and staff", leads=True,
    ),
    Story(
        "S29", "burglaries of homes per 1,000, 2023: Greenhill Castle Rock 11.38, Greenhill Centre 9.27, "
        "the district 2.72",
        "1,494 and 1,510 residents, hence 17 and 14 in the year; 6 and 5 of them from January to March",
        "adjacent-cluster", "burglary-domestic", 11, 3,
        World(DEC_2023, (
            Row("burglary-domestic", years(98, 97, 121), years(98, 97, 98), (50,) * 3,
                places={
                    "Castle Rock": years(4, 4, 17, m2023_01=2, m2023_02=2, m2023_03=2),
                    "Greenhill Centre": years(4, 3, 14, m2023_01=2, m2023_02=1, m2023_03=2),
                    "beyond": years(4, 4, 3, m2023_01=0, m2023_02=0, m2023_03=0),
                }, before={"Castle Rock": years(4, 4, 4), "Greenhill Centre": years(4, 3, 4)}),
        ), ("Castle Rock", "Greenhill Centre", "beyond")), area="Castle Rock", month=Month(2023, 3),
        leads=True,
    ),
    Story(
        "S30", "burglaries of homes per 1,000, 2023: Greater Appleby 5.15, unusual; the district 2.72",
        "1,748 residents, hence 9; one and none in the years before", "area-new-entrant", "burglary-domestic",
        9, 12,
        World(DEC_2023, (
            Row("burglary-domestic", years(100, 98, 106), years(100, 98, 98), (50,) * 3,
                places={"Greater Appleby": years(1, 0, 9)}, before={"Greater Appleby": years(1, 0, 1)}),
        ), ("Greater Appleby",)), area="Greater Appleby", leads=True,
    ),
    Story(
        "S31", "criminal damage, 2007: ten streets have 13 % of it",
        "1,300 a year in 300 streets, which stand for LSOAs; "
        "four a year in each before", "concentration", "criminal-damage", 170, 12,
        World(Month(2007, 12), (
            Row("criminal-damage", years(1290, 1310, 1300), years(1290, 1310, 1300), (1200,) * 3,
                places={s: years(4, 4, 17) for s in STREETS}, before={s: years(4, 4, 4) for s in STREETS}),
        ), STREETS, small=300, spread=0.0), area=OUR, says="13%", leads=True,
    ),
    Story(
        "S32", "burglaries of homes in the second district, 2011/12: a recent increase in Thorpe Astley "
        "and Braunstone",
        "8 a year in each, then 30 and 28", "area-rise", "burglary-domestic", 30, 12,
        World(MAR_2012, (
            Row("burglary-domestic", years(190, 188, 234), years(190, 188, 190), (110,) * 3,
                places={"Thorpe Astley": years(8, 9, 30), "Braunstone": years(8, 8, 28)},
                before={"Thorpe Astley": years(8, 9, 9), "Braunstone": years(8, 8, 8)}),
        ), ("Thorpe Astley", "between", "Braunstone")), area="Thorpe Astley",
    ),
)  # fmt: skip
