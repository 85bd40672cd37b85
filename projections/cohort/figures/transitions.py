"""What became of each location: how many locations of each state had each state at the later time point.

Rows are named `active-erosion → none`; `not-assessable` is a row of its own, so that the rows add up to all locations
of the patients read at both time points. Percentages are of the locations that had the earlier state.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np

from projections.cohort.definition.table_keys import Pairs
from projections.cohort.figures.address import ARROW
from projections.cohort.figures.comparing import between, counted_share, left_out
from projections.cohort.figures.figures import Figure
from projections.cohort.members.cohort import Cohort
from projections.cohort.members.readings import readings_of
from projections.cohort.members.visit_windows import NONE
from projections.columns.coded import Codes
from projections.grading.states import states_of

NOT_ASSESSABLE = "not-assessable"


def transitions(cohort: Cohort, method: str, compare: Pairs) -> Iterator[Figure]:
    """Yield each transition of each comparison, for every reader that counts: of several the sum over them."""
    readings = readings_of(cohort, method)
    said = states_of((readings.grading.method,))
    words = [*said.state.words.to_pylist(), NOT_ASSESSABLE]
    states = said.state_codes(readings.grading)
    named = dict.fromkeys(state.name for state in readings.grading.method.states.values() if state.name)
    names = [*named, NOT_ASSESSABLE]
    for pair in compare:
        counts: Counter[tuple[str, str]] = Counter()
        n_pairs = 0
        for rows in readings.places.values():
            before, after = (rows[:, cohort.definition.place(name)] for name in pair)
            both = (before != NONE) & (after != NONE)
            n_pairs = max(n_pairs, int(both.sum()))
            counts.update(_counted(states[before[both]], states[after[both]], words))
        note = left_out(cohort.n - n_pairs, cohort.n, "not read at both time points")
        for one in names:
            total = sum(counts[one, two] for two in names)
            for two in names:
                at = (f"{one}{ARROW}{two}", between(pair), "n")
                shown = f"locations {one} at {pair[0]}, of {note}"
                yield counted_share(at, counts[one, two], total, cohort.options, note=shown)


def _counted(before: Codes, after: Codes, words: list[str]) -> Counter[tuple[str, str]]:
    """Return how many locations had one state and then another; a state is its place among the words, the last -1."""
    of = len(words)
    n = np.bincount((before.ravel() % of).astype(np.int64) * of + after.ravel() % of, minlength=of * of)
    return Counter({(words[pair // of], words[pair % of]): int(n[pair]) for pair in np.flatnonzero(n)})
