"""Where the decoded columns of a log are kept: a cache, that can be deleted without loss.

It is a folder on this machine, or on any filesystem that Arrow reaches, for several machines. Blocks hold what
payloads say. Whoever erases a patient calls `purge_blocks` when the erasure is committed; and as an erasure is an
event, a block that was made before one is never used again, even where a reader that had begun earlier writes it
after the purge.
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, NamedTuple

from registry.errors import FormatError
from registry.private_files import Access, create_file, make_folder
from registry.store.database import Database
from registry.store.sqlite import SQLiteDatabase

SUFFIX: Final = ".blocks"
VARIABLE: Final = "SPONDYL_BLOCKS"
ROOTS: Final = "roots.json"  # beside the blocks: `registry.audit.kept_roots`
OFF: Final = "off"  # instead of a folder: nothing is read there or kept
FORMER_SUFFIX: Final = ".segments"  # the names of an earlier spondyl: what it kept is never read, and must not outlast
FORMER_VARIABLE: Final = "SPONDYL_SEGMENTS"  # an erasure
NAME: Final = re.compile(
    r"\d{12,20}-\d{12,20}-[0-9a-f]{8}", re.ASCII
)  # of the folder of one block; nothing else is ever removed


class BlocksFolder(NamedTuple):
    """A folder of blocks, which need not exist: a filesystem of Arrow and a path on it.

    On this machine, the owner and the group of its `database`, a file, may do here what they may there; without one,
    all may in a block what they may in the folder, which is made for its owner alone.

    Its methods raise `OSError` where the system refuses.
    """

    filesystem: Any
    path: str
    database: Path | None = None

    def __str__(self) -> str:
        return self.path if self.is_local else f"{self.filesystem.type_name}:{self.path}"

    @property
    def is_local(self) -> bool:
        """Whether it is on this machine."""
        return bool(self.filesystem.type_name == "local")

    def names(self) -> list[str]:
        """Return the names of the blocks there, finished or not: by where they begin, the longest first.

        Whoever is killed while they are removed one after another leaves no block that the others can do without: the
        rest is sealed or merged again, and what was half removed goes then.
        """
        from pyarrow.fs import FileSelector, FileType

        entries = self.filesystem.get_file_info(FileSelector(self.path, allow_not_found=True))
        names = [each.base_name for each in entries if each.type == FileType.Directory]
        return sorted(filter(NAME.fullmatch, names), key=_stretch)

    def create(self, name: str) -> None:
        """Make the folder of one block."""
        if not self.is_local:
            self.filesystem.create_dir(f"{self.path}/{name}")
            return
        place = Path(self.path)
        make_folder(place)
        if self.database is not None:
            with suppress(PermissionError):  # it is another's, who has it as he wants it
                self._access().give(place)
        make_folder(place / name)
        self._access().give(place / name)

    def remove(self, name: str) -> None:
        """Remove one block."""
        assert NAME.fullmatch(name)
        self.filesystem.delete_dir(f"{self.path}/{name}")

    def purge(self) -> None:
        """Remove all blocks, and the folder if it is on this machine and empty then."""
        for name in self.names():
            self.remove(name)
        if self.is_local:
            Path(self.path, ROOTS).unlink(missing_ok=True)
        if self.is_local and Path(self.path).is_dir() and not any(Path(self.path).iterdir()):
            Path(self.path).rmdir()

    def read(self, name: str, file: str, *, at_most: int) -> bytes:
        """Return the content of a file of one block; one of more bytes is refused."""
        with self.opened(name, file) as source:
            if source.size() > at_most:
                raise OSError(f"{name}/{file} has more than {at_most:,} bytes")
            return bytes(source.read())

    def opened(self, name: str, file: str) -> Any:
        """Return a file of one block, open for reading anywhere in it."""
        if self.is_local and not Path(self.path, name, file).is_file():  # whoever opens a pipe waits for ever
            raise OSError(f"{name}/{file} is no file")
        return self.filesystem.open_input_file(f"{self.path}/{name}/{file}")

    def written(self, name: str, file: str) -> Any:
        """Return a new file of one block, open for writing."""
        if self.is_local:
            place = Path(self.path, name, file)
            create_file(place)
            self._access().give(place)
        return self.filesystem.open_output_stream(f"{self.path}/{name}/{file}")

    def _access(self) -> Access:
        return Access.of_folder(Path(self.path)) if self.database is None else Access.of_file(self.database)


def _stretch(name: str) -> tuple[int, int]:
    """Return the first position of the block of a name, and less the further it reaches."""
    first, last, _ = name.split("-")
    return int(first), -int(last)


def are_off() -> bool:
    """Return whether the environment asks for no blocks: none are read, and none are made."""
    return os.environ.get(VARIABLE) == OFF


def blocks_folder(database: Database) -> BlocksFolder:
    """Return the folder of a database's blocks.

    It is the one that `SPONDYL_BLOCKS` names, a path or a URI as `s3://bucket/folder`. Without it, or where it
    says `off` and some are left from before, that of a file is beside it; that of a server's database is in the user's
    cache, below `XDG_CACHE_HOME` if set. Raises `FormatError` for a URI that Arrow cannot use.
    """
    return _named_by(VARIABLE) or _default(database, SUFFIX)


def purge_blocks(database: Database) -> None:
    """Remove all blocks of a database, and each folder if it is empty then. Raises `OSError` where some stay."""
    for folder in (blocks_folder(database), *_former_folders(database)):
        folder.purge()


def why_not_purged(database: Database) -> str | None:
    """Remove all blocks and return what stood in the way, None for nothing."""
    why_not = []
    for folder in (blocks_folder(database), *_former_folders(database)):
        try:
            folder.purge()
        except OSError as error:
            why_not.append(f"decoded columns stay in {folder}: {error.strerror or error}")
    return "; ".join(why_not) or None


def remove_former_blocks(database: Database) -> None:
    """Remove what stands at the usual place under the former name, if that can be done: nothing reads it any more."""
    former = _default(database, FORMER_SUFFIX)
    if former.path != blocks_folder(database).path:
        with suppress(OSError):
            former.purge()


def _former_folders(database: Database) -> list[BlocksFolder]:
    """Return where an earlier spondyl kept the same under the former names."""
    former = [_default(database, FORMER_SUFFIX)]
    with suppress(FormatError):  # nothing was ever kept where Arrow cannot go
        if named := _named_by(FORMER_VARIABLE):
            former.append(named)
    return former


def _named_by(variable: str) -> BlocksFolder | None:
    """Return the folder that a variable of the environment names, None where it names none."""
    from pyarrow import ArrowException
    from pyarrow.fs import FileSystem

    named = os.environ.get(variable)
    if not named or (variable == VARIABLE and named == OFF):
        return None
    if "://" not in named:
        return _local(Path(named))
    try:
        return BlocksFolder(*FileSystem.from_uri(named))
    except (ArrowException, ValueError):  # whose message quotes the URI, and with it a key
        raise FormatError(
            variable, f"{named.partition('://')[0]}://…", "the URI of a folder that Arrow reaches"
        ) from None


def _default(database: Database, suffix: str) -> BlocksFolder:
    if isinstance(database, SQLiteDatabase):
        place = Path(os.path.realpath(database.path))  # by whatever link it was opened
        return _local(place.with_name(place.name + suffix), of=place)
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return _local(cache / "spondyl" / (sha256(database.place.encode()).hexdigest()[:32] + suffix))


def _local(path: Path, *, of: Path | None = None) -> BlocksFolder:
    from pyarrow.fs import LocalFileSystem

    return BlocksFolder(LocalFileSystem(use_mmap=True), Path(os.path.realpath(path)).as_posix(), of)
