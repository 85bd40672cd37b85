"""Which readings of a study make its final score, and why there is none: the rules of a campaign, over whole columns.

A final score is the mean, exactly, of the readings that a rule takes:

mean                 all readings of the case, the adjudicator's too where one was asked
mean-of-two-closest  the two readings that lie closest to each other; of three at equal distances all three, whose mean
                     is the middle one; of more than three all readings of the pairs that are equally close
majority-2-of-3      those that say the same, where they are more than half: two of three, two of two
adjudicator          the adjudicator's where there is one, else all of the readers
consensus            that on which readers agreed where they differed, else all of the readers

That equal distances take all three is this registry's rule: no publication in reach says what it did with them. It is
the one answer that prefers neither the lower nor the higher pair, and mean and median of the three are the same then.

A case in which readers differ by more than the campaign allows has no final score before it is adjudicated.
"""

from __future__ import annotations

from itertools import combinations
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from projections.campaigns.exact_values import ExactValues, Integers, Scaled
from projections.columns.coded import Truth

MEAN: Final = "mean"
TWO_CLOSEST: Final = "mean-of-two-closest"
MAJORITY: Final = "majority-2-of-3"
ADJUDICATOR: Final = "adjudicator"
CONSENSUS: Final = "consensus"
RULES: Final = (MEAN, TWO_CLOSEST, MAJORITY, ADJUDICATOR, CONSENSUS)

NOBODY_READ: Final = "nobody-read"
READER_MISSING: Final = "reader-missing"
NOT_ADJUDICATED: Final = "not-adjudicated"
NOT_COMPLETE: Final = "not-complete"
NO_MAJORITY: Final = "no-majority"
REASONS: Final = (NOBODY_READ, READER_MISSING, NOT_ADJUDICATED, NOT_COMPLETE, NO_MAJORITY)  # the first that holds


class Votes(NamedTuple):
    """What was read of studies by one score; tables are studies × readers, the adjudicator last where there is one.

    `due` says who is to read each study, `read` who did; of what was read a value is known or not. `differs` says of
    which studies the case is to be adjudicated.
    """

    values: ExactValues
    due: Truth
    read: Truth
    differs: Truth
    has_adjudicator: bool

    @property
    def adjudicated(self) -> Truth:
        """Which studies the adjudicator read."""
        return self.read[:, -1] if self.has_adjudicator else np.zeros(len(self.read), dtype=np.bool_)

    @property
    def by_readers(self) -> Truth:
        """Which readings are of readers, none of the adjudicator."""
        own = self.read.copy()
        own[:, -1] &= not self.has_adjudicator
        return own

    @property
    def late(self) -> Truth:
        """Of which studies a reader who is to read them did not."""
        missing = self.due & ~self.read
        return np.asarray((missing[:, :-1] if self.has_adjudicator else missing).any(axis=1))


class FinalValues(NamedTuple):
    """Final scores of studies, the readings that make each (`used`, studies × readers), and why there is none.

    `reasons` are numbers of `REASONS`, -1 where there is a value.
    """

    values: ExactValues
    used: Truth
    reasons: npt.NDArray[np.int8]


def final_values(votes: Votes, rule: str) -> FinalValues:
    """Return the final scores by one of the `RULES`."""
    scaled = votes.values.alike()
    taken = _taken(votes, scaled, rule)
    reasons = _reasons(votes, taken, rule)
    used = taken & (reasons < 0)[:, None]
    return FinalValues(scaled.means(used), used, reasons)


def _taken(votes: Votes, scaled: Scaled, rule: str) -> Truth:
    """Return which readings a rule takes where nothing is missing."""
    if rule == TWO_CLOSEST:
        return closest(scaled, votes.read)
    if rule == MAJORITY:
        return of_majority(scaled, votes.read)
    if rule == MEAN:
        return votes.read
    last = np.zeros_like(votes.read)
    last[:, -1] = votes.adjudicated
    return np.asarray(np.where(votes.adjudicated[:, None], last, votes.by_readers))


def closest(scaled: Scaled, read: Truth) -> Truth:
    """Return the two readings of each study that lie closest; of pairs that are equally close all, of one that one."""
    n_readers = read.shape[1]
    pairs = list(combinations(range(n_readers), 2))
    taken: Truth = read & (read.sum(axis=1) == 1)[:, None]
    if not pairs:
        return taken
    first, second = np.array(pairs).T
    both = read[:, first] & read[:, second]
    distances: Integers = np.abs(scaled.values[:, first] - scaled.values[:, second])
    farthest = distances.max(axis=1, initial=0)[:, None] + 1
    least: Integers = np.where(both, distances, farthest).min(axis=1)[:, None]
    chosen: Truth = both & (distances == least).astype(np.bool_)
    for place in range(n_readers):
        taken[:, place] |= chosen[:, (first == place) | (second == place)].any(axis=1)
    return taken


def of_majority(scaled: Scaled, read: Truth) -> Truth:
    """Return the readings of each study that say what more than half of its readings say; none where none does."""
    voted = read & scaled.known
    same: Truth = (scaled.values[:, :, None] == scaled.values[:, None, :]).astype(np.bool_)
    agreeing = (same & voted[:, :, None] & voted[:, None, :]).sum(axis=2)
    return np.asarray(2 * agreeing > read.sum(axis=1)[:, None])


def _reasons(votes: Votes, taken: Truth, rule: str) -> npt.NDArray[np.int8]:
    asked = votes.read if rule == TWO_CLOSEST else taken
    unknown = (votes.read if rule == MAJORITY else asked) & ~votes.values.known
    undecided = ~taken.any(axis=1)
    is_majority = rule == MAJORITY
    held = (
        ~votes.read.any(axis=1),
        votes.late,
        votes.differs & ~votes.adjudicated,
        unknown.any(axis=1) & (undecided | (not is_majority)),
        undecided,
    )
    return np.where(np.any(held, axis=0), np.argmax(held, axis=0), -1).astype(np.int8)
