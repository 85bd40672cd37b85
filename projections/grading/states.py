"""What the grades of a location say together, as words with numbers.

The method and the grades of a location are one number, its cell; everything about them is a look-up in a table.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import accumulate
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from projections.columns.coded import Coded, Codes, coded_words
from projections.columns.lookups import looked_up
from projections.grading.grades import Grading, combinations, meanings
from registry.catalogue.method import Method, State
from registry.catalogue.methods import methods

STATES: Final = coded_words(state.name for method in methods().values() for state in method.states.values())


def cells(grading: Grading) -> npt.NDArray[np.unsignedinteger[Any]]:
    """Return the cell of each location; readings × locations."""
    numbers = grading.combinations().astype(np.min_scalar_type(len(ACTIVITY)), copy=False)
    numbers += numbers.dtype.type(FIRST[grading.method.code])
    return numbers


def state_codes(grading: Grading) -> Codes:
    """Return the state of each location as a code into `STATES`, -1 where it cannot be said; readings × locations."""
    return looked_up(STATE.codes, cells(grading))


def _by_cell(said: Callable[[State], int | None]) -> list[int]:
    """Return what is said of each cell, method after method; -1 where nothing can be."""
    return [code for method in methods().values() for code in _of_method(method, said)]


def _of_method(method: Method, said: Callable[[State], int | None]) -> list[int]:
    return meanings(method, lambda grades: said(method.states[grades]))


STATE: Final = Coded(np.array(_by_cell(lambda state: STATES[0][state.name]), dtype=np.int32), STATES[1])
ACTIVITY: Final = np.array(_by_cell(lambda state: state.activity), dtype=np.int16)
SIZES: Final = (len(combinations(method)) for method in methods().values())
FIRST: Final = dict(zip(methods(), accumulate(SIZES, initial=0)))  # the first cell of each method
