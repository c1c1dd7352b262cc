"""Stories of one series over time. The districts beside ours are made up in all of them."""

from __future__ import annotations

from rules.model import Month
from tests.unit.stories.story import Story, evenly, years
from tests.unit.stories.world import Row, World

SEP_2012, MAR_2011, DEC_2023 = Month(2012, 9), Month(2011, 3), Month(2023, 12)
WINTER = (1.25, 1.0, 1.0, 0.9, 0.9, 0.85, 0.85, 0.85, 0.9, 1.0, 1.2, 1.3)
THEFTS = (450,) * 6

OVER_TIME = (
    Story(
        "S1", "domestic burglary, year to September 2012 +31 %, highest in November 2011 to January 2012, "
        "then back",
        "300 a year; the whole rise in the three months: 60, 64, 63", "seasonal-excess-burglary",
        "burglary-domestic", 187, 3,
        World(SEP_2012, (
            Row("burglary-domestic", years(300, 298, 303, 301, 300, 393, m2011_11=60, m2011_12=64,
            m2012_01=63),
                years(300, 298, 303, 301, 300, 302), (310, 305, 308, 300, 312, 306), season=WINTER),
        )), month=Month(2012, 1), over=Month(2012, 4),
    ),
    Story(
        "S2", "thefts from vehicles, April 2012: 78, double the usual", "39 a month in six years",
        "vehicle-crime-spike", "theft-from-vehicle", 78, 1,
        World(SEP_2012, (
            Row("theft-from-vehicle", years(468, 465, 470, 466, 471, 507, m2012_04=78),
                years(468, 465, 470, 466, 471, 468, m2012_04=39), THEFTS),
        )), month=Month(2012, 4), over=Month(2012, 6),
    ),
    Story(
        "S3", "thefts from vehicles, year to September 2012: +26 %, rising for two years",
        "385 two years before, then 400, then 504",
        "sustained-rise", "theft-from-vehicle", 504, 12,
        World(SEP_2012, (
            Row("theft-from-vehicle", years(402, 398, 401, 385, 400, 504),
                years(402, 398, 401, 385, 400, 404), THEFTS),
        )), leads=True,
    ),
    Story(
        "S4", "serious acquisitive crime, years to September: 1306 1287 1229 922 730 896",
        "the other districts level out", "direction-change", "serious-acquisitive", 896, 12,
        World(SEP_2012, (
            Row("serious-acquisitive", years(1306, 1287, 1229, 922, 730, 896),
                years(1306, 1287, 1229, 922, 730, 660), (1300, 1280, 1230, 950, 800, 780)),
        )), says="1,306, 1,287, 1,229, 922, 730, 896; a turn after 4 years the other way",
    ),
    Story(
        "S10", "deliberate fires, year to September 2012: 102, -48 % (of about 196)",
        "about 196 in each year before; a brigade that speaks of our district alone",
        "sustained-fall", "fires-deliberate", 102, 12,
        World(SEP_2012, (
            Row("fires-deliberate", years(199, 193, 197, 194, 196, 102), years(199, 193, 197, 194, 196, 195)),
        )), direction="fall",
    ),
    Story(
        "S12", "personal anti-social behaviour, 2023: -36.4 %, about 75 a year, high harm",
        "118 a year before", "sustained-fall", "asb-personal", 75, 12,
        World(DEC_2023, (
            Row("asb-personal", years(117, 119, 116, 120, 118, 75), years(117, 119, 116, 120, 118, 119)),
        )), direction="fall", says="Small numbers",
    ),
    Story(
        "S13", "violence, 2020: +34.9 %; 2023: 1,007 to 1,095 (+8.7 %)",
        "700 a year before, a step in January 2020, no pandemic in the register", "step-change", "violence",
        472, 6,
        World(DEC_2023, (
            Row("violence", years(690, 705, 698, 700, 944, 975, 1007, 1095, **evenly(2020, 944)),
                years(690, 705, 698, 700, 702, 708, 705, 711), (800,) * 8),
        )), month=Month(2020, 6), over=DEC_2023,
    ),
    Story(
        "S14", "sexual offences, 2021: +62 %; 2023: -1.6 %", "154 a year before, 250 a year from January "
        "2021 on",
        "step-change", "sexual-offences", 162, 6,
        World(DEC_2023, (
            Row("sexual-offences", years(202, 197, 201, 200, 324, 324, 319, **evenly(2021, 324)),
                years(202, 197, 201, 200, 199, 202, 201), (210,) * 7),
        )), month=Month(2021, 6), over=DEC_2023, says="more people coming forward",
    ),
    Story(
        "S15", "domestic abuse, 2019 to 2023: 824 to 1,125 (+36.5 %)", "all of it a step in January 2023",
        "step-change", "domestic", 562, 6,
        World(DEC_2023, (
            Row("domestic", years(818, 826, 824, 820, 828, 822, 1125, **evenly(2023, 1125)),
                years(818, 826, 824, 820, 828, 822, 830), (900,) * 7),
        )), month=Month(2023, 6), says="not a rise in abuse",
    ),
    Story(
        "S15b", "domestic abuse, lockdown 2020: +17.4 % (824 to 967)", "all of it from May 2020 on",
        "run-of-points", "domestic", 692, 8,
        World(Month(2020, 12), (
            Row("domestic",
                years(830, 818, 826, 820, 824, 967, m2020_01=69, m2020_02=68, m2020_03=69, m2020_04=69,
                m2020_05=86,
                      m2020_06=87, m2020_07=86, m2020_08=87, m2020_09=86, m2020_10=87, m2020_11=86,
                      m2020_12=87),
                years(830, 818, 826, 820, 824, 830), (900,) * 6),
        )), says="not a rise in abuse",
    ),
    Story(
        "S22", "hoax calls, 2010/11: -41 %, after a peak", "about 180 a year, the peak 320",
        "direction-change-fall", "asb-hoax", 189, 12,
        World(MAR_2011, (Row("asb-hoax", years(182, 178, 181, 320, 189), years(182, 178, 181, 180, 183)),)),
        direction="fall", says="unusually high", leads=True,
    ),
    Story(
        "S23", "abandoned vehicles, 2010/11: the lowest ever", "80 a year before, 41 now",
        "record-low", "abandoned-vehicles", 41, 12,
        World(MAR_2011, (Row("abandoned-vehicles", years(83, 79, 81, 78, 80, 41), years(83, 79, 81, 78, 80,
        79)),)),
        direction="fall", says="lowest of 61 sums of 12 months",
    ),
    Story(
        "S34", "total crime: 7,500 in 2021, 8,753 in 2022 (+16.7 %), 8,534 in 2023 (-2.5 %)",
        "the years before 2021", "sustained-rise", "total", 8753, 12,
        World(DEC_2023, (
            Row("total", years(7420, 7480, 7440, 7510, 7500, 8753, 8534, **evenly(2022, 8753)),
                years(7420, 7480, 7440, 7510, 7500, 7490, 7470), (9000,) * 7),
        )), month=Month(2022, 12), over=DEC_2023, leads=True,
    ),
)  # fmt: skip
