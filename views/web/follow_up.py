"""Follow-up: whose visit is due or overdue, by centre, and who stayed in the registry over the years."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from projections.columns.tables import only, rows
from projections.followed import recalls, registry_retention
from views.drawing.retention import retention
from views.pages.sections import Section, empty, figures, section, table
from views.pages.tables import Cell, Table
from views.report.centre import ADOPT, NO_SCHEDULE
from views.web.asked import path_to
from views.web.pages import Filters, Page, Shown
from views.web.paging import ROW, ROWS_AT_ONCE, first_of, paging, words_of

if TYPE_CHECKING:
    from projections.point_in_time import Facts
    from views.web.asked import Asked

CHOSEN_BY: Final = ("centre", "state")
COLUMNS: Final = {
    "patient": "Patient",
    "centre": "Centre",
    "schedule": "Visit",
    "state": "State",
    "due_on": "Due",
    "window_to": "Window until",
    "days_over": "Days over",
    "last_seen_on": "Last seen",
    "lost_on": "Lost since",
}


def follow_up(asked: Asked) -> Shown:
    """Return who is due and overdue, and the retention of the registry."""
    everybody = asked.made("recalls", recalls.table)
    found = only(everybody, **{name: asked.filters.get(name) for name in CHOSEN_BY})
    first = first_of(asked, found.num_rows)
    told = [
        (
            Cell(str(row["patient"]), href=asked.address(path_to("patients", str(row["patient"])))),
            *list(row.values())[1:],
        )
        for row in rows(found.slice(first, ROWS_AT_ONCE).select(list(COLUMNS)))
    ]
    why = "Nobody is due." if asked.facts.schedule else f"{NO_SCHEDULE} {ADOPT}"
    due = Table(f"Due or overdue on {asked.point.as_of}", list(COLUMNS.values()), told, empty=why)
    return Shown(
        "Follow-up",
        {
            "sections": [section("due", "Whom to call", table(due)), _retention(asked)],
            "filters": Filters({name: words_of(everybody, name) for name in CHOSEN_BY}),
            "paging": paging(asked, found.num_rows, "visits due or overdue", all_=everybody.num_rows),
        },
        lambda: found,
    )


def _retention(asked: Asked) -> Section:
    found = asked.soon("retention", _retained)
    being_computed = empty("This is being computed.", "Load the page again in a few seconds.")
    return section("retention", "Retention", being_computed if found is None else figures(retention(found)))


def _retained(facts: Facts) -> list[dict[str, object]]:
    return rows(registry_retention.table(facts))


FOLLOW_UP: Final = Page("follow-up", "/follow-up", follow_up, (*CHOSEN_BY, ROW))
