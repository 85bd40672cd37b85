"""What appears in its place whole or not at all is made beside it first, in a folder `.spondyl.0123abcd`.

It is for its owner alone. A process that is killed leaves its folder. It held a lock on it, which ended with it; so the
next one that makes anything in that place can tell, and removes it. Where there are no such locks, as on Windows and
some file systems, nothing is removed.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex

from registry.private_files import OWNER_FOLDER


@contextmanager
def atomic_folder(place: Path) -> Iterator[Path]:
    """Lend a new folder beside a place, removed afterwards; first remove what others left who were killed."""
    _sweep(place)
    while True:
        folder = place.with_name(f".spondyl.{token_hex(4)}")
        folder.mkdir(mode=OWNER_FOLDER)
        with _locked(folder) as is_ours:
            if is_ours is False or not folder.exists():  # somebody swept it away before it was locked
                continue
            try:
                yield folder
            finally:
                shutil.rmtree(folder, ignore_errors=True)
            return


def put_by_steps(new: Path, place: Path) -> None:
    """Put a folder in the place of another, which goes where the new one was, to be removed."""
    former = new.with_name(f"{new.name}.former")
    place.rename(former)
    try:
        new.rename(place)
    except BaseException:
        former.rename(place)
        raise
    former.rename(new)


def sync(path: Path) -> None:
    """Have the system write down a file, or a folder's entries."""
    if path.is_dir() and os.name != "posix":
        return
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _sweep(place: Path) -> None:
    left = re.compile(rf"\.(spondyl|{re.escape(place.name)})\.[0-9a-f]{{8}}")  # an earlier spondyl's had the name
    for path in place.parent.iterdir() if os.name == "posix" else ():
        if left.fullmatch(path.name) and path.is_dir() and not path.is_symlink():
            with suppress(OSError), _locked(path) as is_ours:
                if is_ours:
                    shutil.rmtree(path, ignore_errors=True)


@contextmanager
def _locked(folder: Path) -> Iterator[bool | None]:
    """Lock a folder while the block lasts; say whether it could be, None where there are no locks."""
    if os.name != "posix":
        yield None
        return
    import fcntl

    opened = os.open(folder, os.O_RDONLY)
    try:
        is_ours: bool | None = True
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            is_ours = False
        except OSError:
            is_ours = None
        yield is_ours
    finally:
        os.close(opened)
