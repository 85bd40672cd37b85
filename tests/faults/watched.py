"""Watching who may read what a process writes, from the first byte on.

A file that is made readable and then closed to others is seen in the process: whenever Python changes a mode, renames
or removes something, the mode that it had until then is looked at. What other libraries make and remove again is seen
by looking at the folder without a pause while the process works.
"""

from __future__ import annotations

import os
import stat
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

PAUSE: Final = 0.0005  # seconds between two looks
MOVED_OR_CHANGED: Final = frozenset(("os.chmod", "os.rename", "os.remove", "os.rmdir"))


def commands(working: Connection, folder: Path, umask: int, lines: Sequence[Sequence[str]]) -> None:
    """Run command lines one after the other in a folder; tell the exit code of each, and at last what was open when."""
    from cli.main import spondyl
    from projections.log import blocks

    blocks.EVENTS_AT_MOST, blocks.TAIL_EVENTS = 200, 50  # type: ignore[misc]
    os.chdir(folder)
    os.umask(umask)
    os.environ |= {"HOME": str(folder), "TMPDIR": str(folder), "SQLITE_TMPDIR": str(folder), "SPONDYL_ACTOR": "ines"}
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    seen: list[str] = []
    sys.addaudithook(_looking(folder, seen))
    for line in lines:
        working.send((line, _code(lambda line=line: spondyl(line, "spondyl", standalone_mode=False))))  # type: ignore[misc]
    working.send(seen)


def _code(run: Callable[[], object]) -> object:
    try:
        run()
    except SystemExit as ended:
        return ended.code
    except Exception as error:  # noqa: BLE001 – told, and asserted where it is heard
        return repr(error)
    return 0


def _looking(folder: Path, seen: list[str]) -> Callable[[str, tuple[Any, ...]], None]:
    def look(event: str, arguments: tuple[Any, ...]) -> None:
        if event not in MOVED_OR_CHANGED:
            return
        within = arguments[-1] if event in ("os.remove", "os.rmdir", "os.chmod") else -1
        with suppress(OSError):
            found = os.lstat(arguments[0], dir_fd=within if within >= 0 else None)
            if is_open(found):
                seen.append(f"{event} of {os.fsdecode(arguments[0])}, {stat.filemode(found.st_mode)} until then")

    return look


def is_open(found: os.stat_result) -> bool:
    """Return whether somebody else than the owner may use a file or folder."""
    return not stat.S_ISLNK(found.st_mode) and bool(found.st_mode & 0o077)


@contextmanager
def watched(folder: Path) -> Iterator[set[str]]:
    """Look at all that is in a folder without a pause while the block lasts; lend the set of what others could use."""
    seen: set[str] = set()
    stopped = threading.Event()

    def watch() -> None:
        while not stopped.is_set():
            seen.update(open_to_others(folder))
            time.sleep(PAUSE)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield seen
    finally:
        stopped.set()
        thread.join()


def open_to_others(folder: Path) -> Iterator[str]:
    """Yield the files and folders within a folder that somebody else than the owner may use, with their modes."""
    for place, folders, files in os.walk(folder):
        for name in (*folders, *files):
            with suppress(OSError):
                found = os.lstat(os.path.join(place, name))  # noqa: PTH118 – walked without a pause
                if is_open(found):
                    yield f"{os.path.relpath(os.path.join(place, name), folder)} {stat.filemode(found.st_mode)}"  # noqa: PTH118
