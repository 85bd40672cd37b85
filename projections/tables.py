"""The tables that go out, in contract order: what was stated, and what follows from it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from projections.campaigns import agreement, assignments, final_scores
from projections.columns.arrow import ArrowTable
from projections.derived import (
    flares,
    lesion_courses,
    lesion_episodes,
    lesion_states,
    measures,
    reading_criteria,
    responses,
    scores,
)
from projections.followed import completeness, expected_visits
from projections.stated import (
    adverse_events,
    conditions,
    events,
    findings,
    follow_ups,
    imaging,
    patients,
    readings,
    treatments,
    visits,
)
from registry.errors import UnknownCodeError

if TYPE_CHECKING:
    from projections.columns.tables import Table
    from projections.point_in_time import Facts

_MADE: Final[dict[Table, Callable[[Facts], ArrowTable]]] = {
    patients.PATIENTS: patients.table,
    follow_ups.FOLLOW_UPS: follow_ups.table,
    visits.VISITS: visits.table,
    measures.MEASURES_TABLE: measures.table,
    treatments.TREATMENTS: treatments.table,
    flares.FLARES: flares.table,
    adverse_events.ADVERSE_EVENTS: adverse_events.table,
    conditions.CONDITIONS: conditions.table,
    imaging.IMAGING: imaging.table,
    assignments.ASSIGNMENTS: assignments.table,
    readings.READINGS: readings.table,
    findings.FINDINGS: findings.table,
    lesion_states.LESION_STATES: lesion_states.table,
    lesion_courses.LESION_COURSES: lesion_courses.table,
    lesion_episodes.LESION_EPISODES: lesion_episodes.table,
    scores.SCORES: scores.table,
    final_scores.FINAL_SCORES: final_scores.table,
    agreement.AGREEMENT: agreement.table,
    reading_criteria.READING_CRITERIA: reading_criteria.table,
    responses.RESPONSES: responses.table,
    expected_visits.EXPECTED_VISITS: expected_visits.table,
    completeness.COMPLETENESS: completeness.table,
    events.EVENTS: events.table,
}
TABLES: Final[dict[str, Table]] = {table.name: table for table in _MADE}


def project(name: str, facts: Facts) -> ArrowTable:
    """Return a table at a point in time as an Arrow table, by its name.

    Raises `UnknownCodeError` for a name that no table has.
    """
    if name not in TABLES:
        raise UnknownCodeError("table", name, TABLES)
    return _MADE[TABLES[name]](facts)
