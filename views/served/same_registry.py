"""Whether the registry that a server has opened still is that one: neither migrated nor replaced since."""

from __future__ import annotations

import migrations
from registry.store.database import Database
from registry.store.head import Head
from registry.store.log import EventLog
from registry.store.opening import known_revision
from registry.store.sqlite import SQLiteDatabase


class RegistryChangedError(Exception):
    """The registry is not the one that was opened: `says` what became of it."""

    def __init__(self, says: str) -> None:
        super().__init__(says)
        self.says = says


class SameRegistry:
    """The registry of a log, as it was when it was opened."""

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._file = _file_of(log.database)

    def check(self, last: Head) -> None:
        """Raise `RegistryChangedError` where it was migrated, or does not have the end that was read of it `last`."""
        database = self._log.database
        if _file_of(database) != self._file:
            raise RegistryChangedError("another file stands in its place, or none")
        with database.reading() as connection:
            revision = known_revision(database, connection)
        if revision != migrations.HEAD:
            raise RegistryChangedError("its tables were changed by another edition of spondyl")
        if last.position and self._log.digests_at([last.position]).get(last.position) != last.digest.hex():
            raise RegistryChangedError("another registry stands in its place")


def _file_of(database: Database) -> tuple[int, int] | None:
    """Return which file a registry is, None of one on a server or where there is none any more."""
    if not isinstance(database, SQLiteDatabase) or not database.path.exists():
        return None
    found = database.path.stat()
    return found.st_dev, found.st_ino
