"""Invented domains of ASAS20 before and after a treatment, and values that are missing completely at random.

A third of the patients do not respond. Bases are uniform; what a domain loses is a share of its base, in part the
patient's and in part the domain's own. Every value, before and after, is missing with one and the same probability, so
that nothing about a patient says which. The generator is NumPy's `RandomState`, whose numbers are promised to stay.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

SEEDS: Final = range(400)
PATIENTS: Final = 500  # a seed
N_DOMAINS: Final = 4

MEAN_GAIN: Final = 0.461  # of the base; so that two thirds meet ASAS20
PATIENTS_OWN: Final = 0.3  # standard deviations
DOMAINS_OWN: Final = 0.3


class Domains(NamedTuple):
    """Seeds × patients × domains: whole numbers from 0 to 100, more is worse, and a draw from 0 to 1 for each value."""

    before: NDArray[np.int64]
    after: NDArray[np.int64]
    before_draw: NDArray[np.float64]
    after_draw: NDArray[np.float64]

    def known(self, percent_missing: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Return which values before and after are there; who misses one at 5% misses it at 10%, too."""
        return 100 * self.before_draw >= percent_missing, 100 * self.after_draw >= percent_missing


def simulated_domains() -> Domains:
    """Return the domains of the patients of all seeds."""
    return Domains(*(np.stack(column) for column in zip(*map(_of_seed, SEEDS))))


def _of_seed(seed: int) -> Domains:
    random = np.random.RandomState(seed)
    shape = (PATIENTS, N_DOMAINS)
    before = random.randint(30, 91, shape).astype(np.int64)
    own = PATIENTS_OWN * random.standard_normal((PATIENTS, 1)) + DOMAINS_OWN * random.standard_normal(shape)
    after = np.clip(np.rint(before * (1 - MEAN_GAIN - own)), 0, 100).astype(np.int64)
    return Domains(before, after, random.random_sample(shape), random.random_sample(shape))
