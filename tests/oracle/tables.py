"""Every table of the oracle, by its name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from tests.oracle import clinical, courses, imaging
from tests.oracle.contract import Row
from tests.oracle.replay import Facts

TABLES: Final[dict[str, Callable[[Facts], list[Row]]]] = {
    "patients": clinical.patients,
    "follow_ups": clinical.follow_ups,
    "visits": clinical.visits,
    "measures": clinical.measures,
    "treatments": clinical.treatments,
    "flares": clinical.flares,
    "adverse_events": clinical.adverse_events,
    "conditions": clinical.conditions,
    "imaging": imaging.imaging,
    "readings": imaging.readings,
    "findings": imaging.findings,
    "lesion_states": imaging.lesion_states,
    "lesion_courses": courses.lesion_courses,
    "lesion_episodes": courses.lesion_episodes,
    "scores": imaging.scores,
}
