"""A mapping, as its file says it: where the data are, whose they are, and which field of theirs goes where.

A field is named as the source names it. A name with `{n}` stands for several; what `n` is comes from `repeat`, or from
the names of the fields that there are.
"""

from __future__ import annotations

from collections.abc import Mapping as Table
from typing import Final, Literal, get_args

import msgspec

Kind = Literal["redcap", "csv", "xlsx", "parquet", "sav", "dta", "xpt", "sql"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
FIRST_EMPTY_ROW: Final = "first empty row"  # until which a table goes
FormStatus = Literal["complete", "unverified", "incomplete"]
FORM_STATUSES: Final[tuple[FormStatus, ...]] = get_args(FormStatus)
Unmapped = Literal["refuse", "ignore"]
Other = Literal["refuse", "missing"]
ReadAs = Literal["text", "day", "partial-day", "number", "year"]
READ_AS: Final[tuple[ReadAs, ...]] = get_args(ReadAs)


class SourceRule(msgspec.Struct, frozen=True, kw_only=True):
    """Where the data are, and how what is written there is read.

    `files` may be patterns and are relative to the mapping; `dictionary`, `events` and `arms` go with a REDCap project
    in CSV. `header_row` is the row of the header, the last one where it has several, and `header_rows_above` how many
    those above it are. `missing` has what stands for nothing, with the reason where there is one.
    """

    kind: Kind
    files: tuple[str, ...] = ()
    dictionary: str | None = None
    events: str | None = None
    arms: str | None = None
    project: str | None = None
    delimiter: str | None = None
    encoding: str | None = None
    decimal: str | None = None
    header_row: int | None = None
    header_rows_above: int = 0
    comment: str | None = None
    sheet: str | None = None
    until: str | None = None
    url_env: str | None = None
    query: str | None = None
    dates: tuple[str, ...] = ()
    partial_dates: tuple[str, ...] = ()
    missing: Table[str, str] = {}
    forms: tuple[FormStatus, ...] = ("complete", "unverified")
    unmapped: Unmapped = "refuse"
    shifted_dates: bool = False


class When(msgspec.Struct, frozen=True, kw_only=True):
    """The rows that count: those whose field is one of some values, is none of them, or is not empty."""

    field: str
    values: tuple[str, ...] | None = None
    excluded: tuple[str, ...] | None = None
    not_empty: bool = False


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """What goes into one column: from a field, the first of several that says something, parts of a day, or nowhere.

    `codes` turn values into words; what they do not cover is refused, or `missing`. Of a `checkbox` the words of the
    boxes that are ticked; `none` where the form is complete and none is.
    """

    field: str | None = None
    first: tuple[str, ...] = ()
    constant: str | None = None
    checkbox: str | None = None
    none: str | None = None
    codes: Table[str, str] | None = None
    other: Other = "refuse"
    read_as: ReadAs | None = None
    unit: str | None = None
    year: str | None = None
    month: str | None = None
    day: str | None = None
    event: Table[str, str] | None = None
    instance: bool = False

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that it names, those of a checkbox by their common name."""
        named = (self.field, *self.first, self.checkbox, self.year, self.month, self.day)
        return tuple(field for field in named if field is not None)


class Pivot(msgspec.Struct, frozen=True, kw_only=True):
    """Several fields of one row that are rows of their own: `field` is a pattern, `to` the column that differs.

    `names` gives the word of that column by the part of the field's name that differs.
    """

    variable: str
    to: str
    template: str
    field: str
    names: Table[str, str]


class TableRule(msgspec.Struct, frozen=True, kw_only=True):
    """Which rows of the source are rows of one intake table, and what goes into its columns.

    `events` and `instrument` choose rows of a REDCap project; `repeat` makes several of one row, one for each value of
    `n`. `key` names the fields that tell one row from another for good, where the source has nothing better.
    """

    to: str
    cells: Table[str, Cell]
    events: tuple[str, ...] | None = None
    instrument: str | None = None
    when: tuple[When, ...] = ()
    repeat: tuple[str, tuple[str, ...]] | None = None
    pivot: Pivot | None = None
    key: tuple[str, ...] = ()


class PatientRule(msgspec.Struct, frozen=True, kw_only=True):
    """Whose a row is: the field that says it, and the file beside the mapping in which a pseudonym stands for each.

    `renamed` has what the source says now of those of whom it said something else before, with that; `new` are
    pseudonyms of patients who are not to be taken for others who said the same.
    """

    field: str
    mapped: str | None = None
    renamed: Table[str, str] = {}
    new: tuple[str, ...] = ()
    centre: Cell | None = None


class Mapping(msgspec.Struct, frozen=True, kw_only=True):
    """A whole mapping; `ignore` has the fields that are left out, with the reason."""

    source: SourceRule
    patient: PatientRule
    tables: tuple[TableRule, ...]
    ignore: Table[str, str] = {}
