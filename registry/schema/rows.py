"""Reading one row: from cells by column to the fields of a statement.

A `RowReader` is made once for the headers of a file, or for the arguments of one command, and then reads any number
of rows. Headers are judged when it is made: unknown and doubled columns, missing required ones, units. A row reports
all its problems, a cell each.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final, NamedTuple

from registry.domain.statement_cells import is_number
from registry.errors import MissingValueError, RefusalError, UnknownCodeError
from registry.schema.cells import CellReader, as_written, cell_reader
from registry.schema.measure_cells import measure_reader
from registry.schema.named_products import AGENT, with_named_product
from registry.schema.tables import Table
from registry.spelling import nearest
from registry.wording import VALUE_AT_MOST, shown, suggestion

HEADER: Final = re.compile(r"([^\[\]]+?)\s*(?:\[\s*([^\[\]]*?)\s*\])?", re.ASCII)
HEADER_AT_MOST: Final = 200  # characters; a longer one is not looked at, for the pattern would take for ever
CELLS_REMEMBERED: Final = 4096  # a column; most say what another row has said before
COMPUTED: Final = "; it is computed here from what it rests on, leave it out"
NO_MEASURE: Final = "; declare it under [[measures]] of the protocol, or leave it out"
READERS_REMEMBERED: Final = 64  # of single commands, which mostly give the same columns
Fields = dict[str, object]


class Row(NamedTuple):
    """What a row says: a value for every column that the headers have, None where the cell is empty.

    Where the agent of a course is named by a product, that has a value too, whatever the headers have.
    `own` has the cell's own text wherever the value says it in other words: `Humira` of adalimumab, `< 5` of <5.
    """

    fields: Fields
    problems: list[RefusalError]
    own: dict[str, str]


class Cell(NamedTuple):
    """What a cell says, and its own text where the value says it in other words."""

    value: object
    own: str | None


EMPTY: Final = Cell(None, None)


class RowReader:
    """Reads rows of one table under given headers.

    `problems` lists what is wrong with the headers, `refused` those of single headers by their places from 1. While
    there are any, no row states a fact, but its cells under the other headers can be judged. A `partial` row changes
    something that is known, and needs no required columns.
    """

    def __init__(self, table: Table, headers: Sequence[str], *, partial: bool = False) -> None:
        self.table = table
        self.refused: dict[int, RefusalError] = {}
        self.names: list[str] = []
        self._readers: list[Callable[[str], Cell]] = []
        for place, header in enumerate(headers, 1):
            try:
                self._add(header)
            except RefusalError as refusal:
                self.refused[place] = refusal
                self.names.append("")
                self._readers.append(_unread)
        self._partial = partial
        required = tuple(c.name for c in table.columns.values() if c.required and not partial)
        self._required = tuple(name for name in required if name in self.names)
        self.problems = [*self.refused.values(), *self._missing(required)]

    def row(self, cells: Sequence[str | None]) -> Row:
        """Return what the cells say, in the order of the headers; an empty or blank cell says None."""
        fields: Fields = {}
        problems: list[RefusalError] = []
        own: dict[str, str] = {}
        for name, reader, cell in zip(self.names, self._readers, cells, strict=True):
            text = cell.strip() if cell else ""
            if not text:
                fields[name] = None
                continue
            try:
                fields[name], in_other_words = reader(text)
                if in_other_words is not None:
                    own[name] = in_other_words
            except RefusalError as refusal:
                # Its traceback would keep this row, and the row it: in memory until somebody looks for cycles.
                problems.append(self._with_value(refusal.with_traceback(None), name, text))
        refused = {problem.field for problem in problems}
        problems += [
            MissingValueError(name, self.table.columns[name].meaning)
            for name in self._required
            if fields.get(name) is None and name not in refused
        ]
        if not self._partial and not problems:
            problems += _unversioned(fields)
        if self.table.kind == "treatment" and AGENT in own:
            try:
                fields = with_named_product(self.table, fields, own)
            except RefusalError as refusal:
                problems.append(refusal)
        return Row(fields, problems, own)

    def _missing(self, required: Iterable[str]) -> list[RefusalError]:
        """Return the refusals of required columns that are not there, nor meant by a header that was refused."""
        unknown = [str(r.value) for r in self.refused.values() if isinstance(r, UnknownCodeError)]
        meant = {value: nearest(value, self.table.columns) for value in unknown}
        seen = {*self.names, *meant.values(), *(refusal.field for refusal in self.refused.values())}
        missing = [name for name in required if name not in seen]
        strange = [value for value in unknown if meant[value] is None]
        mend = f"; is {shown(strange[0])} meant by it?" if len(missing) == len(strange) == 1 else ""
        return [
            RefusalError(f"column {name} is missing; {self.table.name} must have it{mend}", field=name)
            for name in missing
        ]

    def _with_value(self, refusal: RefusalError, name: str, text: str) -> RefusalError:
        """Return the refusal of a cell with what stands there; what is no code may be a name, and is left out."""
        if self.table.columns[name].holds != "pseudonym":
            refusal.value = text[:VALUE_AT_MOST]
        return refusal

    def _add(self, header: str) -> None:
        matched = HEADER.fullmatch(header.strip()) if len(header) <= HEADER_AT_MOST else None
        if matched is None:
            raise UnknownCodeError("column", header, self.table.columns)
        name, unit = matched[1].lower(), matched[2]
        if name not in self.table.columns:
            raise self._unknown(matched[1])
        if name in self.names:
            raise RefusalError(f"column {name} stands twice; remove one", field=name)
        column = self.table.columns[name]
        if column.measure is not None:
            reader: CellReader = measure_reader(column.measure, unit, self.table.catalogue.missing_reasons)
        elif unit is not None:
            raise RefusalError(f"column {name} has no unit; write it without [{unit}]", field=name)
        else:
            reader = cell_reader(column)
        self.names.append(name)
        self._readers.append(lru_cache(CELLS_REMEMBERED)(_keeping_own_words(reader)))

    def _unknown(self, name: str) -> UnknownCodeError:
        """Return the refusal of a column that the table lacks, with what becomes of one of visits."""
        mend = suggestion(name, self.table.columns)
        if not mend and self.table.kind == "visit":
            mend = COMPUTED if name.lower() in self.table.catalogue.instruments else NO_MEASURE
        return UnknownCodeError("column", name, self.table.columns, what=f"column of {self.table.name}", mend=mend)


def _keeping_own_words(reader: CellReader) -> Callable[[str], Cell]:
    def read(text: str) -> Cell:
        value = reader(text)
        return Cell(value, None if value is None or as_written(value) == text else text)

    return read


def _unread(text: str) -> Cell:
    """Say nothing of a cell under a header that was refused."""
    return EMPTY


def _unversioned(fields: Fields) -> list[RefusalError]:
    """Refuse the version of a BASMI that is not there."""
    if fields.get("basmi_version") is None or is_number(fields.get("basmi")):
        return []
    return [RefusalError("basmi_version is given without a basmi; remove it or give the total", field="basmi_version")]


def as_text(value: object) -> str | None:
    """Return what a caller in Python gave for a cell as the text that a file would hold.

    >>> [as_text(value) for value in (None, 5, 24.7, Decimal("2.50"), date(2024, 1, 2), ("mNY", "ASAS-axSpA"), True)]
    [None, '5', '24.7', '2.50', '2024-01-02', 'mNY;ASAS-axSpA', 'yes']
    """
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()[:10]
    if isinstance(value, float | Decimal):
        return format(Decimal(repr(float(value))) if isinstance(value, float) else value, "f").removesuffix(".0")
    if isinstance(value, Sequence):
        return ";".join(str(part) for part in value if part is not None)
    return str(value)


def read_cells(table: Table, cells: Mapping[str, object], *, partial: bool = False) -> Fields:
    """Return the fields that a single command's arguments say, by column; `partial` where they change a known fact.

    Raises the first problem that they have.
    """
    row = _reader(table, tuple(cells), partial=partial).row([as_text(value) for value in cells.values()])
    if row.problems:
        raise row.problems[0]
    return row.fields


@lru_cache(READERS_REMEMBERED)
def _reader(table: Table, headers: tuple[str, ...], *, partial: bool) -> RowReader:
    reader = RowReader(table, headers, partial=partial)
    if reader.problems:
        raise reader.problems[0]
    return reader
