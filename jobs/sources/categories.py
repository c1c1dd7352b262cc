"""What a row counts as: the series of its category, and those of the flags it carries."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from jobs.folder.lexicon import Lexicon
from jobs.folder.partnership import Layout
from jobs.sources.layouts import NOT_COUNTED, Sheet
from jobs.sources.sieve import Mask, Sieve
from jobs.sources.values import cell, flag, per_value, plain

Rows = npt.NDArray[np.int64]
Texts = npt.NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class Counted:
    """Row numbers and, beside each, one series that the row counts as; a flagged row stands there again."""

    rows: Rows
    series: Texts


def find_series(sieve: Sieve, sheet: Sheet, lexicon: Lexicon) -> Counted:
    """Series of every row; rows with an unknown category or flag go to the sieve."""
    column = sheet.need("category")
    known = _known(sheet.layout, lexicon)
    series = np.array(per_value(column, lambda text: known.get(_words(text), "")), dtype=object)
    sieve.drop(series == "", "unknown-category", lambda row: f"{cell(column, row)} is no known category")
    rows, found = [np.flatnonzero(series != NOT_COUNTED)], [series[series != NOT_COUNTED]]
    for target, header in sheet.layout.flags.items():
        marked = np.flatnonzero(_flagged(sieve, sheet, header))
        rows.append(marked)
        found.append(np.full(len(marked), target, dtype=object))
    return Counted(np.concatenate(rows), np.concatenate(found))


def _flagged(sieve: Sieve, sheet: Sheet, header: str) -> Mask:
    column = sheet.frame[header]
    answers = per_value(column, flag)
    unclear = np.array([a is None for a in answers], dtype=np.bool_)
    sieve.drop(unclear, "flag-invalid", lambda row: f"{header} is {cell(column, row)}, not yes or no")
    return np.array([a is True for a in answers], dtype=np.bool_)


def _known(layout: Layout, lexicon: Lexicon) -> dict[str, str]:
    """Category text -> series; without `categories` the column holds the ids of series themselves."""
    if not layout.categories:
        return {_words(s.id): s.id for s in lexicon}
    return {_words(text): series for text, series in layout.categories.items()}


def _words(text: str) -> str:
    return plain(text) or text.strip()
