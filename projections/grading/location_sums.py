"""Sums over locations for many columns at once: what belongs to the same columns is added up only once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, Self

import numpy as np
import numpy.typing as npt


class LocationSums(NamedTuple):
    """How the numbers of locations become sums: in some `order`, runs that begin at `starts`, then columns `of` runs.

    A run is of locations that belong to the same columns.
    """

    order: npt.NDArray[np.intp]
    starts: npt.NDArray[np.intp]
    of: tuple[npt.NDArray[np.intp], ...]

    @classmethod
    def of_columns(cls, over: Sequence[npt.NDArray[np.bool_]]) -> Self:
        """Return the sums of columns, each given by whether it is over each location."""
        belonging = np.array(over)
        _, first, run_of = np.unique(belonging, axis=1, return_index=True, return_inverse=True)
        begun = np.sort(first)  # runs as they stand, so that locations seldom have to be put into another order
        run_of = np.searchsorted(begun, first)[run_of.reshape(-1)]
        order = np.argsort(run_of, kind="stable")
        starts = np.searchsorted(run_of[order], np.arange(len(begun)))
        return cls(order, starts, tuple(map(np.flatnonzero, belonging[:, begun])))

    def sums(self, numbers: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
        """Return the sums of whole numbers, locations × readings; readings × columns."""
        in_order = numbers if (self.order[1:] > self.order[:-1]).all() else numbers[self.order]
        by_run = np.add.reduceat(in_order, self.starts, axis=0, dtype=np.int32)
        sums = np.empty((numbers.shape[1], len(self.of)), dtype=np.int64)
        for column, runs in enumerate(self.of):
            sums[:, column] = by_run[runs].sum(axis=0, dtype=np.int64)
        return sums
