"""The patients: a row each, found by a part of the pseudonym, by centre, by sex, a hundred at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow.compute as pc

from projections.columns.tables import only, rows
from projections.tables import project
from views.pages.sections import section, table
from views.pages.tables import Cell, Table
from views.web.asked import path_to
from views.web.pages import Filters, Page, Shown
from views.web.paging import ROW, ROWS_AT_ONCE, first_of, paging, words_of

if TYPE_CHECKING:
    from projections.columns.arrow import ArrowTable
    from views.web.asked import Asked

CHOSEN_BY: Final = ("centre", "sex")
COLUMNS: Final = {
    "patient": "Patient",
    "centre": "Centre",
    "sex": "Sex",
    "birth_year": "Born",
    "enrolled_on": "Enrolled",
    "last_seen_on": "Last seen",
    "follow_up_ended_on": "Follow-up ended",
    "follow_up_end_reason": "Why",
}


def patients(asked: Asked) -> Shown:
    """Return the patients that are looked for."""
    everybody = asked.made("patients", lambda facts: project("patients", facts))
    found = _found(everybody, asked)
    first = first_of(asked, found.num_rows)
    told = [_row(row, asked) for row in rows(found.slice(first, ROWS_AT_ONCE).select(list(COLUMNS)))]
    listed = Table("Patients", list(COLUMNS.values()), told, empty=_why_nobody(everybody.num_rows))
    return Shown(
        "Patients",
        {
            "sections": [section("patients", "Who is enrolled", table(listed))],
            "filters": Filters({name: words_of(everybody, name) for name in CHOSEN_BY}, asked.filters.get("q", "")),
            "paging": paging(asked, found.num_rows, "patients", all_=everybody.num_rows),
        },
        lambda: found,
    )


def _found(everybody: ArrowTable, asked: Asked) -> ArrowTable:
    found = only(everybody, **{name: asked.filters.get(name) for name in CHOSEN_BY})
    if part := asked.filters.get("q"):
        found = found.filter(pc.match_substring(found["patient"], part.strip(), ignore_case=True))
    return found


def _row(row: dict[str, object], asked: Asked) -> list[object]:
    name = str(row["patient"])
    link = Cell(name, href=asked.address(path_to("patients", name)))
    return [link, *(year(row[column]) if column == "birth_year" else row[column] for column in list(COLUMNS)[1:])]


def year(value: object) -> str | None:
    """Return a year as it is written, without a comma."""
    return None if value is None else str(value)


def _why_nobody(everybody: int) -> str:
    if everybody:
        return "Nobody is found so: leave out a part of what is looked for."
    return "Nobody is enrolled at this point in time: `spondyl import FOLDER` reads files of patients."


PATIENTS: Final = Page("patients", "/patients", patients, ("q", *CHOSEN_BY, ROW))
