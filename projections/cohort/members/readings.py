"""The readings of a cohort's members by a method: those that stand for them, and those of every reader."""

from __future__ import annotations

from projections.cohort.members.cohort import Cohort
from projections.cohort.members.reader_selection import (
    AvailableReadings,
    SelectedReadings,
    available_readings,
    selected_readings,
)


def readings_of(cohort: Cohort, method: str) -> SelectedReadings:
    """Return the readings by a method that stand for the members, by the definition's rule for readers.

    Raises `CohortError` where the definition does not say which of several readers or sessions counts,
    `UnknownCodeError` for a reader who read nothing by the method while others did.
    """
    return cohort.once(
        ("readings", method),
        lambda: selected_readings(readings_of_every_reader(cohort, method), cohort.definition.imaging),
    )


def readings_of_every_reader(cohort: Cohort, method: str) -> AvailableReadings:
    """Return the readings by a method of every reader, whatever the rule, of the definition's session.

    Raises `CohortError` where a reader read a study in several sessions and the definition names none.
    """
    return cohort.once(
        ("readings of every reader", method),
        lambda: available_readings(cohort.facts.readings, method, cohort.definition, cohort.admitted),
    )
