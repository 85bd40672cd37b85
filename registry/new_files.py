"""Files that are made where nothing stands: none is written over, and no link is followed to where it leads."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Final

from registry.errors import UnwritableError
from registry.private_files import make_folder, new_bytes

NUMBERED: Final = re.compile(r"\[errno (\d{1,4})\]")  # as Arrow tells what the system said
FOLDERS_AT_MOST: Final = 100  # within one another


@contextmanager
def writing_at(place: Path) -> Iterator[None]:
    """Let what the system refuses leave the block as `UnwritableError`."""
    try:
        yield
    except FileExistsError:
        raise UnwritableError(str(place), "something is there, and is never written over") from None
    except OSError as error:
        raise UnwritableError(str(place), why_of(error)) from None


def why_of(error: OSError) -> str:
    """Return why the system refuses something, in its own words, also where a library has put others around them.

    >>> why_of(OSError("Error writing bytes to file. Detail: [errno 28] No space left on device"))
    'No space left on device'
    """
    number = NUMBERED.search(str(error))
    return os.strerror(int(number[1])) if number else error.strerror or str(error)


@contextmanager
def new_file(path: Path) -> Iterator[IO[bytes]]:
    """Lend a new file to be written, for its owner alone; where the block fails there is none.

    Raises `UnwritableError` where anything stands there, be it a link that leads nowhere, or the system refuses.
    """
    with writing_at(path):
        file = new_bytes(path)
    try:
        with writing_at(path), file:
            yield file
    except BaseException:
        with suppress(OSError):
            path.unlink()
        raise


def made_folder(folder: Path) -> Path:
    """Return a folder, made for its owner alone with those above it where it is not there. Raises `UnwritableError`."""
    if len(folder.parts) > FOLDERS_AT_MOST:
        raise UnwritableError(str(folder), f"more than {FOLDERS_AT_MOST} folders within one another")
    with writing_at(folder):
        make_folder(folder)
    return folder


def named_anew(new: Path, target: Path) -> None:
    """Give a file another name, never that of something that came there in between: then `FileExistsError`."""
    try:
        os.link(new, target)
        new.unlink()
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if os.path.lexists(target):
            raise FileExistsError from None
        new.rename(target)
