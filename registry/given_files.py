"""Small files that somebody gives, read whole: a device or a pipe, of which nobody knows when it ends, is none."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path


def given_bytes(file: Path | str, *, at_most: int) -> bytes:
    """Return what a file holds, `at_most` so many bytes.

    Raises `OSError`, whose `strerror` says why: as the system does, and for what is no file or is larger.
    """
    with open(file, "rb", opener=_without_waiting) as content:
        found = os.fstat(content.fileno())
        if not stat.S_ISREG(found.st_mode):
            raise OSError(errno.EINVAL, "it is no file, but a pipe or a device", str(file))
        if found.st_size > at_most:
            raise OSError(errno.EFBIG, f"it has {found.st_size:,} bytes; {at_most:,} at most", str(file))
        return content.read(at_most)


def _without_waiting(path: str, flags: int) -> int:
    """Open a file; of a pipe, without waiting for somebody who writes into it."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
