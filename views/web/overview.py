"""The overview: what the registry holds, how it grew, how complete it is, and what was imported last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow as pa

from projections.columns.tables import rows
from projections.followed import completeness as completeness_of
from projections.followed import recruitment as recruitment_of
from registry.audit.batches import imported_batches
from registry.domain.days import instant
from views.drawing.completeness_matrix import completeness_matrix
from views.drawing.recruitment import recruitment
from views.pages.sections import Section, empty, figures, section, table
from views.pages.tables import Cell, Table
from views.report.centre import ADOPT, NO_SCHEDULE
from views.report.completeness import scheduled_visits
from views.web.asked import path_to
from views.web.pages import Page, Shown

if TYPE_CHECKING:
    from projections.columns.arrow import ArrowTable
    from projections.point_in_time import Facts
    from views.web.asked import Asked

HELD: Final = {  # what is counted: what a person calls it
    "patients": "patients",
    "follow_ups": "resumptions of follow-up",
    "visits": "visits",
    "treatments": "treatment courses",
    "flares": "flares",
    "adverse_events": "adverse events",
    "conditions": "conditions",
    "imaging": "studies",
    "readings": "readings",
    "lesions": "lesion verdicts",
}
IMPORTS_SHOWN: Final = 5
NOTHING_YET: Final = (
    "The log is empty at this point in time.",
    "`spondyl import FOLDER` fills it, `spondyl template FOLDER` shows what is wanted.",
)


def held(facts: Facts) -> ArrowTable:
    """Return how many facts of each kind there are: the columns `holds` and `number`."""
    return pa.table({"holds": list(HELD), "number": [facts.count(name) for name in HELD]})


def overview(asked: Asked) -> Shown:
    """Return the overview."""
    counted = asked.made("held", held)
    if asked.point.position == 0:
        nothing = section("held", "What it holds", empty(*NOTHING_YET))
        return Shown("Overview", {"sections": [nothing], "held": []}, lambda: counted)
    told = [(HELD[str(row["holds"])], row["number"]) for row in rows(counted)]
    sections = [
        section("recruitment", "Recruitment", figures(recruitment(asked.made("recruitment", _recruited)))),
        _completeness(asked),
        section("imports", "Imports", table(_imports(asked))),
    ]
    return Shown("Overview", {"sections": sections, "held": told}, lambda: counted)


def _recruited(facts: Facts) -> list[dict[str, object]]:
    return rows(recruitment_of.table(facts))


def _completeness(asked: Asked) -> Section:
    """Return how complete the visits are, or that this is being computed."""
    of, title = "completeness", "Completeness"
    schedule = asked.facts.schedule
    if not schedule:
        return section(of, title, empty(NO_SCHEDULE, ADOPT))
    found = asked.soon("completeness", _completed)
    if found is None:
        return section(of, title, empty("This is being computed.", "Load the page again in a few seconds."))
    visits = scheduled_visits(found, schedule)
    drawn = figures(*(completeness_matrix(found, what, asked.point.as_of) for what in visits))
    return section(of, title, drawn or empty(NO_SCHEDULE, ADOPT))


def _completed(facts: Facts) -> list[dict[str, object]]:
    return rows(completeness_of.table(facts))


def _imports(asked: Asked) -> Table:
    batches = imported_batches(asked.live.log, asked.point.position)[: -IMPORTS_SHOWN - 1 : -1]
    told = [
        (
            Cell(f"@{each.position}", href=asked.address(path_to("log"), before=each.position + 1)),
            instant(each.recorded_at),
            each.batch.delivered_by,
            [file.name for file in each.batch.files],
            each.position - each.batch.first,
        )
        for each in batches
    ]
    empty = "Nothing was imported yet: `spondyl import FOLDER` reads files, `spondyl template FOLDER` shows which."
    return Table("Last imports", ("Import", "Recorded", "Delivered by", "Files", "Events"), told, empty=empty)


OVERVIEW: Final = Page("overview", "/", overview, template="overview")
