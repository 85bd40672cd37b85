"""The tables that go out, each in a module of its name: its declaration, its frame, its Arrow table."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from projections.tables.adverse_events import ADVERSE_EVENTS
from projections.tables.events import EVENTS
from projections.tables.findings import FINDINGS
from projections.tables.flares import FLARES
from projections.tables.imaging import IMAGING
from projections.tables.lesion_courses import LESION_COURSES
from projections.tables.lesion_episodes import LESION_EPISODES
from projections.tables.lesion_states import LESION_STATES
from projections.tables.measures import MEASURES_TABLE
from projections.tables.patients import PATIENTS
from projections.tables.readings import READINGS
from projections.tables.responses import RESPONSES
from projections.tables.scores import SCORES
from projections.tables.treatments import TREATMENTS
from projections.tables.visits import VISITS
from registry.errors import UnknownCodeError

if TYPE_CHECKING:
    from projections.columns import Table
    from projections.point_in_time import Facts

TABLES: Final[dict[str, Table]] = {
    table.name: table
    for table in (
        PATIENTS,
        VISITS,
        MEASURES_TABLE,
        TREATMENTS,
        FLARES,
        ADVERSE_EVENTS,
        IMAGING,
        READINGS,
        FINDINGS,
        LESION_STATES,
        LESION_COURSES,
        LESION_EPISODES,
        SCORES,
        RESPONSES,
        EVENTS,
    )
}


def project(name: str, facts: Facts) -> Any:
    """Return a table at a point in time as an Arrow table, by its name.

    Raises `UnknownCodeError` for a name that no table has.
    """
    if name not in TABLES:
        raise UnknownCodeError("table", name, TABLES)
    return import_module(f"projections.tables.{name}").table(facts)
