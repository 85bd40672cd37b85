"""A simulated cohort: its size, and all its parts."""

from __future__ import annotations

from datetime import date
from typing import Final, NamedTuple

from registry.errors import RangeError
from registry.simulation.clinical_events import adverse_events, flares
from registry.simulation.conditions import conditions
from registry.simulation.drawing import Draw
from registry.simulation.drugs import drugs
from registry.simulation.imaging import lesions, readings, studies
from registry.simulation.people import people
from registry.simulation.reporting_delay import Reported
from registry.simulation.visiting import visits

LAST_DAY: Final = (date(2023, 12, 31) - date(1970, 1, 1)).days  # of every cohort: nothing of it may lie in the future
LIMITS: Final = {"patients": (1, 1_000_000), "years": (1, 40), "seed": (0, 2**63 - 1)}


class CohortSize(NamedTuple):
    """How many patients, over how many years, and which of all cohorts of that size."""

    patients: int
    years: int
    seed: int = 1


class SimulatedCohort(NamedTuple):
    """All facts of all patients, each part as the registry learns of it."""

    size: CohortSize
    parts: tuple[Reported, ...]

    @property
    def n_events(self) -> int:
        """The number of events that the cohort has in a log."""
        return sum(len(part.fact) for part in self.parts)


def simulated(size: CohortSize) -> SimulatedCohort:
    """Return the cohort of a size and a seed. Raises `RangeError` for a size that no cohort has."""
    for name, (low, high) in LIMITS.items():
        if not low <= getattr(size, name) <= high:
            raise RangeError(name, str(getattr(size, name)), f"{low:,} to {high:,}")
    draws = [Draw(size.seed, part) for part in range(7)]
    enrolled = people(draws[0], size.patients, first_day=LAST_DAY - 365 * size.years, last_day=LAST_DAY)
    given = drugs(draws[1], enrolled, last_day=LAST_DAY)
    examined = studies(draws[5], enrolled, last_day=LAST_DAY)
    return SimulatedCohort(
        size,
        (
            enrolled.reported,
            visits(draws[2], enrolled, given, last_day=LAST_DAY),
            given.reported,
            flares(draws[3], enrolled, last_day=LAST_DAY),
            adverse_events(draws[4], enrolled, given, last_day=LAST_DAY),
            examined.reported,
            *readings(Draw(size.seed, 7), examined, last_day=LAST_DAY),
            lesions(draws[6], examined, last_day=LAST_DAY),
            conditions(Draw(size.seed, 8), enrolled, last_day=LAST_DAY),
        ),
    )
