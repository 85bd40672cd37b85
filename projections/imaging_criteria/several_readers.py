"""What a criterion says where several readers read the same: by the mean of their numbers, or where all say the same.

A limit of a score, or of its change, is held against the mean of the readers, as of two who found 2 and 3. Of what is
counted or judged place by place there is no mean: the answer is open where the readers do not agree.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import add

import numpy as np

from projections.imaging_criteria.judged import Judged, limit_of
from registry.catalogue.imaging_criteria.requirements import Changed, Requirement, ScoreIs
from registry.catalogue.instruments.truths import Truths


def by_all_readers(requires: Requirement, said: Sequence[Judged]) -> Judged:
    """Return one answer for each row, from one reader's answers or several readers', all about the same studies.

    Where nothing can be said of a number, as of a change over another time, nothing can be said of the mean.
    """
    if len(said) == 1:
        return said[0]
    value = reduce(add, (each.value for each in said)) / len(said)
    agreed = Truths(
        np.all([each.met.certain for each in said], axis=0), np.any([each.met.possible for each in said], axis=0)
    )
    n_imputed = reduce(add, (each.n_imputed for each in said))
    if not isinstance(requires, ScoreIs | Changed):
        return Judged(agreed, value, n_imputed)
    of_mean = limit_of(requires)(value)
    by_mean = value.known & np.all([each.met.known for each in said], axis=0)
    met = Truths(
        np.where(by_mean, of_mean.certain, agreed.certain), np.where(by_mean, of_mean.possible, agreed.possible)
    )
    return Judged(met, value, n_imputed)
