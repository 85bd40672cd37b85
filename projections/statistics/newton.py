"""The greatest value of a concave likelihood by Newton's method, and whether there is one at all.

A step that does not climb is halved. Where the likelihood grows for ever in some direction, as where a covariate
separates who has the event from who has not (Albert A, Anderson JA. Biometrika 1984;71:1–10) or as of Cox's monotone
likelihood (Bryson MC, Johnson ME. Technometrics 1981;23:381–3), it soon gains next to nothing while steps stay as long:
that tells it from a maximum, near which every step is shorter than the square of the one before.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np

from projections.statistics.ordering import Floats
from projections.statistics.results import NOT_CONVERGED, SEPARATED

STEPS: Final = 60
HALVINGS: Final = 30
REACHED: Final = 1e-12  # the gain that a step still promises, twice
FLAT: Final = 1e-6
AS_LONG: Final = 0.5  # of the step before: a step is no shorter
STEADY: Final = 3  # such steps in a row
OWN: Final = 0.1  # of the longest step of any covariate: a covariate that goes on, too
DEPENDENT_BELOW: Final = 1e-9  # of a column's own information: what others leave of it


class Slope(NamedTuple):
    """A likelihood's logarithm at some coefficients, its gradient, and minus its second derivatives."""

    value: float
    score: Floats
    information: Floats

    def plus(self, other: Slope) -> Slope:
        """Return the likelihood of both, as of two strata."""
        if not (np.isfinite(self.value) and np.isfinite(other.value)):
            return beyond(len(self.score))
        return Slope(self.value + other.value, self.score + other.score, self.information + other.information)


def beyond(n: int) -> Slope:
    """Return what a likelihood of n coefficients answers where doubles do not hold it: no step leads there."""
    return Slope(-np.inf, np.zeros(n), np.eye(n))


class Peak(NamedTuple):
    """Where the search ended, after how many steps; `columns` are those for which the likelihood grows for ever."""

    at: Floats
    slope: Slope
    steps: int
    reason: str | None = None
    columns: tuple[int, ...] = ()

    @property
    def convergence(self) -> str:
        """How the search ended, in words."""
        return ended_after(self.steps, converged=not self.reason)


def ended_after(steps: int, *, converged: bool) -> str:
    """Return how a search ended, in words.

    >>> ended_after(1, converged=True), ended_after(2, converged=False)
    ('converged after 1 step', 'not converged after 2 steps')
    """
    return f"{'' if converged else 'not '}converged after {steps} {'step' if steps == 1 else 'steps'}"


def peak(likelihood: Callable[[Floats], Slope], start: Floats) -> Peak:
    """Return the maximum that is reached from a start; covariates have a range of 1, so that steps compare."""
    at, slope, steady = start, likelihood(start), 0
    sizes = np.zeros(len(start))
    for steps in range(1, STEPS + 1):
        step = newton_step(slope.information, slope.score)
        gain = -1.0 if step is None else float(slope.score @ step)
        if step is None or gain < 0:
            return Peak(at, slope, steps, NOT_CONVERGED)
        at, slope = _climbed(likelihood, at, slope, step)
        if gain < REACHED:
            return Peak(at, slope, steps)
        longest, sizes = sizes.max(), np.abs(step)
        steady = steady + 1 if sizes.max() > AS_LONG * longest else 0
        if gain < FLAT and steady >= STEADY:
            break
    if steady < STEADY:
        return Peak(at, slope, STEPS, NOT_CONVERGED)
    return Peak(at, slope, steps, SEPARATED, tuple(np.flatnonzero(sizes > OWN * sizes.max()).tolist()))


def dependent_columns(information: Floats) -> tuple[int, ...]:
    """Return the columns of which the information has nothing that the columns before them do not have."""
    left, found = information.copy(), []
    own = np.diag(information)
    for column in range(len(own)):
        pivot = left[column, column]
        if pivot <= DEPENDENT_BELOW * own[column]:
            found.append(column)
            left[column, :] = left[:, column] = 0.0
        else:
            left -= np.outer(left[:, column], left[column, :]) / pivot
    return tuple(found)


def newton_step(information: Floats, score: Floats) -> Floats | None:
    """Return the step that the information promises to bring the score to 0, None where it promises none."""
    try:
        step: Floats = np.asarray(np.linalg.solve(information, score), dtype=np.float64)
    except np.linalg.LinAlgError:
        return None
    return step if np.isfinite(step).all() else None


def _climbed(likelihood: Callable[[Floats], Slope], at: Floats, slope: Slope, step: Floats) -> tuple[Floats, Slope]:
    """Where the step leads, halved until it climbs; where it is when only the last digits differ."""
    for halved in range(HALVINGS):
        there = at + step / 2**halved
        reached = likelihood(there)
        if reached.value >= slope.value - 1e-13 * abs(slope.value):
            return there, reached
    return at, slope
