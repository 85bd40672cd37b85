"""The readings of a cohort's members by a method: those that stand for them, and those of every reader."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from projections.cohort.members.cohort import Cohort
from projections.cohort.members.reader_selection import (
    AvailableReadings,
    CohortError,
    SelectedReadings,
    available_readings,
    selected_readings,
)
from registry.errors import UnknownCodeError

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
    """Return the methods by which a member was read, at any time and by whomever; of a group, one of the whole."""
    return cohort.whole.once("read methods", lambda: _read_methods(cohort.whole))


def _read_methods(cohort: Cohort) -> frozenset[str]:
    readings, members = cohort.facts.readings, cohort.admitted
    return frozenset(
        grading.method.code
        for grading in readings.gradings
        if len(members.rows_of(readings.words["patient"].take(grading.rows))[0])
    )


def readings_of(cohort: Cohort, method: str) -> SelectedReadings:
    """Return the readings by a method that stand for the members, by the definition's rule for readers.

    Raises `CohortError` where the definition does not say which of several readers or sessions counts, or takes final
    scores, which are of no reader; `UnknownCodeError` for a reader who read nothing by the method while others did.
    """
    if finals_of(cohort, method):
        raise CohortError(
            f"imaging.rule: 'final' gives scores, and nothing of single locations by {method}; "
            "leave out the tables that count locations, or name a reader of the campaign as imaging.reader"
        )
    return cohort.by_member(
        ("readings", method),
        lambda whole: selected_readings(readings_of_every_reader(whole, method), whole.definition.imaging),
    )


def finals_of(cohort: Cohort, method: str) -> bool:
    """Return whether final scores of a campaign stand for a method's readings.

    Raises `UnknownCodeError` for a campaign that was not started by the point in time.
    """
    name = cohort.definition.imaging.campaign
    if name is None:
        return False
    campaigns = cohort.facts.campaigns
    if name not in campaigns:
        raise UnknownCodeError("imaging.campaign", name, campaigns, what="campaign")
    return campaigns[name].begun.campaign.method == method


def timed_readings(cohort: Cohort, method: str) -> SelectedReadings:
    """Return the readings that stand for the members, and of a campaign those of everybody. Raises as `readings_of`."""
    if not finals_of(cohort, method):
        return readings_of(cohort, method)
    available = readings_of_every_reader(cohort, method)
    return SelectedReadings(available.grading, {name: available.by(code) for name, code in available.codes().items()})


def readings_of_every_reader(cohort: Cohort, method: str, *, session: str | None = None) -> AvailableReadings:
    """Return the readings by a method of every reader, whatever the rule, of the definition's session or another one.

    Raises `CohortError` where a reader read a study in several sessions and the definition names none.
    """
    definition = cohort.definition
    if session is not None:
        definition = definition._replace(imaging=definition.imaging._replace(session=session))
    return cohort.once(
        ("readings of every reader", method, session),
        lambda: available_readings(cohort.facts.readings, method, definition, cohort.admitted),
    )
