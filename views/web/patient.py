"""A patient: the course drawn over time, then everything that happened, by day, each with the history of its fact."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow as pa

from projections.course.timeline import timeline
from registry.domain.references import reference
from registry.errors import UnknownFactError
from views.drawing.patient_timeline import patient_timeline
from views.pages.sections import figures, section, table
from views.pages.tables import Cell, Table
from views.web.asked import path_to
from views.web.changes import changes_of
from views.web.pages import Page, Shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from projections.columns.arrow import ArrowTable
    from projections.course.timeline import TimelineEntry
    from views.web.asked import Asked

COLUMNS: Final = ("on", "until", "what", "which", "details", "reference")


def patient(asked: Asked) -> Shown:
    """Return a patient's course.

    Raises `WithdrawnError`, `ErasedPatientError` or `MergedPatientError`, else `UnknownFactError` where there is none.
    """
    name = asked.named["patient"]
    course = timeline(asked.live.facts_of(name, asked.point), name)
    if not course.entries:
        asked.live.registry.check_not_erased(name)
        asked.live.registry.check_not_merged(name)
        raise UnknownFactError(f"patient {name!r} at this point in time")
    return Shown(
        name,
        {
            "sections": [
                section("course", "Course", figures(patient_timeline(course))),
                section("days", "Day by day", table(_diary(asked, course.entries))),
            ]
        },
        lambda: course_table(course.entries),
        personal=name,
        ways=[("History of the enrolment", asked.address(path_to("facts", reference("patient", name))))],
        changes=changes_of(asked.live.log, name, asked.point.position),
    )


def course_table(entries: Sequence[TimelineEntry]) -> ArrowTable:
    """Return a course as a table: on, until, what, which, details, reference."""
    return pa.table({name: pa.array([getattr(each, name) for each in entries], pa.string()) for name in COLUMNS})


def _diary(asked: Asked, entries: Sequence[TimelineEntry]) -> Table:
    told = [
        (
            each.on,
            each.until,
            Cell(each.what, href=asked.address(path_to("facts", each.reference))),
            Cell(each.which, href=asked.address(path_to("studies", each.which)))
            if each.what == "study"
            else Cell(each.which),
            Cell(each.details),
        )
        for each in entries
    ]
    return Table("What happened, by day", ("On", "Until", "What", "Which", "Details"), told)


PATIENT: Final = Page("patient", "/patients/{patient}", patient)
