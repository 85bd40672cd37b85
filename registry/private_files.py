"""Files and folders for their owner alone, from their first byte on: what they hold are patients.

The mode is given to the system as it makes them, so that there is no instant at which somebody else can open them; a
umask can take bits away, never add any, and is left as it is, but where a library makes files of its own. What others
may use as well gets that afterwards. Where a system has no such modes, as Windows, the rights of the folder in which
they are made hold, and nothing here changes them.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final, NamedTuple, Self

from registry.errors import UnknownCodeError

OWNER_FILE: Final = 0o600
OWNER_FOLDER: Final = 0o700
GROUP_FOLDER: Final = 0o750
READ, WRITE, ENTER, GROUP = 0o444, 0o222, 0o111, 0o070


class Access(NamedTuple):
    """Who may use a folder and what is in it: the folder's mode, and its group, None for that of who makes it."""

    mode: int = OWNER_FOLDER
    group: int | None = None

    @classmethod
    def of_folder(cls, folder: Path) -> Self:
        """Return that of a folder."""
        found = folder.stat()
        return cls(stat.S_IMODE(found.st_mode) & 0o777, found.st_gid)

    @classmethod
    def of_file(cls, file: Path) -> Self:
        """Return what lets owner and group of a file do in a folder what they may in the file, and others nothing."""
        found = file.stat()
        mode = found.st_mode & (READ | WRITE) & (OWNER_FOLDER | GROUP)
        return cls(mode | (mode & READ) >> 2, found.st_gid)

    def give(self, path: Path) -> None:
        """Let a file or folder of ours be used so; where its group cannot be changed, not by a group.

        Raises `OSError` where it is not ours.
        """
        if os.name != "posix":
            return
        there, mode = path.stat(), self.mode if path.is_dir() else self.mode & (READ | WRITE)
        if self.group not in (None, there.st_gid):
            try:
                os.chown(path, -1, self.group or 0)
            except PermissionError:
                mode &= ~GROUP
        path.chmod(mode | there.st_mode & stat.S_ISGID)

    def give_all(self, folder: Path) -> None:
        """Let a folder of ours be used so with all that is in it; itself last, so that nobody comes before."""
        for path in (*folder.rglob("*"), folder):
            self.give(path)


@contextmanager
def whoever_makes_them() -> Iterator[None]:
    """Have the files and folders that a library makes meanwhile, in any thread, for their owner alone as well."""
    mask = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(mask)


def create_file(path: Path) -> None:
    """Make an empty file. Raises `FileExistsError` where anything stands there, be it a link that leads nowhere."""
    os.close(_private(os.fspath(path), os.O_WRONLY | os.O_CREAT | os.O_EXCL))


def new_text(path: Path) -> IO[str]:
    """Return a new file, open for writing text in UTF-8, its line ends as they are given. Raises as `create_file`."""
    return open(path, "x", encoding="utf-8", newline="", opener=_private)


def new_bytes(path: Path) -> IO[bytes]:
    """Return a new file, open for writing bytes. Raises as `create_file`."""
    return open(path, "xb", opener=_private)


def make_folder(path: Path) -> None:
    """Make a folder and those above it that are missing; what is there keeps its mode."""
    for folder in (*(each for each in reversed(path.parents) if not os.path.lexists(each)), path):
        folder.mkdir(mode=OWNER_FOLDER, exist_ok=True)


def group_of(name: str) -> int:
    """Return the number of a group to which the user may give files. Raises `UnknownCodeError` for all other names."""
    if os.name != "posix":
        raise UnknownCodeError("group", name, (), mend=": this system has none for files")
    import grp

    mine = {os.getegid(), *os.getgroups()}
    try:
        number = grp.getgrnam(name).gr_gid
    except (KeyError, ValueError):
        raise UnknownCodeError(
            "group", name, [each.gr_name for each in grp.getgrall() if each.gr_gid in mine]
        ) from None
    if number not in mine and os.geteuid() != 0:
        raise UnknownCodeError("group", name, (), mend=": you are not in it")
    return number


def readable_by_others(path: Path) -> bool:
    """Return whether somebody who is neither owner nor of the group can read a file, and come to it."""
    if os.name != "posix":
        return False
    place = path.resolve()
    return bool(place.stat().st_mode & stat.S_IROTH) and all(
        folder.stat().st_mode & stat.S_IXOTH for folder in place.parents
    )


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, OWNER_FILE)
