"""What goes wrong in a database, in the words of the eventsourcing library."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from eventsourcing import persistence
from sqlalchemy import exc

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


@contextmanager
def persistence_errors() -> Iterator[None]:
    """Let a failure of the database leave the block as the library's error of the same name.

    The cause is cut off: a driver's own error can quote the row that it failed on, and with it a patient.
    """
    try:
        yield
    except exc.DBAPIError as error:
        raise persistence_error(error.orig or error) from None
    except exc.TimeoutError as error:
        raise persistence.OperationalError(str(error)) from None


def persistence_error(error: BaseException) -> persistence.PersistenceError:
    """Return the library's error for a driver's, with the first line of its message and none of its details."""
    names = (ancestor.__name__ for ancestor in type(error).__mro__)
    kind = next((KINDS[name] for name in names if name in KINDS), persistence.PersistenceError)
    primary = getattr(getattr(error, "diag", None), "message_primary", None)
    return kind(primary or str(error).partition("\n")[0])
