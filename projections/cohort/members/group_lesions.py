"""Which states of lesions each member has at the only time point of a cohort, at one location at least."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from projections.cohort.members.cohort import Cohort
from projections.cohort.members.readings import readings_of
from projections.grading.states import states_of


class LesionStates(NamedTuple):
    """The states that some reader saw in a member, and whether all readers could assess every location."""

    seen: tuple[str, ...]
    complete: bool

    def has(self, state: str) -> bool | None:
        """Return whether the member has a state; None where it was not seen and some location leaves doubt."""
        return True if state in self.seen else False if self.complete else None


def lesion_states(cohort: Cohort, method: str) -> list[LesionStates | None]:
    """Return the states of the members by a method, None of whom not every reader read. Raises as `readings_of`."""
    readings = readings_of(cohort, method)
    said = states_of((readings.grading.method,))
    words, codes = said.state.words.to_pylist(), said.state_codes(readings.grading)
    rows = [by_reader[:, 0] for by_reader in readings.places.values()]
    found: list[LesionStates | None] = [None] * cohort.n
    for member in readings.read_by_all(0).tolist():
        own = np.unique(np.concatenate([codes[row[member]] for row in rows]))
        seen = tuple(words[code] for code in own.tolist() if code >= 0)
        found[member] = LesionStates(seen, bool((own >= 0).all()))
    return found
