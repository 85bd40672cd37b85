"""Files that are made where nothing stands: no file is written over, and no link is followed to where it leads."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final

from registry.errors import UnwritableError

FOLDERS_AT_MOST: Final = 100  # within one another
FOR_ALL: Final = 0o666  # less what the umask takes away
FOR_ONE: Final = 0o600  # what may tell of a patient


@contextmanager
def writing_at(place: Path) -> Iterator[None]:
    """Let what the system refuses leave the block as `UnwritableError`."""
    try:
        yield
    except FileExistsError:
        raise UnwritableError(str(place), "something is there, and is never written over") from None
    except OSError as error:
        raise UnwritableError(str(place), error.strerror or str(error)) from None


@contextmanager
def new_file(path: Path, *, mode: int = FOR_ALL) -> Iterator[BinaryIO]:
    """Lend a new file to be written; where the block fails there is none.

    Raises `UnwritableError` where anything stands there, be it a link that leads nowhere, or the system refuses.
    """
    with writing_at(path):
        opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode)
    try:
        with writing_at(path), os.fdopen(opened, "wb") as file:
            yield file
    except BaseException:
        with suppress(OSError):
            path.unlink()
        raise


def made_folder(folder: Path) -> Path:
    """Return a folder, made with those above it where it is not there. Raises `UnwritableError`."""
    if len(folder.parts) > FOLDERS_AT_MOST:
        raise UnwritableError(str(folder), f"more than {FOLDERS_AT_MOST} folders within one another")
    with writing_at(folder):
        folder.mkdir(parents=True, exist_ok=True)
    return folder
