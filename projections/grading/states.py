"""What the grades of a location say together, as words with numbers.

Very many combinations of grades say few things: a state and how active it is. What is said is a small number, and
everything about it is a look-up in a table. The numbers count through the methods by which readings are, in their
order: so whoever has readings has the methods, and these the tables, which are made once for a list of methods,
whatever the registry and the point in time.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from projections.columns.coded import Coded, Codes, coded_words
from projections.columns.lookups import looked_up
from projections.grading.grades import METHODS_REMEMBERED, NOT_ASSESSED, Grading, Methods, combinations
from registry.catalogue.imaging.method import Method, State

UNKNOWN: State = State(None, None)


class LocationStates(NamedTuple):
    """What locations can say by some methods: the state as a word, and the activity, -1 where it cannot be said.

    `said` has, by the code of a method, which of these each combination of grades says.
    """

    said: Mapping[str, npt.NDArray[np.unsignedinteger[Any]]]
    state: Coded
    activity: npt.NDArray[np.int16]

    def cells(self, grading: Grading) -> npt.NDArray[np.unsignedinteger[Any]]:
        """Return what each location of readings by one of the methods says; readings × locations."""
        return looked_up(self.said[grading.method.code], grading.combinations())

    def state_codes(self, grading: Grading) -> Codes:
        """Return the state of each location as a code into the words of `state`, -1 where it cannot be said."""
        return looked_up(self.state.codes, self.cells(grading))


@lru_cache(METHODS_REMEMBERED)
def states_of(methods: Methods) -> LocationStates:
    """Return what locations can say by some methods, and which combinations of grades say it."""
    occurring = dict.fromkeys([UNKNOWN, *(state for method in methods for state in method.states.values())])
    number_of = {state: number for number, state in enumerate(occurring)}
    code_of, words = coded_words(state.name for state in occurring)
    number_type = np.min_scalar_type(len(occurring))
    return LocationStates(
        {method.code: np.array(_said(method, number_of), dtype=number_type) for method in methods},
        Coded(np.array([code_of[state.name] for state in occurring], dtype=np.int32), words),
        np.array([NOT_ASSESSED if each.activity is None else each.activity for each in occurring], dtype=np.int16),
    )


def _said(method: Method, number_of: Mapping[State, int]) -> list[int]:
    """Return the number of what each combination of grades says; a combination that cannot be recorded says nothing."""
    return [number_of[method.states.get(cell, UNKNOWN)] for cell in combinations(method)]
