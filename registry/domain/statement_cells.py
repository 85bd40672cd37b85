"""A statement cell by cell, under the columns that a source has for it.

The columns are the fields of the statement; a visit has a column a measure instead of its list of them, and one for the
version of a reported BASMI. The edition of a reading's method is no column: nobody states it.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from registry.domain.statements import Measurement, Statement, Visit
from registry.spelling import label_key

BASMI, BASMI_VERSION = "basmi", "basmi_version"
MEASURES: Final = "measures"  # a field that has columns of its own
UNSTATED: Final = frozenset({"method_version"})
LABEL: Final = "visit"
NUMBERS: Final = frozenset({"dose"})  # that are kept as text

Cells = Mapping[str, object]


@cache
def column_names(kind: type[Statement]) -> tuple[str, ...]:
    """Return the columns under which a source can say something of a kind of fact, but for the measures of a visit.

    >>> from registry.domain.statements import Flare
    >>> column_names(Flare)
    ('started_on', 'ended_on', 'basis', 'severity', 'trigger', 'note')
    """
    return tuple(name for name in kind.__struct_fields__ if name not in UNSTATED and name != MEASURES)


def is_of_a_measure(kind: type[Statement], column: str) -> bool:
    """Return whether a column of a kind of fact is that of a measure."""
    return kind is Visit and column != BASMI_VERSION and column not in column_names(kind)


def is_number(cell: object) -> bool:
    """Return whether a cell is a number that was measured, and not why there is none."""
    return isinstance(cell, Measurement) and cell.value is not None


def cells_of(statement: Statement) -> dict[str, object]:
    """Return what a statement says by column; a measure that was not taken is not there."""
    if not isinstance(statement, Visit):
        return {name: getattr(statement, name) for name in column_names(type(statement))}
    cells: dict[str, object] = {"visited_on": statement.visited_on, "visit": statement.visit}
    for taken in statement.measures:
        cells[taken.measure] = taken
        if taken.version is not None:
            cells[taken.measure] = replace(taken, version=None)
            cells[BASMI_VERSION] = taken.version
    return cells


def same_cell(column: str, known: object, said: object) -> bool:
    """Return whether two cells of a column say the same.

    5.0 says the same as 5 in the same unit, sets have no order, and labels no case, blanks and form of Unicode.
    """
    if known == said:
        return True
    if isinstance(known, Measurement) and isinstance(said, Measurement):
        return _same_measurement(known, said)
    if isinstance(known, tuple) and isinstance(said, tuple):
        return frozenset(known) == frozenset(said)
    if isinstance(known, str) and isinstance(said, str):
        if column == LABEL:
            return label_key(known) == label_key(said)
        return column in NUMBERS and Decimal(known) == Decimal(said)
    return False


def same(known: Statement, stated: Statement) -> bool:
    """Return whether two statements say the same, cell by cell."""
    if known == stated:
        return True
    if type(known) is not type(stated) or any(getattr(known, n, None) != getattr(stated, n, None) for n in UNSTATED):
        return False
    before, after = cells_of(known), cells_of(stated)
    return all(same_cell(column, before.get(column), after.get(column)) for column in {**before, **after})


def _same_measurement(known: Measurement, said: Measurement) -> bool:
    if known.value is None or said.value is None:
        return False
    return known.number == said.number and replace(known, value=None) == replace(said, value=None)


def plain(value: object) -> object:
    """Return a cell as JSON has it; a measurement without its measure, which is the column."""
    told = msgspec.to_builtins(value)
    if isinstance(value, Measurement):
        del told["measure"]
    return told


def from_plain(kind: type[Statement], column: str, told: object) -> object:
    """Return a cell of a kind of fact from what JSON has of it; the reverse of `plain`."""
    if told is not None and is_of_a_measure(kind, column):
        assert isinstance(told, dict)
        return msgspec.convert({**told, "measure": column}, Measurement)
    return msgspec.convert(told, _types(kind).get(column, str | None))


@cache
def _types(kind: type[Statement]) -> dict[str, Any]:
    return {field.name: field.type for field in msgspec.structs.fields(kind)}
