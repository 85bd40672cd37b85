"""What an erasure still owes: the bytes of what was erased, wherever blocks and the files of the database keep them.

An erasure nulls payloads in one transaction, in which a trigger notes their positions, and overwrites afterwards what
the files still keep. A process can be killed in between: so whoever opens the registry next does what was left, or
learns what stands in the way. The notes go when it is done.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from eventsourcing.persistence import PersistenceError
from sqlalchemy import bindparam, delete, func, select

from registry.store.blocks_folder import why_not_purged
from registry.store.database import Database
from registry.store.schema import to_overwrite

WAITING: Final = 1_500  # ms, for somebody who stands in the way of what another one had begun
NOTED: Final = delete(to_overwrite).where(to_overwrite.c.position == bindparam("noted"))


class Interrupted(NamedTuple):
    """An erasure that was not finished: of how many events the files could still keep what they said.

    It was finished now, unless `why_not` says what stood in the way.
    """

    events: int
    why_not: str | None

    def __str__(self) -> str:
        of = "one event" if self.events == 1 else f"{self.events:,} events"
        if self.why_not is None:
            return f"an erasure of {of} had been interrupted; what files still kept of it is overwritten now"
        return (
            f"an erasure of {of} is not finished, files may still keep what was erased: {self.why_not}; "
            "let the owner of the database run `spondyl verify` while nobody else has it open"
        )


def to_be_overwritten(database: Database) -> int:
    """Return of how many erased events files may still keep what they said."""
    with database.reading() as connection:
        return connection.scalar(select(func.count()).select_from(to_overwrite)) or 0


def overwrite(database: Database, *, waiting: int | None = None) -> str | None:
    """Remove all blocks and write the pages anew; return what stood in the way, None for nothing.

    `waiting` is how many milliseconds to wait for others who use the database, by default as long as a writer does.
    """
    try:
        with database.reading() as connection:
            noted = connection.scalars(select(to_overwrite.c.position)).all()
        hindrances = (why_not_purged(database), database.overwrite_erased(waiting))
        if why_not := "; ".join(filter(None, hindrances)):
            return why_not
        if noted:
            with database.writing() as connection:
                connection.execute(NOTED, [{"noted": position} for position in noted])
    except PersistenceError as error:
        return str(error)
    return None


def finish(database: Database) -> Interrupted | None:
    """Do what an erasure that was interrupted had left to do; None where there was none."""
    try:
        events = to_be_overwritten(database)
    except PersistenceError:
        database.close()
        raise
    return Interrupted(events, overwrite(database, waiting=WAITING)) if events else None


def forget(database: Database) -> None:
    """Forget what is noted, of a database that was written anew as a whole: a copy has no page of another one."""
    with database.writing() as connection:
        connection.execute(delete(to_overwrite))
