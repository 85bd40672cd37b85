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
    from projections.checks.reading_contradictions import contradictions
    from projections.derived.lesion_courses import lesion_courses
    from projections.derived.lesion_episodes import lesion_episodes
    from projections.derived.lesion_states import lesion_states
    from projections.derived.measures import measures
    from projections.derived.responses import responses
    from projections.derived.scores import scores
    from projections.log.log_columns import LogColumns
    from projections.point_in_time import Facts, PointInTime, facts_at, facts_of
    from projections.stated.adverse_events import adverse_events
    from projections.stated.events import events
    from projections.stated.findings import findings
    from projections.stated.flares import flares
    from projections.stated.follow_ups import follow_ups
    from projections.stated.imaging import imaging
    from projections.stated.patients import patients
    from projections.stated.readings import readings
    from projections.stated.treatments import treatments
    from projections.stated.visits import visits
    from projections.tables import TABLES, project

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
    "follow_ups",
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
MODULES: Final = {  # where each name is made
    "Facts": "point_in_time",
    "LogColumns": "log.log_columns",
    "PointInTime": "point_in_time",
    "TABLES": "tables",
    "adverse_events": "stated.adverse_events",
    "contradictions": "checks.reading_contradictions",
    "events": "stated.events",
    "facts_at": "point_in_time",
    "facts_of": "point_in_time",
    "findings": "stated.findings",
    "flares": "stated.flares",
    "follow_ups": "stated.follow_ups",
    "imaging": "stated.imaging",
    "implausible_values": "checks.implausible",
    "lesion_courses": "derived.lesion_courses",
    "lesion_episodes": "derived.lesion_episodes",
    "lesion_states": "derived.lesion_states",
    "measures": "derived.measures",
    "patients": "stated.patients",
    "project": "tables",
    "readings": "stated.readings",
    "responses": "derived.responses",
    "scores": "derived.scores",
    "treatments": "stated.treatments",
    "visits": "stated.visits",
}


def __getattr__(name: str) -> object:
    # Arrow, NumPy and pandas take longer to import than most commands to run.
    if name not in MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{MODULES[name]}"), name)
