"""The cells of one command: of which fact they state something anew, and which of them are grades of a reading."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from registry.catalogue.verdicts import SWAPPED, Comparison, unmasked
from registry.domain.statements import Reading, Statement, Study
from registry.errors import MissingValueError, RefusalError
from registry.schema.field_mapping import Grading, graded, method_of, statement_of
from registry.schema.rows import as_text, read_cells
from registry.schema.tables import ID_COLUMN, Table
from registry.schema.typed_references import Reference

PAIR_OF_STUDIES: Final = ("baseline_study", "followup_study")
IDENTITY: Final = frozenset({"patient", ID_COLUMN})
Cells = Mapping[str, object] | Mapping[str | tuple[str, str], object]


def restated(table: Table, named: Reference, known: Statement, cells: Cells) -> Statement:
    """Return a known statement with some cells changed; whose the fact is cannot be among them."""
    if isinstance(known, Reading):
        check_places(cells)
        own, grading = own_and_grades(table, cells)
    else:
        own, grading = {str(name): value for name, value in cells.items()}, {}
    fields = read_cells(table, own, partial=True)
    for name in fields:
        if name in IDENTITY or (name == "method" and isinstance(known, Reading)):  # whose grades are its own
            raise RefusalError(f"{name} identifies {named}; retract it and record it anew", field=name)
        if table.columns[name].required and fields[name] is None:
            raise MissingValueError(name, table.columns[name].meaning)
    if isinstance(known, Reading):
        fields["grades"] = graded(method_of(table.catalogue, known.method), grading, known.grades)
    return statement_of(table, fields, known)


def check_places(cells: Cells) -> None:
    """Refuse a row of a file in the place of a reading's grades."""
    given = {name.lower() for name in cells if isinstance(name, str)}
    for column in ("grade", "item", "location"):
        if column in given:
            raise RefusalError(f"{column}: name the place of each grade, as 'C2/3' or 'C2/3 erosion'", field=column)


def own_and_grades(table: Table, cells: Cells) -> tuple[dict[str, object], Grading]:
    """Return the cells of a reading that are its own, and those that are grades, by their places."""
    own = {name: value for name, value in cells.items() if isinstance(name, str) and name.lower() in table.columns}
    return own, {name: as_text(value) for name, value in cells.items() if name not in own}


def codes_of_pair(cells: Mapping[str, object]) -> tuple[str, ...]:
    """Return the codes of the two studies of a verdict, in the order in which they are given."""
    return tuple((as_text(cells[name]) or "").strip() for name in PAIR_OF_STUDIES)


def in_order_of_days(cells: Mapping[str, object], first: Study | None, second: Study | None) -> Mapping[str, object]:
    """Return the cells of a verdict in the order of its studies' days; what is not known stays, to be refused."""
    verdict = (as_text(cells.get("verdict")) or "").strip().lower()
    if first is None or second is None or verdict not in SWAPPED:
        return cells
    seen = Comparison(first.study, second.study, verdict)
    in_order = unmasked(seen, first_on=first.performed_on, second_on=second.performed_on)
    return {**cells, **dict(zip((*PAIR_OF_STUDIES, "verdict"), in_order))}
