"""Stories of one series beside another, or of a target. The other districts are made up in all of them."""

from __future__ import annotations

from rules.model import Month, Window
from rules.targets import Target
from tests.unit.stories.county import COUNTY
from tests.unit.stories.story import Story, years
from tests.unit.stories.world import Row, World

MAR_2011, SEP_2012, DEC_2023 = Month(2011, 3), Month(2012, 9), Month(2023, 12)
TEN_PER_CENT = Target(
    "hate", "Hate incidents reported", "hate-incidents", COUNTY, 1088.0, None, 10.0, None, "increase",
    Window(Month(2010, 4), MAR_2011), "the assessment of 2011",
)  # fmt: skip

RELATIONS = (
    Story(
        "S9", "primary fires other than vehicles, 2010/11: 41, +58 % (of about 26); deliberate fires 168",
        "212 deliberate fires before; a brigade that speaks of our district alone",
        "deliberate-fires-non-vehicle", "fires-primary-other", 41, 12,
        World(MAR_2011, (
            Row("fires-primary-other", years(27, 26, 25, 26, 41), years(27, 26, 25, 26, 25)),
            Row("fires-deliberate", years(215, 210, 214, 212, 168), years(215, 210, 214, 212, 168)),
        )), leads=True,
    ),
    Story(
        "S11", "environmental anti-social behaviour, 2023: +44.2 %; all of it 734 to 777 (+5.9 %)",
        "156 environmental before, 225 now", "environmental-asb-divergence", "asb-environmental", 225, 12,
        World(DEC_2023, (
            Row("asb-environmental", years(153, 157, 156, 225), years(153, 157, 156, 162), (160,) * 4),
            Row("asb", years(760, 741, 734, 777), years(760, 741, 734, 777), (800,) * 4),
        )), says="44.2 %",
    ),
    Story(
        "S16", "domestic incidents +4 %, offences -5 %, year to September 2012",
        "the size, which is a county's: 12,000 incidents and 6,000 offences before",
        "reporting-ratio", "domestic-incidents", 12480, 12,
        World(SEP_2012, (
            Row("domestic-incidents", years(1710, 1716, 1716, 1782), years(1710, 1716, 1716, 1720),
                (1712, 1714, 1714, 1783), (1712, 1714, 1714, 1717)),
            Row("domestic-offences", years(862, 857, 857, 814), years(862, 857, 857, 860),
                (858, 857, 857, 814), (858, 857, 857, 859)),
        )), area=COUNTY, leads=True,
    ),
    Story(
        "S19", "hate incidents in the county, 2010/11: 1,274 against 1,088 and a target of +10 % over "
        "three years",
        "the years before; the baseline counted as one year", "target-increase", "hate-incidents", 1274, 12,
        World(MAR_2011, (
            Row("hate-incidents", years(158, 150, 152, 182), years(158, 150, 152, 156),
                (155, 156, 156, 182), (155, 156, 156, 155)),
        ), targets=(TEN_PER_CENT,)), area=COUNTY, says="+17.1 %", leads=True,
    ),
    Story(
        "S21", "complaints about neighbours, 2010/11: +5 % while anti-social behaviour fell by 24 %",
        "400 complaints and 4,750 incidents before", "environmental-asb-divergence", "asb-neighbours", 420,
        12,
        World(MAR_2011, (
            Row("asb-neighbours", years(405, 396, 400, 420), years(405, 396, 400, 304), (410, 405, 400, 310)),
            Row("asb", years(4800, 4760, 4750, 3610), years(4800, 4760, 4750, 3610), (4900, 4850, 4800,
            3700)),
        )), says="+5.0 %", leads=True,
    ),
    Story(
        "S24", "alcohol-flagged crime, 2010/11: +26 %, 10 % of 5,375 crimes", "426 flags before",
        "alcohol-flag-share", "alcohol-flagged", 537, 12,
        World(MAR_2011, (
            Row("alcohol-flagged", years(420, 431, 426, 537), years(420, 431, 426, 400), (430, 425, 430,
            405)),
            Row("total", years(5900, 5880, 5872, 5375), years(5900, 5880, 5872, 5375), (6000, 6000, 5950,
            5500)),
        )), says="10.0 %", leads=True,
    ),
    Story(
        "S24b", "alcohol-flagged violence, 2010/11: a third of all violence (990)", "23 % in the year before",
        "alcohol-flag-share", "alcohol-violence", 327, 12,
        World(MAR_2011, (
            Row("alcohol-violence", years(260, 262, 256, 327), years(260, 262, 256, 228), (270, 262, 256,
            230)),
            Row("violence", years(1394, 1391, 1114, 990), years(1394, 1391, 1114, 990), (1400, 1390, 1110,
            1000)),
        )), says="33.0 %", leads=True,
    ),
)  # fmt: skip
