"""What appears in its place whole or not at all is made beside it first, in a folder `.NAME.0123abcd`.

A process that is killed leaves its folder. It held a lock on it, which ended with it; so the next one that makes the
same thing can tell, and removes it. Where the system has no such locks, nothing is removed.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex


@contextmanager
def atomic_folder(place: Path) -> Iterator[Path]:
    """Lend a new folder beside a place, removed afterwards; first remove what others left who were killed."""
    _sweep(place)
    while True:
        folder = place.with_name(f".{place.name}.{token_hex(4)}")
        folder.mkdir()
        with _locked(folder) as is_ours:
            if not is_ours or not folder.exists():  # somebody swept it away before it was locked
                continue
            try:
                yield folder
            finally:
                shutil.rmtree(folder, ignore_errors=True)
            return


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
    left = re.compile(rf"\.{re.escape(place.name)}\.[0-9a-f]{{8}}")
    for path in place.parent.iterdir() if os.name == "posix" else ():
        if left.fullmatch(path.name) and path.is_dir() and not path.is_symlink():
            with suppress(FileNotFoundError), _locked(path) as is_ours:
                if is_ours:
                    shutil.rmtree(path, ignore_errors=True)


@contextmanager
def _locked(folder: Path) -> Iterator[bool]:
    """Lock a folder while the block lasts, and say whether it could be."""
    if os.name != "posix":
        yield True
        return
    import fcntl

    opened = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
            is_ours = True
        except OSError:
            is_ours = False
        yield is_ours
    finally:
        os.close(opened)
