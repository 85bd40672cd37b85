"""The read side of spondyl: pure functions of the log at a point in time.

    facts = facts_at(registry, as_of="2004-12-31", known_at="paper-2013")
    lesion_courses(facts)             # a pandas frame
    project("lesion_courses", facts)  # the same as an Arrow table

Everything is imported when it is first asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from projections.checks.implausible import implausible_values
    from projections.checks.plausibility import contradictions
    from projections.log.log_columns import LogColumns
    from projections.point_in_time import Facts, PointInTime, facts_at, facts_of
    from projections.tables import TABLES, project
    from projections.tables.adverse_events import adverse_events
    from projections.tables.events import events
    from projections.tables.findings import findings
    from projections.tables.flares import flares
    from projections.tables.imaging import imaging
    from projections.tables.lesion_courses import lesion_courses
    from projections.tables.lesion_episodes import lesion_episodes
    from projections.tables.lesion_states import lesion_states
    from projections.tables.measures import measures
    from projections.tables.patients import patients
    from projections.tables.readings import readings
    from projections.tables.responses import responses
    from projections.tables.scores import scores
    from projections.tables.treatments import treatments
    from projections.tables.visits import visits

__all__ = [
    "TABLES",
    "Facts",
    "LogColumns",
    "PointInTime",
    "adverse_events",
    "contradictions",
    "events",
    "facts_at",
    "facts_of",
    "findings",
    "flares",
    "imaging",
    "implausible_values",
    "lesion_courses",
    "lesion_episodes",
    "lesion_states",
    "measures",
    "patients",
    "project",
    "readings",
    "responses",
    "scores",
    "treatments",
    "visits",
]
ELSEWHERE: Final = {
    "Facts": "point_in_time",
    "LogColumns": "log.log_columns",
    "PointInTime": "point_in_time",
    "TABLES": "tables",
    "contradictions": "checks.plausibility",
    "facts_at": "point_in_time",
    "facts_of": "point_in_time",
    "implausible_values": "checks.implausible",
    "project": "tables",
}


def __getattr__(name: str) -> object:
    # Arrow, NumPy and pandas take longer to import than most commands to run.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{ELSEWHERE.get(name, f'tables.{name}')}"), name)
