"""Short histories: the season is borrowed from the county, the level is the series' own.

police.uk keeps 36 months: too few to estimate a month factor from one series. Two verdicts come out:

* `here`: against the row's own level, followed month by month, and the season of the rest of the county;
* `county`: the share of the rest of the county in that very month. It needs no season, and a month in
  which everybody rises (a pandemic, a change of recording) is nobody's local rise.

Both are negative binomial predictions whose variance carries the dispersion of similar rows (shrunken
towards their pool), the wandering of the level and what is not known about level and season. Below 12
usable months within 60 nothing is judged. Measured rates: rules/README.md.
"""

from rules.baselines.pooled.ahead import LONGEST, Ahead, Followed
from rules.baselines.pooled.followed import follow_rows
from rules.baselines.pooled.predict import STALE, SURE, WINDOW, predict_here, predict_share
from rules.baselines.pooled.prediction import Bools, Ints, Prediction
from rules.baselines.pooled.rates import ENOUGH

__all__ = [
    "ENOUGH",
    "LONGEST",
    "STALE",
    "SURE",
    "WINDOW",
    "Ahead",
    "Bools",
    "Followed",
    "Ints",
    "Prediction",
    "follow_rows",
    "predict_here",
    "predict_share",
]
