"""Which process holds the write lock of a registry in a file, as far as the system says.

Linux lists the locks of all processes. To ask for one lock, as other systems let one do, the file would have to be
opened and closed, which lets go of the locks that our own process has on it: so elsewhere nobody is named.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

LOCKS: Final = Path("/proc/locks")
WRITE_LOCK: Final = {
    "": 2**30 + 1,
    "-shm": 120,
}  # the byte that is locked in the file, or in that of its write-ahead log


def holders_of(path: Path) -> Iterator[str]:
    """Yield who holds the write lock of an SQLite file, as `process 4711 (spondyl)`."""
    with suppress(OSError, RuntimeError):
        path = path.resolve(strict=True)  # its write-ahead log stands beside the file, not beside a link to it
        held = LOCKS.read_text("ascii").splitlines()
        for ending, byte in WRITE_LOCK.items():
            with suppress(OSError):
                stat = Path(f"{path}{ending}").stat()
                inode = f"{os.major(stat.st_dev):02x}:{os.minor(stat.st_dev):02x}:{stat.st_ino}"
                yield from (_described(int(lock[4])) for lock in map(str.split, held) if _covers(lock, inode, byte))


def _covers(lock: list[str], inode: str, byte: int) -> bool:
    """Return whether `1: POSIX ADVISORY WRITE 4711 08:01:1234 120 120` is another's lock on a byte of a file."""
    if len(lock) < 8 or lock[3] != "WRITE" or lock[5] != inode or int(lock[4]) == os.getpid():
        return False
    return int(lock[6]) <= byte and (lock[7] == "EOF" or byte <= int(lock[7]))


def _described(process: int) -> str:
    try:
        return f"process {process} ({Path(f'/proc/{process}/comm').read_text().strip()})"
    except OSError:
        return f"process {process}"
