"""Which counts of a closed source may be told, so that no small one can be worked out from the others.

Arbitrary questions (any area, window, kind) cannot be protected cell by cell. So a family of series is
published as margins of one table only: the months of a district, and for whole calendar years its total, its
areas (a tree) and its kinds (a tree). Two of them are never crossed. Any other figure is told only where it
is a sum of told ones. `months`, `year_is_told` and `parts` decide what of a margin is told.

Why nobody can work out an inner cell (an area's month): from margins alone a cell n(u, t) lies between
max(0, n(u) + n(t) - N) and min(n(u), n(t)) (Frechet 1940; Dobra and Fienberg 2000, PNAS 97: 11885-11892, for
more than two margins). The bounds meet above zero only where one slice holds everything, and then the cell
is a margin itself: zero, hidden, or at least k.

Why nobody can work out a hidden margin cell. Let n cells be small (1 to k-1) and m be hidden with them to
cover (k or more), S their known sum, and S - n - m*k what lies above the least that the cells can be: the
slack. With a cover and a slack of k-1 or more, any small cell may be any of 1 to k-1, the others 1, the last
cover takes the rest. The attacker may know these rules too. So covers are not picked by size (else the
largest cover would be known to be below the smallest figure told) but in a public order, one by one until
the slack is enough; and where it is never enough, the threshold is wide enough to tell as little: a slack
below k-1 is possible with any small cell at any of 1 to k-1. (A threshold of one would tell, when it fails,
that every small cell is 1.)

Zero is told unless its whole is hidden. Nothing told is ever taken back: a month is decided by itself and
the months before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum


class Mark(StrEnum):
    """What a reader is told of a figure."""

    SHOWN = "shown"
    SMALL = "small"  # it is 1 to k-1, and only that is said
    COVER = "cover"  # k or more, hidden so that a small one stays hidden
    WITHHELD = "withheld"  # nothing is said of it, not even whether it is zero
    CROSSED = "crossed"  # never told of such a source: it crosses two margins

    @property
    def told(self) -> bool:
        """Whether the figure itself is given."""
        return self is Mark.SHOWN


def months(counts: Sequence[float], k: int) -> tuple[Mark, ...]:
    """The marks of a year's months in order, each decided without the later ones; NaN stays withheld.

    The first month that is not small after a small one is its cover.
    """
    found: list[Mark] = []
    for count in counts:
        if count != count:  # NaN: the publisher does not say
            found.append(Mark.WITHHELD)
        elif _small(count, k):
            found.append(Mark.SMALL)
        elif count >= k and Mark.SMALL in found and Mark.COVER not in found:
            found.append(Mark.COVER)
        else:
            found.append(Mark.SHOWN)
    return tuple(found)


def year_is_told(counts: Sequence[float], k: int) -> bool:
    """Whether the sum of a year's months may be told beside those months (marked by `months`).

    With a cover: a slack of k-1 or more. Without one, all hidden months are small; then their sum must leave
    each of them every value from 1 to k-1. A year with a month that is not known has no sum.
    """
    marks = months(counts, k)
    if Mark.WITHHELD in marks:
        return False
    small = [c for c, mark in zip(counts, marks, strict=True) if mark is Mark.SMALL]
    covers = [c for c, mark in zip(counts, marks, strict=True) if mark is Mark.COVER]
    if not small:
        return True
    if covers:
        return _slack(small, covers, k) >= k - 1
    above, below = sum(small) - len(small), len(small) * (k - 1) - sum(small)
    return above >= k - 2 and below >= k - 2 and len(small) > 1


def parts(counts: Sequence[float], k: int) -> tuple[Mark, ...]:
    """The marks of the parts of a whole that is told and that they add up to, in a public order.

    Small parts are hidden with covers: the first parts that are not small, until the slack is k-1. Where all
    of them are not enough, nothing is said of any part.
    """
    if any(c != c for c in counts):
        return (Mark.WITHHELD,) * len(counts)
    small = [c for c in counts if _small(c, k)]
    if not small:
        return (Mark.SHOWN,) * len(counts)
    covers: list[float] = []
    found = []
    for count in counts:
        if _small(count, k):
            found.append(Mark.SMALL)
        elif count >= k and (not covers or _slack(small, covers, k) < k - 1):
            covers.append(count)
            found.append(Mark.COVER)
        else:
            found.append(Mark.SHOWN)
    if not covers or _slack(small, covers, k) < k - 1:
        return (Mark.WITHHELD,) * len(counts)
    return tuple(found)


def _small(count: float, k: int) -> bool:
    return 0 < count < k


def _slack(small: Sequence[float], covers: Sequence[float], k: int) -> float:
    """How far the hidden cells' sum is above the least that they can add up to."""
    return sum(small) - len(small) + sum(covers) - k * len(covers)
