"""A fact as it is staged: what a batch states of it, before it is known whose it is and what was known of it."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from functools import cache
from typing import Final, Self

from registry.domain.kinds import KINDS
from registry.domain.origins import Origin
from registry.domain.statement_cells import LABEL, column_names, is_of_a_measure, same
from registry.domain.statements import Statement
from registry.errors import RefusalError
from registry.places import Place, Problem
from registry.schema.field_mapping import EMPTY, blank_grades, fact_reference, method_of, statement_of
from registry.schema.keys import Key, key_of
from registry.schema.rows import Fields
from registry.schema.tables import ID_COLUMN, Table
from registry.spelling import label_key


class Columns:
    """The columns under which rows of a kind of fact say something, be it nothing; one object for all such rows.

    `places` are those in a row, `row_id` that of the row's own id, None where it has none. `spoken` are the columns of
    the statement among them.
    """

    def __init__(self, kind: str, names: tuple[str, ...]) -> None:
        self.places = {name: place for place, name in enumerate(names)}
        self.row_id = None if kind == "patient" else self.places.get(ID_COLUMN)
        statement = KINDS[kind].statement
        named = (STATEMENT_COLUMN.get(name, name) for name in names if name not in NOT_STATED)
        self.spoken = tuple(
            name for name in named if name in column_names(statement) or is_of_a_measure(statement, name)
        )
        self.spoken_set = frozenset(self.spoken)


NOT_STATED: Final = frozenset({"patient", ID_COLUMN})  # whose the fact is, and of which row
STATEMENT_COLUMN: Final = {"grade": "grades"}  # where the statement has another word for it
columns_named: Final = cache(Columns)
NO_OTHER_WORDS: Final[Mapping[str, str]] = {}


class StagedFact:
    """One fact as the batch states it: what its row says, kept compactly, and where the row stands.

    `own` has, by column, the source's own text wherever the statement keeps it in other words: `Humira` of adalimumab.
    `identity` names the fact within the batch, where two spellings of a label are one.
    """

    _fields: Fields | None
    _reference: str | None
    __slots__ = ("_fields", "_reference", "columns", "file", "identity", "line", "own", "table", "values")

    def __init__(
        self, table: Table, fields: Fields, *, file: str, line: int, own: Mapping[str, str] = NO_OTHER_WORDS
    ) -> None:
        self.table, self.file, self.line, self.own = table, file, line, own
        self.identity, self._reference = _identity(table, fields), None
        self._keep(fields)

    @classmethod
    def restored(cls, table: Table, columns: Columns, values: tuple[object, ...], identity: str) -> Self:
        """Return a fact as it was staged, without its own words and where it stands."""
        fact = object.__new__(cls)
        fact.table, fact.columns, fact.values, fact.identity = table, columns, values, identity
        fact._fields = fact._reference = None
        return fact

    @property
    def reference(self) -> str:
        """The reference that the fact would have as a new one."""
        if self._reference is None:
            self._reference = self.identity if self.table.kind != "visit" else fact_reference(self.table, self.fields)
        return self._reference

    @property
    def fields(self) -> Fields:
        """What the row says, by column; a column that its file lacks is not there. Not to be changed."""
        if self._fields is None:
            self._fields = dict(zip(self.columns.places, self.values))
        return self._fields

    def value(self, column: str) -> object:
        """Return what the row says under one column, None where that is nothing."""
        place = self.columns.places.get(column)
        return None if place is None else self.values[place]

    @property
    def source(self) -> str:
        """Where the row stands, as events name it: `visits.csv:17`."""
        return f"{self.file}:{self.line}"

    @property
    def row_id(self) -> str | None:
        """The row's own key at its source; an enrolment is always known by its patient."""
        place = self.columns.row_id
        row_id = None if place is None else self.values[place]
        return None if row_id is None else str(row_id)

    @property
    def under(self) -> str | None:
        """The pseudonym by which the row names the patient, where that was merged into the patient's own."""
        return None

    @property
    def key_identity(self) -> str:
        """What would name the fact within the batch if its row had no id."""
        return _identity(self.table, {**self.fields, ID_COLUMN: None})

    def statement(self, base: Statement | None) -> Statement:
        """Return the statement; `base` is what is known of the fact, for the columns that the file lacks."""
        return statement_of(self.table, self.fields, base)

    @property
    def cells(self) -> dict[str, object]:
        """What the row says of the fact, by column of the statement; without what only identifies the row."""
        fields = self.fields
        return {name: _kept(name, fields[name]) for name in self.columns.spoken}

    def origin(self, source: str) -> Origin:
        """Return what a source says beside a statement that says just what the row does."""
        columns = self.columns.spoken
        if self.row_id is None and not self.own:
            return _plain_origin(source, columns)
        words = {name: text for name, text in self.own.items() if name in columns}
        return Origin(source=source, row=self.row_id, columns=columns, words=words)

    @property
    def key(self) -> Key:
        """What the row says in its key columns."""
        return key_of(self.table, self.fields)

    def problem(self, refusal: RefusalError) -> Problem:
        """Return a refusal at the place of the row."""
        column = refusal.field if refusal.field in self.table.columns else ""
        return Problem(Place(self.file, self.line, column or ""), str(refusal), refusal.value)

    def says_the_same(self, other: StagedFact) -> bool:
        """Return whether another row of the same fact says the same."""
        return self.value("patient") == other.value("patient") and same(self.statement(None), other.statement(None))

    def lacks(self, column: str) -> bool:
        """Return whether the row's file has no such column."""
        return column not in self.columns.places

    def complete(self, other: Fields, own: Mapping[str, str] = NO_OTHER_WORDS) -> None:
        """Take over the columns that another row of the same fact has and this one lacks, with its words for them."""
        if lacking := other.keys() - self.columns.places.keys():
            self.own = {**self.own, **{column: text for column, text in own.items() if column in lacking}}
            self._keep({**other, **self.fields})

    def _keep(self, fields: Fields) -> None:
        self.columns = columns_named(self.table.kind, tuple(fields))
        self.values = tuple(fields.values())
        self._fields = None


def _identity(table: Table, fields: Fields) -> str:
    """Return what names a fact within a batch: its reference, but of a visit without an id its key as keys compare."""
    if table.kind != "visit" or fields.get(ID_COLUMN) is not None:
        return fact_reference(table, fields)
    return f"visit/{fields['patient']}/{fields['visited_on']}/{label_key(str(fields.get(LABEL) or ''))}"


@cache
def _plain_origin(source: str, columns: tuple[str, ...]) -> Origin:
    return Origin(source=source, columns=columns)


def _kept(column: str, value: object) -> object:
    """Return a cell as a statement keeps it."""
    return EMPTY.get(column) if value is None else value


class RenamedFact(StagedFact):
    """One fact that the batch states under a pseudonym that was merged into the patient's own."""

    __slots__ = ("_under",)

    def __init__(self, row: StagedFact, patient: str) -> None:
        self._under = str(row.value("patient"))
        super().__init__(row.table, {**row.fields, "patient": patient}, file=row.file, line=row.line, own=row.own)

    @property
    def under(self) -> str | None:
        return self._under


class StagedReading(StagedFact):
    """One reading as the batch states it: the rows of its grades, wherever they stand.

    `grades` has a list an item, a place a location; `rows` has, for each item, where each grade stands, 0 where no
    row gives it.
    """

    __slots__ = ("grades", "rows")

    def __init__(
        self, table: Table, fields: Fields, *, file: str, line: int, own: Mapping[str, str] = NO_OTHER_WORDS
    ) -> None:
        super().__init__(table, fields, file=file, line=line, own=own)
        self.grades = blank_grades(method_of(table.catalogue, str(fields["method"])))
        self.rows = {item: array("q", bytes(8 * len(row))) for item, row in self.grades.items()}

    def statement(self, base: Statement | None) -> Statement:
        """Return the statement; without a column of grades, those known of the reading stay."""
        fields = {**self.fields}
        method = method_of(self.table.catalogue, str(fields["method"]))
        fields["method_version"] = method.version
        if "grade" in fields or base is None:
            fields["grades"] = {item: tuple(row) for item, row in self.grades.items()}
        fields.pop("grade", None)
        return statement_of(self.table, fields, base)

    @property
    def cells(self) -> dict[str, object]:
        """What the rows say of the reading, by column of the statement."""
        fields = {**self.fields, "grades": {item: tuple(row) for item, row in self.grades.items()}}
        return {name: _kept(name, fields[name]) for name in self.columns.spoken}
