"""Freezes: names for a position of the log, given once and for ever."""

from __future__ import annotations

import re
from typing import Final

import msgspec
from sqlalchemy import Connection, LargeBinary, cast, insert, select

from registry.errors import FormatError, FreezeExistsError
from registry.store.database import Database
from registry.store.head import Clock, system_clock
from registry.store.schema import freezes

# A letter first: a name is never mistaken for a position, a date or an instant.
NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,63}", re.ASCII)


class Freeze(msgspec.Struct, frozen=True, kw_only=True):
    """A named position: the log as far as it went when `actor` made the freeze.

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
        """Freeze the log where it ends now, and return the freeze.

        Raises `FormatError` for a name that is none, `FreezeExistsError` for one that is taken.
        """
        if not NAME.fullmatch(name):
            raise FormatError("name", name, "a name of a freeze: a letter, then up to 63 of A–Z a–z 0–9 . _ -")
        with self.database.appending() as (connection, head):
            if (taken := _found(connection, name)) is not None:
                raise FreezeExistsError(name, position=taken.position)
            freeze = Freeze(
                name=name,
                position=head.position,
                digest=head.digest,
                recorded_at=max(self.clock(), head.recorded_at or 0),
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
        as_bytes = cast(freezes.c.digest, LargeBinary).label("digest")  # whatever it is stored as
        others = [column for column in freezes.c if column.name != "digest"]
        in_order = select(*others, as_bytes).order_by(freezes.c.position, freezes.c.recorded_at, freezes.c.name)
        with self.database.reading() as connection:
            return [Freeze(**row) for row in connection.execute(in_order).mappings()]


def _found(connection: Connection, name: str) -> Freeze | None:
    row = connection.execute(select(freezes).where(freezes.c.name == name)).mappings().one_or_none()
    return None if row is None else Freeze(**row)
