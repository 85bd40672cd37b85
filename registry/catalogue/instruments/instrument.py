"""What a clinical instrument is: its inputs, its range, its formula, and what becomes of missing answers.

The formula (`kernel`) takes columns and returns a column; one visit is a column of one. By default a value stands only
where every input does. What else has been published, as a prorated total, is a named variant with its own
rule id, so that no figure hides how it came about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import reduce
from operator import add
from typing import Final

import numpy as np
from numpy.typing import NDArray

from registry.catalogue.instruments.values import EXACT, Values

Columns = Mapping[str, Values]
Kernel = Callable[[Columns], Values]

PRORATED: Final = "prorated"


@dataclass(frozen=True, kw_only=True, eq=False)
class Scores:
    """What a rule says, one value a row.

    `n_present` counts the inputs that were there, of `n_expected`. `marks` is `BELOW` or `ABOVE` where a row rests on a
    laboratory value given as a limit (`<5`): the mark of the input, which does not say that the score is a limit.
    """

    rule: str
    values: Values
    n_expected: NDArray[np.int16]
    n_present: NDArray[np.int16]
    marks: NDArray[np.int8]

    @property
    def censored(self) -> NDArray[np.bool_]:
        """Which rows rest on a laboratory value given as below or above a limit."""
        marked: NDArray[np.bool_] = self.marks != EXACT
        return marked


@dataclass(frozen=True, kw_only=True)
class Instrument:
    """A questionnaire or index in one edition: `inputs` by name in their canonical units, result in `unit`.

    The result lies from `low` to `high`, both inclusive; no `high` means no limit. `variants` are other published
    ways to compute it, by name. So many inputs as it `may_lack` can be missing, by its own rule, where it still stands.
    It is computed of no visit from `until` on, a clinical day.
    """

    name: str
    edition: int
    title: str
    source: str
    unit: str
    low: Decimal | int | None
    high: Decimal | int | None
    inputs: tuple[str, ...]
    kernel: Kernel
    variants: Mapping[str, Kernel] = field(default_factory=dict)
    may_lack: int = 0
    until: date | None = None

    def rule(self, variant: str | None = None) -> str:
        """Return the id of the rule: `basdai/1`, or `basdai/1:prorated` for a variant."""
        return f"{self.name}/{self.edition}" + (f":{variant}" if variant else "")

    def over(self, columns: Columns, *, variant: str | None = None) -> Scores:
        """Return the scores of all rows; `columns` holds every input, all of one length.

        Raises:
            KeyError: where an input or the variant does not exist.
        """
        kernel = self.variants[variant] if variant else self.kernel
        taken = [columns[name] for name in self.inputs]
        marks = reduce(_first_mark, (np.where(column.known, column.bound, EXACT) for column in taken))
        return Scores(
            rule=self.rule(variant),
            values=kernel(columns).without_marks(),
            n_expected=np.full(len(taken[0]), len(taken), np.int16),
            n_present=how_many_known(taken).astype(np.int16),
            marks=marks.astype(np.int8),
        )


def numbered(stem: str, items: int) -> tuple[str, ...]:
    """Return the names of a questionnaire's items.

    >>> numbered("basdai", 3)
    ('basdai_1', 'basdai_2', 'basdai_3')
    """
    return tuple(f"{stem}_{item}" for item in range(1, items + 1))


def total(columns: list[Values]) -> Values:
    """Return the sum of the columns, unknown where any of them is."""
    return reduce(add, columns)


def mean(columns: list[Values], *, required: int) -> Values:
    """Return the mean of the known values of each row, unknown where fewer than `required` are known."""
    n_known = how_many_known(columns)
    return partial_total(columns).each_over(np.maximum(n_known, 1)).where(n_known >= required)


def how_many_known(columns: Iterable[Values]) -> NDArray[np.int64]:
    """Return how many of the columns have a value, row by row."""
    count: NDArray[np.int64] = np.array([column.known for column in columns]).sum(axis=0, dtype=np.int64)
    return count


def partial_total(columns: list[Values]) -> Values:
    """Return the sum of the known values of each row, 0 where there is none."""
    return total([known_or_0(column) for column in columns])


def _first_mark(marks: NDArray[np.int8], others: NDArray[np.int8]) -> NDArray[np.int8]:
    """Return the marks of two inputs as one: of two laboratory values that of the first that has one."""
    return np.where(marks != EXACT, marks, others)


def known_or_0(column: Values) -> Values:
    """Return the column with 0 for unknown values: for sums that count what is known, never for a score."""
    return Values.counted(np.where(column.known, column.numerator, 0), denominator=column.denominator)
