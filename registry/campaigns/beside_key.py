"""Small files beside a campaign's key, for their owner alone: each is put in its place whole, and one writes at a time.

They are written by the page of readers and by the command line, in several processes perhaps.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex
from typing import Final

from registry.atomic_folder import sync
from registry.errors import CampaignKeyError
from registry.new_files import writing_at
from registry.private_files import new_bytes

UNFINISHED: Final = ".unfinished."  # begins the name of a file that is being written


@contextmanager
def writing_beside(key_file: Path) -> Iterator[None]:
    """Keep everybody else from writing beside a key until the block ends; where there are no such locks, nobody.

    Raises `CampaignKeyError` where the key is not there any more.
    """
    if os.name != "posix":
        yield
        return
    import fcntl

    try:
        opened = os.open(key_file, os.O_RDONLY | os.O_CLOEXEC)
    except OSError as failure:
        raise CampaignKeyError(str(key_file), f"cannot be read: {failure.strerror or failure}") from None
    try:
        with suppress(OSError):  # a file system without locks
            fcntl.flock(opened, fcntl.LOCK_EX)
        yield
    finally:
        os.close(opened)


def put(path: Path, content: bytes) -> None:
    """Put a file in its place, whole or not at all, over one that stands there. Raises `UnwritableError`."""
    beside = path.with_name(f"{UNFINISHED}{token_hex(4)}")
    with writing_at(path):
        try:
            with new_bytes(beside) as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
        sync(path.parent)
