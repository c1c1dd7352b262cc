"""Somebody with a linear programme who has asked everything: what can be worked out of what is told."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog

Key = tuple[str, str, int]  # a kind, an LSOA, a month's key: the smallest thing that was counted


@dataclass
class Attacker:
    """Knows that counts are whole and not negative, the threshold, and every figure or mark that was given.

    `atoms` are all combinations that can occur: those that are known to be none need not be among them.
    """

    atoms: tuple[Key, ...]
    below: int
    equal: dict[frozenset[Key], float] = field(default_factory=dict)
    within: dict[frozenset[Key], tuple[float, float]] = field(default_factory=dict)

    def learns(self, of: Iterable[Key], value: float, said: str = "") -> None:
        """One cell of an answer: a figure, or `small` (1 to below-1), or `cover` (below or more)."""
        cell = frozenset(of) & frozenset(self.atoms)
        if not math.isnan(value):
            assert self.equal.setdefault(cell, value) == value, "two answers contradict each other"
        elif said == "small":
            self.within[cell] = (1, self.below - 1)
        elif said == "cover":
            self.within[cell] = (self.below, math.inf)

    def bounds(self, of: Iterable[Key]) -> tuple[int, int]:
        """The least and the most that a hidden figure can be, as whole numbers."""
        at = {atom: i for i, atom in enumerate(self._atoms)}
        goal = np.zeros(len(at))
        goal[[at[a] for a in self._merged(of)]] = 1
        ends = []
        for sign in (1, -1):
            found = linprog(sign * goal, **self._system, method="highs")
            assert found.status in (0, 3), found.message  # solved, or without an upper end
            ends.append(sign * found.fun if found.status == 0 else math.inf)
        least = math.ceil(ends[0] - 1e-6)
        return least, 10**9 if math.isinf(ends[1]) else math.floor(ends[1] + 1e-6)

    def works_out(self, cells: Mapping[str, Iterable[Key]], truth: Mapping[str, float]) -> list[str]:
        """Names of small figures that are exactly known."""
        self._prepare(cells)
        exact = []
        for name, cell in cells.items():
            least, most = self.bounds(cell)
            assert least <= truth[name] <= most, f"{name}: {truth[name]} is not in {least} to {most}"
            if 0 < truth[name] < self.below and least == most:
                exact.append(f"{name}: {least}")
        return exact

    def _prepare(self, cells: Mapping[str, Iterable[Key]]) -> None:
        """Atoms that stand in the same cells are one variable: the programme is the same, and smaller."""
        wanted = [frozenset(c) & frozenset(self.atoms) for c in cells.values()]
        groups = [*self.equal, *self.within, *wanted]
        signature: dict[Key, tuple[int, ...]] = {a: () for a in self.atoms}
        seen: dict[Key, list[int]] = {a: [] for a in self.atoms}
        for i, group in enumerate(groups):
            for atom in group:
                seen[atom].append(i)
        signature = {a: tuple(i) for a, i in seen.items()}
        first: dict[tuple[int, ...], Key] = {}
        self._stands_for = {a: first.setdefault(s, a) for a, s in signature.items()}
        self._atoms = tuple(dict.fromkeys(self._stands_for.values()))
        at = {atom: i for i, atom in enumerate(self._atoms)}

        def rows(cells_: Iterable[frozenset[Key]]) -> npt.NDArray[np.float64]:
            found = [np.zeros(len(at)) for _ in range(0)]
            for cell in cells_:
                row = np.zeros(len(at))
                row[[at[a] for a in self._merged(cell)]] = 1
                found.append(row)
            return np.array(found) if found else np.zeros((0, len(at)))

        low = [(c, ends[0]) for c, ends in self.within.items()]
        high = [(c, ends[1]) for c, ends in self.within.items() if math.isfinite(ends[1])]
        bounded = np.vstack([rows(c for c, _ in high), -rows(c for c, _ in low)])
        self._system = {
            "A_eq": rows(self.equal), "b_eq": np.array(list(self.equal.values())),
            "A_ub": bounded, "b_ub": np.array([*(n for _, n in high), *(-n for _, n in low)]),
        }  # fmt: skip

    def _merged(self, cell: Iterable[Key]) -> set[Key]:
        return {self._stands_for[a] for a in cell if a in self._stands_for}
