"""How a table that goes out is declared: its rows, its columns in contract order, their order, and their key.

From a declaration come the Arrow schema, the data dictionary of an export and the comparison with the manual. People
get a table as a frame, or as rows, of all of it or of a choice.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from itertools import count
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, Self, cast, get_args

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.arrow import ArrowArray, ArrowSchema, ArrowTable, ArrowType
from projections.columns.coded import coded
from projections.columns.sensitivity import SENSITIVITIES, UNTOLD

if TYPE_CHECKING:
    import pandas as pd

    from projections.columns.sensitivity import Sensitivity
    from registry.catalogue.catalogue import Catalogue

Listed = Callable[["Catalogue"], Collection[str]]
FunctionOf = Literal["patient", "patient and protocol", "campaign", "registry", "today"]
BY_PATIENT: Final[tuple[FunctionOf, ...]] = get_args(FunctionOf)[:3]  # whose change is found patient by patient

LOGICAL_TYPES: Final = {
    "string": pa.string(),
    "large_string": pa.large_string(),
    "date32": pa.date32(),
    "timestamp[us, UTC]": pa.timestamp("us", tz="UTC"),
    "timestamp[us]": pa.timestamp("us"),
    "int16": pa.int16(),
    "int32": pa.int32(),
    "int64": pa.int64(),
    "float": pa.float32(),
    "double": pa.float64(),
    "bool": pa.bool_(),
    "list<string>": pa.list_(pa.string()),
}


class Column(NamedTuple):
    """One column: `type` is the logical type, `codes` the closed list of its values where there is one.

    Where the list is that of a catalogue, `listed` gives it. `few` says that the values repeat, so
    that they are kept as numbers into a sorted list of words. `told` is what it can betray, None where nobody has said.
    """

    name: str
    type: str
    meaning: str
    unit: str | None = None
    codes: tuple[str, ...] = ()
    few: bool = False
    listed: Listed | None = None
    told: Sensitivity | None = None

    @property
    def sensitivity(self) -> Sensitivity:
        """What it can betray; the most, where nobody has said."""
        return self.told or UNTOLD

    def codes_in(self, catalogue: Catalogue) -> tuple[str, ...]:
        """Return the closed list of its values as a catalogue has it; nothing where the list is open."""
        return self.codes if self.listed is None else tuple(self.listed(catalogue))

    @property
    def arrow_type(self) -> ArrowType:
        """The type of the column in memory."""
        kept = LOGICAL_TYPES[self.type]
        return pa.dictionary(pa.int32(), kept) if self.few else kept


def word(name: str, meaning: str, *codes: str, listed: Listed | None = None) -> Column:
    """Declare a column of words that repeat; `codes` are all that it can hold, where the list is closed.

    Where the catalogue has the list, `listed` gives it.
    """
    return Column(name, "string", meaning, codes=codes, few=True, listed=listed)


def text(name: str, meaning: str) -> Column:
    """Declare a column of texts that are different from row to row."""
    return Column(name, "string", meaning)


def day(name: str, meaning: str) -> Column:
    """Declare a column of days on the clinical clock."""
    return Column(name, "date32", meaning)


def number(name: str, meaning: str, *, type_: str = "int16", unit: str | None = None) -> Column:
    """Declare a column of numbers."""
    return Column(name, type_, meaning, unit)


def yes_no(name: str, meaning: str) -> Column:
    """Declare a column of truth values."""
    return Column(name, "bool", meaning)


def words(name: str, meaning: str, *codes: str) -> Column:
    """Declare a column of lists of words."""
    return Column(name, "list<string>", meaning, codes=codes)


def told_of(columns: Iterable[Column], words: Mapping[str, str]) -> tuple[Column, ...]:
    """Return columns with what they can betray: by each word of `projections.columns.sensitivity`, their names."""
    kept = tuple(columns)
    told = {name: cast("Sensitivity", word) for word, names in words.items() for name in names.split()}
    assert words.keys() <= set(SENSITIVITIES), words
    assert told.keys() <= {column.name for column in kept}, told
    return tuple(each._replace(told=told.get(each.name, each.told)) for each in kept)


class ForeignKey(msgspec.Struct, frozen=True):
    """Columns that are null, one of them, or stand together in the columns `references` of a row of another table."""

    columns: tuple[str, ...]
    table: str
    references: tuple[str, ...]


def refers(columns: str, table: str, references: str | None = None) -> ForeignKey:
    """Declare a foreign key; the columns that it refers to have the same names unless they are given."""
    return ForeignKey(tuple(columns.split()), table, tuple((references or columns).split()))


OF_PATIENT: Final = refers("patient", "patients")


class Table(NamedTuple):
    """One table that goes out: what a row is, the columns by which rows are sorted, all columns in order.

    `edition` counts the rules by which it was made, from 1: another one gives other rows of the same log. `key` are the
    columns that no two rows have alike; they and `never_null` have a value in every row, at every point in time.
    `function_of` is on what the rows of a patient depend, while `as_of` has no limit: on the events of the `patient`
    alone; on these `and protocol`, the registry's; on these and what is recorded of any `campaign`; on everything in
    the `registry`; or on the day of `today`, too.
    `ids` are the numbers of the columns where some of them were left out, none where they follow from the places.
    """

    name: str
    rows: str
    order: tuple[str, ...]
    columns: tuple[Column, ...]
    edition: int = 1
    key: tuple[str, ...] = ()
    never_null: frozenset[str] = frozenset()
    foreign_keys: tuple[ForeignKey, ...] = ()
    function_of: FunctionOf = "registry"
    ids: tuple[int, ...] = ()

    def keyed(
        self, key: str, *foreign_keys: ForeignKey, never_null: str = "", betrays: Mapping[str, str] | None = None
    ) -> Self:
        """Declare the key, the foreign keys, which other columns are never null, and what each column can betray.

        `betrays` has, by each word of `projections.columns.sensitivity`, the names of columns.
        """
        columns = tuple(key.split())
        full = frozenset((*columns, *never_null.split()))
        named = full.union(*(each.columns for each in foreign_keys))
        assert named <= {column.name for column in self.columns}, named
        told = told_of(self.columns, betrays or {})
        return self._replace(columns=told, key=columns, never_null=full, foreign_keys=foreign_keys)

    def without(self, names: Collection[str]) -> Self:
        """Return the table without some columns; the others keep their numbers. What refers by one of them is gone."""
        kept = tuple(column for column in self.columns if column.name not in names)
        assert not set(names) & set(self.key), names
        return self._replace(
            columns=kept,
            order=tuple(name for name in self.order if name not in names),
            never_null=self.never_null.difference(names),
            foreign_keys=tuple(each for each in self.foreign_keys if not set(each.columns) & set(names)),
            ids=tuple(self.field_ids[column.name] for column in kept),
        )

    @property
    def schema(self) -> ArrowSchema:
        """The Arrow schema in memory."""
        return pa.schema([(column.name, column.arrow_type) for column in self.columns])

    @property
    def field_ids(self) -> dict[str, int]:
        """The number of each column: its place, from 1, for columns are added at the end and none is taken away."""
        return {column.name: number for number, column in zip(self.ids or count(1), self.columns)}

    def in_order(self, names: Collection[str]) -> tuple[str, ...]:
        """Return some of the columns' names in the order of the columns."""
        return tuple(column.name for column in self.columns if column.name in names)

    def of(self, arrays: Mapping[str, ArrowArray] | ArrowTable) -> ArrowTable:
        """Return the Arrow table of arrays by column, from a mapping or a table; they take on the declared types."""
        return pa.Table.from_arrays([_kept(arrays[column.name], column) for column in self.columns], schema=self.schema)


def declared(
    name: str,
    rows: str,
    *,
    order: str,
    columns: tuple[Column, ...],
    edition: int = 1,
    function_of: FunctionOf = "registry",
) -> Table:
    """Declare a table; `rows` completes "one row per", `order` names the sort columns, the first first.

    `edition` is one more than before where a rule changes what stands in it; docs/editions.md says what changed.
    A table that is exported is `keyed`, too.
    """
    table = Table(name, rows, tuple(order.split()), columns, edition, function_of=function_of)
    assert set(table.order) <= {column.name for column in columns}
    return table


def tabled(table: Table, rows: Iterable[Mapping[str, object]]) -> ArrowTable:
    """Return rows, in their order, as an Arrow table with the declared columns and types."""
    kept = list(rows)
    return table.of(
        {
            column.name: pa.array([row[column.name] for row in kept], LOGICAL_TYPES[column.type])
            for column in table.columns
        }
    )


def frame(table: ArrowTable) -> pd.DataFrame:
    """Return an Arrow table as a frame: days as datetime64, repeating words as categories in alphabetical order.

    Whole numbers and truth values keep their nulls as `<NA>`, whatever the rows; doubles have NaN for null.
    """
    import pandas as pd

    nullable = {
        pa.int16(): pd.Int16Dtype(),
        pa.int32(): pd.Int32Dtype(),
        pa.int64(): pd.Int64Dtype(),
        pa.bool_(): pd.BooleanDtype(),
    }
    made: pd.DataFrame = table.to_pandas(types_mapper=nullable.get, date_as_object=False)
    return made


def rows(table: ArrowTable) -> list[dict[str, object]]:
    """Return the rows of an Arrow table, each by the names of the columns; null as None, a day as a date.

    Words are written out first: Arrow would look each one up in its dictionary as an object of its own.
    """
    plain = [
        pa.field(field.name, field.type.value_type) if pa.types.is_dictionary(field.type) else field
        for field in table.schema
    ]
    made: list[dict[str, object]] = table.cast(pa.schema(plain)).to_pylist()
    return made


def only(table: ArrowTable, **words: str | None) -> ArrowTable:
    """Return the rows whose columns have the given words; a column whose word is None does not matter."""
    for column, value in words.items():
        if value is not None:
            table = table.filter(pc.equal(table[column], value))
    return table


def count_by(table: ArrowTable, *columns: str) -> list[dict[str, object]]:
    """Return how many rows (`n`) have each combination of values in the columns, in the order of the values."""
    counted = table.select(columns).group_by(list(columns)).aggregate([([], "count_all")])
    rows = counted.rename_columns([*columns, "n"]).to_pylist()
    return sorted(
        rows, key=lambda row: [(row[name] is None, "" if row[name] is None else row[name]) for name in columns]
    )


def _kept(array: ArrowArray, column: Column) -> ArrowArray:
    """Return an array as a column keeps it; words that repeat become codes into a sorted list."""
    if array.type == column.arrow_type:
        return array
    array = array.cast(LOGICAL_TYPES[column.type])
    return coded(array).array() if column.few else array
