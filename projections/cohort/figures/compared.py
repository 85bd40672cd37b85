"""What the figures of a row rest on, member by member, so that groups of members can be compared.

A table yields these of all members; `between_groups` tells them apart. Each stands beside a `statistic` of its row and
time point: a test beside `mean` is called `p of mean between groups`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from projections.columns.coded import Rows, Truth
from projections.columns.partial_days import Days
from registry.catalogue.instruments.values import Number, Values

V = TypeVar("V")
NO: Final = "no"
YES: Final = "yes"


class Numbers(NamedTuple):
    """One number a member, None or unknown where there is none; beside the statistic `ranks` a test of ranks stands."""

    values: Sequence[Number | None] | Values
    unit: str = ""
    ranks: str | None = "median"


def changes(before: Sequence[Number | None], after: Sequence[Number | None]) -> list[Number | None]:
    """Return the earlier number of each member minus the later, a fall above 0; None of whom one is missing."""
    pairs = zip(before, after, strict=True)
    return [None if one is None or two is None else one - two for one, two in pairs]


class Words(NamedTuple):
    """One word a member, None where none is known; `codes` are all that there can be, in their order."""

    words: Sequence[str | None]
    codes: tuple[str, ...]

    @classmethod
    def yes_no(cls, yes: Truth, known: Truth) -> Words:
        """Return answers, none of whom nothing is known."""
        answers = zip(yes.tolist(), known.tolist(), strict=True)
        return cls([(YES if is_yes else NO) if is_known else None for is_yes, is_known in answers], (NO, YES))


class Durations(NamedTuple):
    """Stretches at risk, each of a member by row: from when to when, in days, and which cause ended it.

    A cause of 0 is no end. `cause` is the one that is compared while others compete with it, None for any end.
    """

    member: Rows
    entry: Days
    exit: Days
    causes: npt.NDArray[np.int64]
    from_day: int = 0
    cause: int | None = None


class Events(NamedTuple):
    """How many events each member had and in how many days at risk, and up to the first of them.

    Who is not `at_risk` is no part of it. `first_days` is None where nobody can have a second one.
    """

    events: npt.NDArray[np.int64]
    days: Days
    at_risk: Truth
    first_days: Days | None = None


class Compared(NamedTuple):
    """What groups are compared by, where that stands, and what is said of whoever is left out of it.

    `withheld` is why no p stands there, be it wanted; `told` goes on after the name of the test.
    """

    row: str
    timepoint: str
    statistic: str
    of: Numbers | Words | Durations | Events
    withheld: str | None = None
    told: str = ""

    def among(self, rows: Rows, n: int) -> Compared:
        """Return numbers or words of some of `n` members, by their `rows`, as of all of them: none of the others."""
        if isinstance(self.of, Numbers):
            return self._replace(of=self.of._replace(values=_spread(self.of.values, rows, n)))
        if isinstance(self.of, Words):
            return self._replace(of=self.of._replace(words=among(self.of.words, rows, n)))
        raise TypeError(f"{type(self.of).__name__} of some members are none of all")


def _spread(values: Sequence[Number | None] | Values, rows: Rows, n: int) -> Sequence[Number | None] | Values:
    if not isinstance(values, Values):
        return among(values, rows, n)
    place = np.full(n, -1)  # an unknown value
    place[rows] = np.arange(len(rows))
    return values.take(place)


def among(values: Sequence[V | None], rows: Rows, n: int) -> list[V | None]:
    """Return the values of some of `n` members, by their `rows`, as of all of them: None of the others."""
    spread: list[V | None] = [None] * n
    for row, value in zip(rows.tolist(), values, strict=True):
        spread[row] = value
    return spread
