"""What goes wrong in a database, in the words of the eventsourcing library.

What a person can act on, a full disk, a lock that somebody keeps, a connection that is lost, a damaged file, is an
`UnreachableError` as well, so that every command refuses it in one line.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from eventsourcing import persistence
from sqlalchemy import exc

from registry.errors import UnreachableError

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


FAILURES: Final[dict[type[persistence.PersistenceError], type[BrokenDatabaseError]]] = {
    persistence.OperationalError: UnusableDatabaseError,
    persistence.InterfaceError: UnusableDatabaseError,
    persistence.DatabaseError: BrokenDatabaseError,
}
FORBIDDEN: Final = ("42501", "25006")  # SQLSTATE: a role without the right, a server that only reads


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
    message = primary or str(error).partition("\n")[0]
    if getattr(error, "sqlstate", None) in FORBIDDEN:
        return UnusableDatabaseError(place, message)
    return FAILURES[kind](place, message) if kind in FAILURES else kind(message)
