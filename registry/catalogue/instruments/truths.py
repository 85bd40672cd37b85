"""Columns of answers that may be open: yes, no, or cannot be said.

Each row holds whether the answer is yes however the missing values turn out, and whether it is yes for at least
one way in which they might. The two agree where the answer is known. An open answer is never a no.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

INDETERMINATE: Final = -1


@dataclass(frozen=True, eq=False)
class Truths:
    """One three-valued answer a row: `certain` implies `possible`; between the two it cannot be said.

    >>> sick, old = Truths.of([True, None, None]), Truths.of([None, None, False])
    >>> (sick & old).answers(), (sick | old).answers(), (~sick).answers()
    ([None, None, False], [True, None, None], [False, None, None])
    """

    certain: NDArray[np.bool_]
    possible: NDArray[np.bool_]

    @classmethod
    def of(cls, answers: Iterable[bool | None]) -> Truths:
        """Return a column from answers, None where it cannot be said."""
        listed = list(answers)
        return cls(np.array([a is True for a in listed], bool), np.array([a is not False for a in listed], bool))

    @classmethod
    def where(cls, answer: NDArray[np.bool_], *, known: NDArray[np.bool_]) -> Truths:
        """Return the answers of the rows where they are known."""
        return cls(answer & known, answer | ~known)

    @classmethod
    def of_codes(cls, codes: NDArray[np.int8]) -> Truths:
        """Return a column, or a matrix, from 1 for yes, 0 for no, -1 where it cannot be said.

        >>> Truths.of_codes(np.array([1, 0, -1], np.int8)).answers()
        [True, False, None]
        """
        return cls(codes == 1, codes != 0)

    @property
    def known(self) -> NDArray[np.bool_]:
        """Where the answer can be said."""
        return ~(self.certain ^ self.possible)

    def __len__(self) -> int:
        return len(self.certain)

    def __and__(self, other: Truths) -> Truths:
        return Truths(self.certain & other.certain, self.possible & other.possible)

    def __or__(self, other: Truths) -> Truths:
        return Truths(self.certain | other.certain, self.possible | other.possible)

    def __invert__(self) -> Truths:
        return Truths(~self.possible, ~self.certain)

    def codes(self) -> NDArray[np.int8]:
        """Return 1 for yes, 0 for no, -1 where it cannot be said."""
        return np.where(self.known, self.certain, INDETERMINATE).astype(np.int8)

    def answers(self) -> list[bool | None]:
        """Return True, False, or None where it cannot be said."""
        return [None if code == INDETERMINATE else code == 1 for code in self.codes().tolist()]


def how_many(answers: Iterable[Truths]) -> NDArray[np.int64]:
    """Return how many of the answers are yes for certain."""
    count: NDArray[np.int64] = np.array([answer.certain for answer in answers]).sum(axis=0, dtype=np.int64)
    return count


def at_least(required: int, answers: Iterable[Truths]) -> Truths:
    """Return whether so many of the answers are yes."""
    listed = list(answers)
    return Truths(
        certain=how_many(listed) >= required, possible=len(listed) - how_many(~answer for answer in listed) >= required
    )
