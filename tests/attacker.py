"""Somebody with a linear programme who has asked everything: what can be worked out of what is told."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog

Floats = npt.NDArray[np.float64]
Key = tuple[str, str, int]  # a kind, an LSOA, a month's key: the smallest thing that was counted


@dataclass
class Attacker:
    """Knows that counts are whole and not negative, the threshold, and every figure or mark that was given.

    A cell is given by its atoms; which are one to somebody who knows only these cells is worked out here.
    """

    below: int
    equal: dict[frozenset[Key], float] = field(default_factory=dict)
    within: dict[frozenset[Key], tuple[float, float]] = field(default_factory=dict)

    def learns(self, of: Iterable[Key], value: float, said: str = "") -> None:
        """One cell of an answer: a figure, or `small` (1 to below-1), or `cover` (below or more)."""
        cell = frozenset(of)
        if not math.isnan(value):
            assert self.equal.setdefault(cell, value) == value, "two answers contradict each other"
        elif said == "small":
            self.within[cell] = (1, self.below - 1)
        elif said == "cover":
            self.within[cell] = (self.below, math.inf)

    def works_out(self, cells: Mapping[str, Iterable[Key]], truth: Mapping[str, float]) -> list[str]:
        """Names of the cells whose small figure is exactly known."""
        known = [*self.equal, *self.within, *map(frozenset, cells.values())]
        of_atom: dict[Key, list[int]] = {}
        for i, cell in enumerate(known):
            for atom in cell:
                of_atom.setdefault(atom, []).append(i)
        # Atoms that stand in the same cells are one variable: the programme says the same, and is smaller.
        merged = sorted({tuple(i) for i in of_atom.values()})
        table = np.zeros((len(known), len(merged)))
        for column, members in enumerate(merged):
            table[list(members), column] = 1
        equal, within = len(self.equal), len(self.within)
        lower = np.array([low for low, _ in self.within.values()])
        upper = np.array([high for _, high in self.within.values()])
        ended, middle = np.isfinite(upper), table[equal : equal + within]
        system = _System(
            table[:equal], np.array(list(self.equal.values())),
            np.vstack([middle[ended], -middle]), np.concatenate([upper[ended], -lower]),
        )  # fmt: skip
        exact = []
        for name, goal in zip(cells, table[equal + within :], strict=True):
            least, most = (system.end(sign, goal) for sign in (1, -1))
            assert least <= truth[name] <= most, f"{name}: {truth[name]} is not in {least} to {most}"
            if least == most and 0 < truth[name] < self.below:
                exact.append(f"{name}: {least}")
        return exact


@dataclass(frozen=True)
class _System:
    """What is known: `equal` x = `values`, `bounded` x <= `limits`, x >= 0."""

    equal: Floats
    values: Floats
    bounded: Floats
    limits: Floats

    def end(self, sign: int, goal: Floats) -> float:
        """The least (sign 1) or the most (-1) that a sum of atoms can be, as a whole number."""
        found = linprog(
            sign * goal,
            A_ub=self.bounded,
            b_ub=self.limits,
            A_eq=self.equal,
            b_eq=self.values,
            method="highs",
        )
        assert found.status in (0, 3), found.message  # solved, or without an end
        if found.fun is None or found.status == 3:
            return -sign * math.inf
        value = float(found.fun)
        return math.ceil(value - 1e-6) if sign == 1 else math.floor(-value + 1e-6)
