"""One run at a time in the folder of a feed, and nothing left of one that was killed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from projections.errors import FeedError
from projections.feed.batch_files import BATCHES, UNFINISHED
from registry.new_files import why_of
from registry.private_files import OWNER_FILE

if TYPE_CHECKING:
    from projections.feed.batch_files import Head

LOCK: Final = ".lock"


@contextmanager
def writing_in(place: Path) -> Iterator[None]:
    """Keep everybody else from writing in the folder of a feed; what the system refuses leaves it as `FeedError`.

    Raises `FeedError` where another run is at work. Where there are no such locks, as on Windows, nobody is kept out.
    """
    try:
        with alone_in(place):
            yield
    except BlockingIOError:
        raise FeedError(place, "another run is writing here; wait until it is done") from None
    except OSError as error:
        raise FeedError(place, f"cannot be written: {why_of(error)}") from error


def remove_leftovers(place: Path, head: Head) -> None:
    """Remove what a killed run left: batches that the head does not list, and unfinished files."""
    listed = {each.folder for each in head.batches}
    for path in (place / BATCHES).iterdir():
        if path.name not in listed:
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    for path in place.glob(f"{UNFINISHED}*"):
        path.unlink()


@contextmanager
def alone_in(place: Path) -> Iterator[None]:
    """Hold the lock of a folder. Raises `BlockingIOError` where somebody else holds it."""
    if os.name != "posix":
        yield
        return
    import fcntl

    opened = os.open(place / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, OWNER_FILE)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(opened)
