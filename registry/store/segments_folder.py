"""Where the decoded columns of a log are kept: a cache beside the database, that can be deleted without loss.

Segments hold what payloads say. Whoever erases a patient calls `purge_segments` when the erasure is committed; and as
an erasure is an event, a segment that was made before one is never used again, even where a reader that had begun
earlier writes it after the purge.
"""

from __future__ import annotations

import os
import shutil
from hashlib import sha256
from pathlib import Path
from typing import Final

from registry.store.database import Database
from registry.store.sqlite import SQLiteDatabase

SUFFIX: Final = ".segments"


def segments_folder(database: Database) -> Path:
    """Return the folder of a database's segments, which need not exist.

    That of a file is beside it; that of a server's database is in the user's cache, below `XDG_CACHE_HOME` if set.
    """
    if isinstance(database, SQLiteDatabase):
        return database.path.with_name(database.path.name + SUFFIX)
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "spondyl" / (sha256(database.place.encode()).hexdigest()[:32] + SUFFIX)


def purge_segments(database: Database) -> None:
    """Remove all segments of a database that are kept on this machine. Raises `OSError` where some stay."""
    folder = segments_folder(database)
    if folder.exists():
        shutil.rmtree(folder)


def why_not_purged(database: Database) -> str | None:
    """Remove all segments and return what stood in the way, None for nothing."""
    try:
        purge_segments(database)
    except OSError as error:
        return f"decoded columns stay in {segments_folder(database)}: {error.strerror or type(error).__name__}"
    return None
