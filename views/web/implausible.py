"""Warnings: what is implausible, how much of it by each rule, and row by row, a hundred at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from projections.checks import all_warnings
from projections.columns.tables import count_by, only, rows
from views.pages.sections import section, table, text
from views.pages.tables import Cell, Table
from views.web.asked import path_to
from views.web.memory import give_back
from views.web.pages import Filters, Page, Shown
from views.web.paging import ROW, ROWS_AT_ONCE, first_of, paging, words_of

if TYPE_CHECKING:
    from projections.columns.arrow import ArrowTable
    from projections.point_in_time import Facts
    from views.web.asked import Asked

CHOSEN_BY: Final = ("rule", "centre")
TOLD: Final = "A warning changes nothing and keeps nothing out: a person has to look. `spondyl amend` mends a slip."


def implausible(asked: Asked) -> Shown:
    """Return the warnings that are looked for."""
    everything = asked.made("warnings", _in_turn, is_large=True)
    found = only(everything, **{name: asked.filters.get(name) for name in CHOSEN_BY})
    first = first_of(asked, found.num_rows)
    by_rule = [
        (Cell(str(row["rule"]), href=asked.address(asked.path, rule=str(row["rule"]))), row["n"])
        for row in count_by(everything, "rule")
    ]
    told = [_row(asked, row) for row in rows(found.slice(first, ROWS_AT_ONCE))]
    nothing = "Nothing is implausible by any rule." if not everything.num_rows else "No warning is found so."
    listed = Table("Warnings", ("Patient", "Fact", "What of it", "Says", "Centre", "Rule"), told, empty=nothing)
    counts = Table("Warnings by rule", ("Rule", "Warnings"), by_rule, empty=nothing)
    return Shown(
        "Warnings",
        {
            "sections": [
                section("rules", "By rule", table(counts), text(TOLD)),
                *([section("warnings", "Row by row", table(listed))] if everything.num_rows else []),
            ],
            "filters": Filters({name: words_of(everything, name) for name in CHOSEN_BY}),
            "paging": paging(asked, found.num_rows, "warnings", all_=everything.num_rows),
        },
        lambda: found,
    )


def _in_turn(facts: Facts) -> ArrowTable:
    """Return the warnings of all rules; the memory that some take is given back before others are asked."""
    return all_warnings.table(facts, between=give_back)


def _row(asked: Asked, row: dict[str, object]) -> list[object]:
    patient, reference = str(row["patient"]), str(row["reference"])
    return [
        Cell(patient, href=asked.address(path_to("patients", patient))),
        Cell(reference, href=asked.address(path_to("facts", reference))),
        row["on"],
        Cell(str(row["says"])),
        row["centre"],
        row["rule"],
    ]


WARNINGS: Final = Page("warnings", "/warnings", implausible, (*CHOSEN_BY, ROW))
