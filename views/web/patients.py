"""The patients: a row each, found by a part of the pseudonym, by centre, by sex, a hundred at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow.compute as pc

from projections.columns.tables import only, rows
from projections.tables import project
from registry.errors import RefusalError
from registry.wording import shown
from views.pages.tables import Cell, Table
from views.web.asked import path_to
from views.web.pages import Page, Shown

if TYPE_CHECKING:
    from projections.columns.arrow import ArrowTable
    from views.web.asked import Asked

ROWS_AT_ONCE: Final = 100
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
    table = Table("Patients", list(COLUMNS.values()), told, empty=_why_nobody(everybody.num_rows))
    return Shown(
        "Patients",
        {
            "table": table,
            "found": found.num_rows,
            "everybody": everybody.num_rows,
            "choices": {name: words_of(everybody, name) for name in CHOSEN_BY},
            "paging": paging(asked, first, found.num_rows),
        },
        lambda: found,
    )


def first_of(asked: Asked, n: int) -> int:
    """Return the place of the first row that a page shows, from 0; refuse what is no place of `n` rows."""
    said = asked.filters.get("row", "1")
    if not (said.isascii() and said.isdecimal() and len(said) < 10 and 1 <= int(said) <= max(n, 1)):
        raise RefusalError(f"row: {shown(said)} is none; there are {n:,}", field="row")
    return int(said) - 1


def paging(asked: Asked, first: int, n: int) -> dict[str, object]:
    """Return which rows of how many a page shows, and where those before and after them stand."""
    before = max(first - ROWS_AT_ONCE, 0) + 1
    after = first + ROWS_AT_ONCE + 1
    return {
        "first": first + 1 if n else 0,
        "last": min(first + ROWS_AT_ONCE, n),
        "n": n,
        "before": asked.address(row=before) if first else "",
        "after": asked.address(row=after) if after <= n else "",
    }


def words_of(table: ArrowTable, column: str) -> list[str]:
    """Return the words of a column, in order."""
    return sorted({word for word in table[column].unique().to_pylist() if word is not None})


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


PATIENTS: Final = Page("patients", "/patients", patients, ("q", *CHOSEN_BY, "row"))
