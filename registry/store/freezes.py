"""Freezes: names for a position of the log, given once and for ever.

A freeze is a row, by which its name is found, and an event of the log, which says that the row is as it was made. Both
are stored in one transaction. The name means the position before the event.
"""

from __future__ import annotations

import re
from getpass import getuser
from typing import Final

import msgspec
from sqlalchemy import Connection, LargeBinary, RowMapping, cast, insert, select

from registry.domain.freezes import FreezesListed, ListedFreeze, LogFrozen
from registry.domain.notes import who
from registry.domain.registry_streams import FREEZES
from registry.domain.texts import one_line
from registry.errors import DamagedFreezeError, FormatError, FreezeExistsError
from registry.store.database import Database
from registry.store.head import Clock, system_clock
from registry.store.registry_events import append_event
from registry.store.schema import freezes

# A letter first: a name is never mistaken for a position, a date or an instant.
NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,63}", re.ASCII)


IN_ORDER: Final = select(
    *(column for column in freezes.c if column.name != "digest"),
    cast(freezes.c.digest, LargeBinary).label("digest"),  # whatever it is stored as
).order_by(freezes.c.position, freezes.c.recorded_at, freezes.c.name)


class Freeze(msgspec.Struct, frozen=True, kw_only=True):
    """A named position: the log as far as it went when `actor` made the freeze, without the event of the freeze.

    `digest` is the chain's at that position. `recorded_at` is when the freeze was made, recorded clock, µs UTC.
    """

    name: str
    position: int
    digest: bytes
    recorded_at: int
    actor: str
    note: str | None


class Freezes:
    """The freezes of a registry."""

    def __init__(self, database: Database, *, clock: Clock = system_clock) -> None:
        self.database = database
        self.clock = clock

    def add(self, name: str, *, actor: str, note: str | None = None) -> Freeze:
        """Freeze the log where it ends now, be it empty, record that in the next event, and return the freeze.

        Raises `FormatError` for a name, an actor or a note that is none, `FreezeExistsError` for one that is taken.
        """
        if not NAME.fullmatch(name):
            raise FormatError("name", name, "a name of a freeze: a letter, then up to 63 of A–Z a–z 0–9 . _ -")
        actor, note = who(actor), None if note is None else one_line("note", note, wanted="what it is for, or none")
        with self.database.appending() as (connection, head):
            if (taken := _found(connection, name)) is not None:
                raise FreezeExistsError(name, position=taken.position)
            said = LogFrozen(name=name, position=head.position, actor=actor, note=note)
            made = append_event(self.database, connection, FREEZES, said, now=self.clock())
            assert made.recorded_at is not None, "an event was recorded just now"
            freeze = Freeze(
                name=name,
                position=head.position,
                digest=head.digest,
                recorded_at=made.recorded_at,
                actor=actor,
                note=note,
            )
            connection.execute(insert(freezes).values(**msgspec.structs.asdict(freeze)))
        return freeze

    def find(self, name: str) -> Freeze | None:
        """Return the freeze of a name, None where there is none."""
        with self.database.reading() as connection:
            return _found(connection, name)

    def all(self) -> list[Freeze]:
        """Return all freezes in the order of their positions, of one position in that of their making."""
        with self.database.reading() as connection:
            return _all(connection)


def list_former(database: Database, connection: Connection, *, actor: str | None, clock: Clock) -> None:
    """Record in one event which freezes there are, where there are any; inside the write lock.

    It is done once, when a registry comes from a schema whose freezes were no events: by `actor`, by default whose
    account this is. Raises `DamagedFreezeError`: what is recorded is there for ever.
    """
    if not (former := _all(connection)):
        return
    listed = [ListedFreeze(**{**msgspec.structs.asdict(freeze), "digest": freeze.digest.hex()}) for freeze in former]
    told = FreezesListed(actor=actor or getuser(), freezes=tuple(listed))
    append_event(database, connection, FREEZES, told, now=clock())


def _all(connection: Connection) -> list[Freeze]:
    return [_read(row) for row in connection.execute(IN_ORDER).mappings()]


def _found(connection: Connection, name: str) -> Freeze | None:
    row = connection.execute(select(freezes).where(freezes.c.name == name)).mappings().one_or_none()
    return None if row is None else _read(row)


def _read(row: RowMapping) -> Freeze:
    """Return the freeze of a row; a file stores in a column whatever it is given."""
    try:
        return msgspec.convert(
            {field: row[field] for field in Freeze.__struct_fields__}, Freeze, builtin_types=(bytes,)
        )
    except msgspec.ValidationError as error:
        raise DamagedFreezeError(str(row["name"]), str(error)) from None
