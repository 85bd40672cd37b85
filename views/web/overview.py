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
from views.pages.tables import Cell, Table
from views.web.asked import path_to
from views.web.pages import Page, Shown

if TYPE_CHECKING:
    from markupsafe import Markup

    from projections.columns.arrow import ArrowTable
    from projections.point_in_time import Facts
    from views.drawing.figure import Figure
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


def held(facts: Facts) -> ArrowTable:
    """Return how many facts of each kind there are: the columns `holds` and `number`."""
    return pa.table({"holds": list(HELD), "number": [facts.count(name) for name in HELD]})


def overview(asked: Asked) -> Shown:
    """Return the overview."""
    counted = asked.made("held", held)
    shown = [(HELD[str(row["holds"])], row["number"]) for row in rows(counted)]
    return Shown(
        "Overview",
        {
            "held": shown,
            "is_empty": asked.point.position == 0,
            "recruitment": html_of(recruitment(asked.made("recruitment", _recruited))),
            "is_scheduled": bool(asked.facts.schedule),
            "completeness": _completeness(asked),
            "imports": _imports(asked),
        },
        lambda: counted,
    )


def html_of(figure: Figure) -> Markup:
    """Return a figure as an element of a page."""
    from markupsafe import Markup

    return Markup(figure.html)  # noqa: S704 - elements escape what they hold


def _recruited(facts: Facts) -> list[dict[str, object]]:
    return rows(recruitment_of.table(facts))


def _completeness(asked: Asked) -> Markup | None:
    """Return how complete the visits are, None while that is being computed; nothing where nobody is expected."""
    if not asked.facts.schedule:
        return None
    found = asked.soon("completeness", _completed)
    if found is None:
        return None
    return html_of(completeness_matrix(found, "visits", asked.facts.today, title="Visits"))


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


OVERVIEW: Final = Page("overview", "/", overview)
