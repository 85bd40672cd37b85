"""The parts of a workbook: a ZIP whose members are counted and measured before any of them is held in memory.

A few kilobytes can unpack to gigabytes. What the parts say they unpack to is added up first; each is then unpacked a
piece at a time to its end, read or not, so that one which is damaged or longer than it says is refused.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from errno import EINVAL
from pathlib import Path
from typing import Final
from zipfile import BadZipFile, ZipFile, ZipInfo

from registry.errors import UnreadableError
from registry.intake.lines import DESCRIPTION_AT_MOST, PARTS_AT_MOST, WORKBOOK_AT_MOST

BYTES_AT_ONCE: Final = 2**16
MEMBER: Final = b"PK\x01\x02"  # begins each line of a ZIP's table of contents
DAMAGED: Final = (BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, ValueError)


class Parts:
    """The parts of a workbook by name, in any case. Raises `UnreadableError` where it is none, or is too large."""

    def __init__(self, path: Path) -> None:
        self.path = path
        _check_members(path)
        with self._opened() as parts:
            members = parts.infolist()
            unpacked = sum(member.file_size for member in members)
            if unpacked > WORKBOOK_AT_MOST:
                raise UnreadableError(
                    1, f"{unpacked:,} bytes once unpacked; a workbook has at most {WORKBOOK_AT_MOST:,}, write .csv"
                )
            self._members = {_key(member.filename): member for member in members}
            if len(self._members) < len(members):
                raise UnreadableError(1, "two parts of one name; save it anew as .xlsx")

    def __contains__(self, name: str) -> bool:
        return _key(name) in self._members

    def pieces(self, name: str) -> Iterator[bytes]:
        """Yield a part a piece at a time; nothing where the workbook has none of that name."""
        member = self._members.get(_key(name))
        if member is None:
            return
        with self._opened() as parts:
            yield from _pieces(parts, member)

    def description(self, name: str) -> Iterator[bytes]:
        """Yield a part that says how the others are to be read; it is small."""
        member = self._members.get(_key(name))
        if member is not None and member.file_size > DESCRIPTION_AT_MOST:
            raise UnreadableError(1, f"{name}: {member.file_size:,} bytes; it has at most {DESCRIPTION_AT_MOST:,}")
        return self.pieces(name)

    def check(self, *, besides: Iterable[str]) -> None:
        """Unpack every part to its end, besides those that whoever reads them unpacks. Raises `UnreadableError`."""
        read = set(map(_key, besides))
        with self._opened() as parts:
            for key, member in self._members.items():
                if key not in read:
                    for _ in _pieces(parts, member):
                        pass

    @contextmanager
    def _opened(self) -> Iterator[ZipFile]:
        try:
            with ZipFile(self.path) as parts:
                yield parts
        except UnreadableError:
            raise
        except (*DAMAGED, OSError) as error:
            if isinstance(error, OSError) and error.errno != EINVAL:
                raise  # the system's; a part that begins before the file does is the workbook's
            raise UnreadableError(1, f"not readable as an XLSX workbook ({error}); save it as .xlsx") from None


def _check_members(path: Path) -> None:
    """Count the parts before their table of contents is read, whatever it says of itself."""
    members, tail = 0, b""
    with path.open("rb") as file:
        while piece := file.read(BYTES_AT_ONCE):
            members += (tail + piece).count(MEMBER)
            tail = piece[1 - len(MEMBER) :]
    if members > PARTS_AT_MOST:
        raise UnreadableError(1, f"{members:,} parts; a workbook has at most {PARTS_AT_MOST:,}")


def _pieces(parts: ZipFile, member: ZipInfo) -> Iterator[bytes]:
    with parts.open(member) as file:
        while piece := file.read(BYTES_AT_ONCE):
            yield piece


def _key(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()
