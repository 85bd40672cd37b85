"""What the grades of a location say together, as words with numbers.

The method and the grades of a location are one number, its cell; everything about them is a look-up in a table. Cells
count through the methods by which readings are, in their order: so whoever has readings has the methods, and these the
tables, which are made once for a list of methods, whatever the registry and the point in time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from itertools import accumulate
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from projections.columns.coded import Coded, Codes, coded_words
from projections.columns.lookups import looked_up
from projections.grading.grades import METHODS_REMEMBERED, Grading, Methods, combinations, meanings
from registry.catalogue.imaging.method import Method, State


class LocationStates(NamedTuple):
    """What each cell of some methods says: the state as a word, and the activity, -1 where it cannot be said.

    `first` is the first cell of each method, by its code.
    """

    first: Mapping[str, int]
    state: Coded
    activity: npt.NDArray[np.int16]

    def cells(self, grading: Grading) -> npt.NDArray[np.unsignedinteger[Any]]:
        """Return the cell of each location of readings by one of the methods; readings × locations."""
        numbers = grading.combinations().astype(np.min_scalar_type(len(self.activity)), copy=False)
        numbers += numbers.dtype.type(self.first[grading.method.code])
        return numbers

    def state_codes(self, grading: Grading) -> Codes:
        """Return the state of each location as a code into the words of `state`, -1 where it cannot be said."""
        return looked_up(self.state.codes, self.cells(grading))


@lru_cache(METHODS_REMEMBERED)
def states_of(methods: Methods) -> LocationStates:
    """Return what the cells of some methods say, method after method."""
    code_of, words = coded_words(state.name for method in methods for state in method.states.values())
    sizes = (len(combinations(method)) for method in methods)
    return LocationStates(
        dict(zip((method.code for method in methods), accumulate(sizes, initial=0))),
        Coded(np.array(_by_cell(methods, lambda state: code_of[state.name]), dtype=np.int32), words),
        np.array(_by_cell(methods, lambda state: state.activity), dtype=np.int16),
    )


def _by_cell(methods: Methods, said: Callable[[State], int | None]) -> list[int]:
    """Return what is said of each cell, method after method; -1 where nothing can be."""
    return [code for method in methods for code in _of_method(method, said)]


def _of_method(method: Method, said: Callable[[State], int | None]) -> list[int]:
    return meanings(method, lambda cell: said(method.states[cell]))
