"""A registry's database: what both stores can do, each in its own way, and what goes wrong there.

A failure has the words of the eventsourcing library. What a person can act on, a full disk, a lock that somebody keeps,
a connection that is lost, a damaged file, is an `UnreachableError` as well, so that every command refuses it in one
line.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Final

from eventsourcing import persistence
from sqlalchemy import ColumnElement, Connection, Engine, TextClause, exc

from registry.errors import UnreachableError
from registry.store.damage import Inspection
from registry.store.event_rows import EventRow
from registry.store.head import Head, head_of

KINDS: Final[dict[str, type[persistence.PersistenceError]]] = {  # PEP 249 gives every driver these names
    kind.__name__: kind
    for kind in (
        persistence.InterfaceError,
        persistence.DataError,
        persistence.OperationalError,
        persistence.IntegrityError,
        persistence.InternalError,
        persistence.ProgrammingError,
        persistence.NotSupportedError,
        persistence.DatabaseError,
    )
}


class BrokenDatabaseError(persistence.DatabaseError, UnreachableError):
    """A database that cannot be used any more, as a file that is damaged."""


class UnusableDatabaseError(persistence.OperationalError, BrokenDatabaseError):
    """A database that cannot be used now: its disk is full, its lock taken, its server gone."""


class LockedDatabaseError(UnusableDatabaseError):
    """A database whose lock somebody keeps: `why` says who, as far as the store lets one know."""


FAILURES: Final[dict[type[persistence.PersistenceError], type[BrokenDatabaseError]]] = {
    persistence.OperationalError: UnusableDatabaseError,
    persistence.InterfaceError: UnusableDatabaseError,
    persistence.DatabaseError: BrokenDatabaseError,
}
ENDED: Final = ("42501", "25006", "25P03")  # SQLSTATE: no right, a server that only reads, a writer who did nothing
LOCKED: Final = ("55P03", "SQLITE_BUSY")  # SQLSTATE, or what SQLite calls it: the wait for a lock was given up


@contextmanager
def persistence_errors(place: str) -> Iterator[None]:
    """Let a failure of the database at a place leave the block as the library's error of the same name.

    The cause is cut off: a driver's own error can quote the row that it failed on, and with it a patient.
    """
    try:
        yield
    except exc.DBAPIError as error:
        raise persistence_error(error.orig or error, place) from None
    except exc.TimeoutError as error:
        raise UnusableDatabaseError(place, str(error)) from None


def persistence_error(error: BaseException, place: str) -> persistence.PersistenceError:
    """Return the library's error for a driver's, with the first line of its message and none of its details."""
    names = (ancestor.__name__ for ancestor in type(error).__mro__)
    kind = next((KINDS[name] for name in names if name in KINDS), persistence.PersistenceError)
    primary = getattr(getattr(error, "diag", None), "message_primary", None)
    message = primary or str(error).partition("\n")[0].partition(" with text ")[0]  # SQLite's driver quotes the text
    code = getattr(error, "sqlstate", None) or getattr(error, "sqlite_errorname", None)
    if code in LOCKED:
        return LockedDatabaseError(place, message)
    if code in ENDED:
        return UnusableDatabaseError(place, message)
    return FAILURES[kind](place, message) if kind in FAILURES else kind(message)


class Database(ABC):
    """An open database. `place` is where it is, fit for a message: it never holds a password.

    `stream_bytes` is the stream column read as 16 bytes; `topic_bytes` and `payload_bytes` are what was hashed, whether
    or not it still is text; `study_code` is the code of the imaging study that an event states, written as the partial
    index has it. `row_id` is the id of the source's row that an event comes from, as far as that is indexed, and
    `has_row_id` the condition of its index.
    """

    stream_bytes: ColumnElement[bytes]
    topic_bytes: ColumnElement[bytes]
    payload_bytes: ColumnElement[bytes | None]
    study_code: ColumnElement[str]
    row_id: ColumnElement[str]
    has_row_id: TextClause
    in_given_streams: ColumnElement[bool]

    def __init__(self, engine: Engine, place: str) -> None:
        self.engine = engine
        self.place = place
        self.settles_late = False  # whether the first that writes makes the settings that are kept in the database

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Lend a connection for reading; it never waits for a writer, nor a writer for it."""
        with persistence_errors(self.place), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Lend the only connection that writes; the block is one transaction, undone by any exception.

        Raises `LockedDatabaseError` where somebody keeps the lock for more than a minute, with who it is.
        """
        if self.settles_late:
            self.settles_late = False
            self.settle()
        with self._naming_the_holder(), persistence_errors(self.place), self._locked() as connection:
            yield connection

    @contextmanager
    def _naming_the_holder(self) -> Iterator[None]:
        """Let a wait for a lock that was given up say who holds it."""
        try:
            yield
        except LockedDatabaseError as error:
            raise LockedDatabaseError(self.place, self.holder() or error.why) from None

    @contextmanager
    def appending(self) -> Iterator[tuple[Connection, Head]]:
        """Lend the connection that writes, as `writing` does, and say where the log ends until the block adds to it."""
        with self.writing() as connection:
            yield connection, head_of(connection)

    @abstractmethod
    def only_read(self) -> None:
        """Have the database refuse whatever would write, on every connection made from now on."""

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    @abstractmethod
    def _locked(self) -> AbstractContextManager[Connection]:
        """Begin a transaction that holds the write lock from its first statement on."""

    @abstractmethod
    def holder(self) -> str | None:
        """Return a sentence about who holds the lock, and what can be done; None where it cannot be known."""

    @abstractmethod
    def is_empty(self) -> bool:
        """Return whether nothing is there yet, not even a database. Raises `NotARegistryError` for any other file."""

    def prepare(self) -> None:  # noqa: B027 – most databases need nothing
        """Make what has to be there before a database can be created where nothing is."""

    @abstractmethod
    def tables_in_the_way(self, connection: Connection) -> Sequence[str]:
        """Return the tables of something else that a registry must not share a database with."""

    @abstractmethod
    def settle(self) -> None:
        """Make the settings that are kept in the database; call it only once it is known to be a registry."""

    @abstractmethod
    def overwrite_erased(self, waiting: int | None = None) -> str | None:
        """Write the pages anew, so that none keeps what was erased; return what stood in the way, None for nothing.

        Others are waited for as a writer waits, or `waiting` milliseconds.
        """

    @abstractmethod
    def inspected(self, *, rows: bool) -> Inspection:
        """Return what of the database is not as the migrations make it; with `rows` each index is held against them."""

    @abstractmethod
    def append(self, connection: Connection, rows: Iterable[EventRow]) -> int:
        """Write sealed events in one go, inside the lock; return how many there were."""

    @abstractmethod
    def joined_lines(self, texts: ColumnElement[Any]) -> ColumnElement[bytes]:
        """Return the texts of a group's rows, one a line, UTF-8; whatever is joined of a group is in one order."""

    @abstractmethod
    def joined_bytes(self, values: ColumnElement[bytes]) -> ColumnElement[bytes]:
        """Return the bytes of a group's rows end to end, in the order of `joined_lines`."""

    @abstractmethod
    def given_streams(self, streams: Iterable[bytes]) -> dict[str, object]:
        """Return the parameters of `in_given_streams`; there may be any number of streams."""

    @abstractmethod
    def given_stream(self, stream: bytes) -> dict[str, object]:
        """Return the parameter `stream` of a condition that an event is of one stream."""

    @abstractmethod
    def in_streams(self, streams: Iterable[bytes]) -> ColumnElement[bool]:
        """Return the condition that an event is of one of the streams; there may be any number of them."""

    @abstractmethod
    def is_any(self, column: ColumnElement[str], texts: Iterable[str]) -> ColumnElement[bool]:
        """Return the condition that a column has one of some texts; there may be any number of them."""
