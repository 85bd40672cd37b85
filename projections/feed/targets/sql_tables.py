"""The tables of a target in SQL, in the words that DuckDB and PostgreSQL share.

A row is known by `_row_key`, which stands first, so that columns that are added come at the end as in an export. The
changes of a batch stand in `_changes` before they are carried out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

from projections.columns.tables import Column, Table, number, text
from projections.feed.change_files import CHANGE_TYPE, KNOWN_FROM, POSITION, ROW_KEY
from projections.feed.row_changes import DELETE, INSERT, POSTIMAGE, PREIMAGE

if TYPE_CHECKING:
    from projections.feed.targets.target import Rule

STATE: Final = "_spondyl_feed"
INCOMING: Final = "_changes"
HISTORY: Final = "_history"  # ends the name of a table's history
AS_KNOWN, CURRENT = "_as_known", "_current"  # end the names of its views
KNOWN_FROM_POSITION, KNOWN_TO_POSITION, KNOWN_TO = "_known_from_position", "_known_to_position", "_known_to"
KEY: Final = text(ROW_KEY, "the values of the key, a canonical JSON array of texts")
VERSION: Final = (
    number(KNOWN_FROM_POSITION, "position from which on the row was known as it is", type_="int64"),
    number(KNOWN_TO_POSITION, "position from which on it no longer was, null while it is", type_="int64"),
    Column(KNOWN_FROM, "timestamp[us, UTC]", "instant of the first"),
    Column(KNOWN_TO, "timestamp[us, UTC]", "instant of the second"),
)
GONE: Final = f"c.{CHANGE_TYPE} IN ('{PREIMAGE}', '{DELETE}')"
COME: Final = f"c.{CHANGE_TYPE} IN ('{INSERT}', '{POSTIMAGE}')"


class Dialect(NamedTuple):
    """What a database calls the logical types, and the type of `_row_key` with how it is ordered: byte by byte."""

    types: Mapping[str, str]
    key_type: str


class SqlTable(NamedTuple):
    """A table of a target: as the registry declares it, in a schema, whose name with its point is the `prefix`."""

    table: Table
    prefix: str = ""

    @property
    def name(self) -> str:
        """Its name in statements."""
        return f"{self.prefix}{quoted(self.table.name)}"

    @property
    def history(self) -> str:
        """The name of its history in statements."""
        return f"{self.prefix}{quoted(self.table.name + HISTORY)}"

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of its own columns, in order."""
        return tuple(column.name for column in self.table.columns)

    def created(self, dialect: Dialect, *, with_history: bool) -> Iterator[str]:
        """Yield the statements that make it."""
        own = [_declared(column, dialect) for column in self.table.columns]
        key = f"{ROW_KEY} {dialect.key_type} NOT NULL"
        yield f"CREATE TABLE {self.name} ({', '.join([key, *own])})"
        if with_history:
            version = [_declared(column, dialect) for column in VERSION]
            yield f"CREATE TABLE {self.history} ({', '.join([key, *version, *own])})"

    def with_columns(self, names: Iterable[str], dialect: Dialect, *, with_history: bool) -> Iterator[str]:
        """Yield the statements that add columns to it, null in the rows that are there."""
        places = (self.name, self.history) if with_history else (self.name,)
        for name in names:
            column = next(each for each in self.table.columns if each.name == name)
            yield from (f"ALTER TABLE {place} ADD COLUMN {_declared(column, dialect)}" for place in places)

    def removed(self) -> str:
        """Return the statement that removes what the incoming changes say, where it is as they say it was."""
        same = " AND ".join(f"t.{quoted(name)} IS NOT DISTINCT FROM c.{quoted(name)}" for name in self.columns)
        return (
            f"DELETE FROM {self.name} AS t USING {INCOMING} AS c WHERE t.{ROW_KEY} = c.{ROW_KEY} AND {GONE} AND {same}"
        )

    def clashing(self) -> str:
        """Return the question how many rows are there that the incoming changes would add."""
        return f"SELECT count(*) FROM {self.name} AS t JOIN {INCOMING} AS c ON t.{ROW_KEY} = c.{ROW_KEY} WHERE {COME}"

    def added(self) -> str:
        """Return the statement that adds what the incoming changes say."""
        names = listed((ROW_KEY, *self.columns))
        return f"INSERT INTO {self.name} ({names}) SELECT {names} FROM {INCOMING} AS c WHERE {COME}"

    def ended(self) -> str:
        """Return the statement by which versions are no longer current that the incoming changes remove."""
        return (
            f"UPDATE {self.history} AS h SET {KNOWN_TO_POSITION} = c.{POSITION}, {KNOWN_TO} = c.{KNOWN_FROM} "
            f"FROM {INCOMING} AS c WHERE h.{ROW_KEY} = c.{ROW_KEY} AND h.{KNOWN_TO_POSITION} IS NULL AND {GONE}"
        )

    def never_known(self) -> str:
        """Return the statement that removes versions that ended where they began, as a restated batch leaves them."""
        return f"DELETE FROM {self.history} WHERE {KNOWN_FROM_POSITION} = {KNOWN_TO_POSITION}"

    def begun(self) -> str:
        """Return the statement that adds the versions that the incoming changes add."""
        names, columns = (ROW_KEY, KNOWN_FROM_POSITION, KNOWN_FROM), listed(self.columns)
        return (
            f"INSERT INTO {self.history} ({', '.join(names)}, {columns}) "
            f"SELECT {ROW_KEY}, {POSITION}, {KNOWN_FROM}, {columns} FROM {INCOMING} AS c WHERE {COME}"
        )

    def as_known(self, position: str) -> str:
        """Return the query for the rows as they were known at a position, an expression."""
        return (
            f"SELECT {listed((ROW_KEY, *self.columns))} FROM {self.history} "
            f"WHERE {KNOWN_FROM_POSITION} <= {position} "
            f"AND ({KNOWN_TO_POSITION} IS NULL OR {KNOWN_TO_POSITION} > {position})"
        )

    def current(self) -> str:
        """Return the query for the versions that are current, with since when they are known."""
        names = listed((ROW_KEY, KNOWN_FROM_POSITION, KNOWN_FROM, *self.columns))
        return f"SELECT {names} FROM {self.history} WHERE {KNOWN_TO_POSITION} IS NULL"

    def in_order(self, *, of_history: bool = False) -> str:
        """Return the query for its rows in the order of their keys, of its history those that are current."""
        place = f"{self.history} WHERE {KNOWN_TO_POSITION} IS NULL" if of_history else self.name
        return f"SELECT {listed(self.columns)} FROM {place} ORDER BY {ROW_KEY}"


def quoted(name: str) -> str:
    """Return a name as an identifier of SQL."""
    return '"' + name.replace('"', '""') + '"'


def listed(names: Iterable[str]) -> str:
    """Return names as a list of identifiers."""
    return ", ".join(map(quoted, names))


def declared_columns(table: Table, dialect: Dialect) -> str:
    """Return the columns of a table as a statement declares them, with those of a key that are never null."""
    return ", ".join(_declared(column, dialect) for column in table.columns)


def added_columns(before: Rule | None, after: Rule) -> tuple[str, ...] | None:
    """Return the columns that a rule has more than another one; None where there was no table before."""
    return None if before is None else tuple(name for name in after.columns if name not in before.columns)


def _declared(column: Column, dialect: Dialect) -> str:
    return f"{quoted(column.name)} {dialect.types[column.type]}"
