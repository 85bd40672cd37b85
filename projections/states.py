"""What the grades of a location say together, as words with numbers."""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np

from projections.coded import Codes, coded_words
from projections.grades import Grading, meanings
from registry.catalogue.method import Method
from registry.catalogue.methods import methods

STATES: Final = coded_words(state.name for method in methods().values() for state in method.states.values())


def state_codes(found: Grading) -> Codes:
    """Return the state of each location as a code into `STATES`, -1 where it cannot be said; readings × locations."""
    return _state_codes(found.method)[found.combinations()]


@cache
def _state_codes(method: Method) -> Codes:
    return np.array(meanings(method, lambda grades: STATES[0][method.states[grades].name]), dtype=np.int32)
