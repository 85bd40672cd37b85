"""The readings of a cohort's members by a method: those that stand for them, and those of every reader."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from projections.cohort.members.cohort import Cohort
from projections.cohort.members.day_zero import member_rows
from projections.cohort.members.reader_selection import (
    AvailableReadings,
    SelectedReadings,
    available_readings,
    selected_readings,
)
from projections.cohort.members.visit_windows import NONE

SHOWN_UNREAD: Final = frozenset(("asspimri", "berlin", "vu-lesions"))  # as they were before there were others


def shown_methods(cohort: Cohort, asked: Sequence[str], otherwise: Sequence[str]) -> list[str]:
    """Return the methods that a table is about: those asked for, by default those of `otherwise` that there are.

    There is a method by which a member was read, at any time and by whomever; the first three are told of in any case.
    """
    if asked:
        return list(asked)
    read = read_methods(cohort)
    return [code for code in otherwise if code in read or code in SHOWN_UNREAD]


def read_methods(cohort: Cohort) -> frozenset[str]:
    """Return the methods by which a member was read, at any time and by whomever."""
    readings, members = cohort.facts.readings, cohort.admitted.patients
    return frozenset(
        grading.method.code
        for grading in readings.gradings
        if (member_rows(readings.words["patient"].take(grading.rows), members) != NONE).any()
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
