"""Where the decoded columns of a log are kept: a cache, that can be deleted without loss.

It is a folder on this machine, or on any filesystem that Arrow reaches, for several machines. Segments hold what
payloads say. Whoever erases a patient calls `purge_segments` when the erasure is committed; and as an erasure is an
event, a segment that was made before one is never used again, even where a reader that had begun earlier writes it
after the purge.
"""

from __future__ import annotations

import os
import re
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, NamedTuple

from registry.errors import FormatError
from registry.store.database import Database
from registry.store.sqlite import SQLiteDatabase

SUFFIX: Final = ".segments"
VARIABLE: Final = "SPONDYL_SEGMENTS"
NAME: Final = re.compile(r"\d{12,}-\d{12,}-[0-9a-f]{8}")  # of the folder of one segment; nothing else is ever removed


class SegmentsFolder(NamedTuple):
    """A folder of segments, which need not exist: a filesystem of Arrow and a path on it.

    Its methods raise `OSError` where the system refuses.
    """

    filesystem: Any
    path: str

    def __str__(self) -> str:
        return self.path if self.is_local else f"{self.filesystem.type_name}:{self.path}"

    @property
    def is_local(self) -> bool:
        """Whether it is on this machine."""
        return bool(self.filesystem.type_name == "local")

    def names(self) -> list[str]:
        """Return the names of the segments there, finished or not."""
        from pyarrow.fs import FileSelector, FileType

        found = self.filesystem.get_file_info(FileSelector(self.path, allow_not_found=True))
        return sorted(
            each.base_name for each in found if each.type == FileType.Directory and NAME.fullmatch(each.base_name)
        )

    def create(self, name: str) -> None:
        """Make the folder of one segment; what is in there on this machine is for its owner alone."""
        if self.is_local:
            Path(self.path).mkdir(mode=0o700, parents=True, exist_ok=True)
        self.filesystem.create_dir(f"{self.path}/{name}")

    def remove(self, name: str) -> None:
        """Remove one segment."""
        assert NAME.fullmatch(name)
        self.filesystem.delete_dir(f"{self.path}/{name}")

    def read(self, name: str, file: str) -> bytes:
        """Return the content of a file of one segment."""
        with self.opened(name, file) as source:
            return bytes(source.read())

    def opened(self, name: str, file: str) -> Any:
        """Return a file of one segment, open for reading anywhere in it."""
        return self.filesystem.open_input_file(f"{self.path}/{name}/{file}")

    def written(self, name: str, file: str) -> Any:
        """Return a new file of one segment, open for writing."""
        return self.filesystem.open_output_stream(f"{self.path}/{name}/{file}")


def segments_folder(database: Database) -> SegmentsFolder:
    """Return the folder of a database's segments.

    It is the one that `SPONDYL_SEGMENTS` names, a path or a URI as `s3://bucket/folder`. Without it that of a file is
    beside it; that of a server's database is in the user's cache, below `XDG_CACHE_HOME` if set. Raises `FormatError`
    for a URI that Arrow cannot use.
    """
    from pyarrow import ArrowException
    from pyarrow.fs import FileSystem, LocalFileSystem

    named = os.environ.get(VARIABLE)
    if named and "://" in named:
        try:
            return SegmentsFolder(*FileSystem.from_uri(named))
        except (ArrowException, ValueError) as error:
            raise FormatError(VARIABLE, named, f"the URI of a folder that Arrow reaches: {error}") from None
    path = Path(named).resolve() if named else _default(database)
    return SegmentsFolder(LocalFileSystem(use_mmap=True), path.as_posix())


def purge_segments(database: Database) -> None:
    """Remove all segments of a database, and the folder if it is empty then. Raises `OSError` where some stay."""
    folder = segments_folder(database)
    for name in folder.names():
        folder.remove(name)
    if folder.is_local and Path(folder.path).is_dir() and not any(Path(folder.path).iterdir()):
        Path(folder.path).rmdir()


def why_not_purged(database: Database) -> str | None:
    """Remove all segments and return what stood in the way, None for nothing."""
    try:
        purge_segments(database)
    except OSError as error:
        return f"decoded columns stay in {segments_folder(database)}: {error.strerror or error}"
    return None


def _default(database: Database) -> Path:
    if isinstance(database, SQLiteDatabase):
        return database.path.with_name(database.path.name + SUFFIX).resolve()
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "spondyl" / (sha256(database.place.encode()).hexdigest()[:32] + SUFFIX)
