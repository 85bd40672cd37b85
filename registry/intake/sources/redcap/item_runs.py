"""Items of a project's XML that follow one another, taken together: to be told of each by Expat takes most of the time.

A run is items that are written as REDCap itself writes them, in printable ASCII without references. In its place Expat
is given an empty element of the same name, the ends of its lines, and blanks; so whatever is left is Expat's to judge
as before, on the same line, at the same column. A run of which it does not come to tell, in a comment or a section of
text, is forgotten. What is written in another way, is cut by the end of a piece, or stands in a file that does not
declare UTF-8, is not taken for a run, and Expat tells of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

DECLARED: Final = re.compile(rb'(?:\xef\xbb\xbf)?<\?xml version="1.0" encoding="UTF-8" ?\?>')
SAID: Final = rb'"[ !#-%\'-;=?-~]*+"'  # neither quote, reference, nor what ends a comment, a section or an instruction
RUN: Final = re.compile(rb"(?:<ItemData ItemOID=" + SAID + rb" Value=" + SAID + rb"/>[ \t\r\n]*+)++")
INSTEAD: Final = b"<ItemData/>"
NEVER_IN_COMMENTS: Final = b"--"
NO_LINE_ENDS: Final = bytes(byte for byte in range(256) if byte not in b"\r\n")


class Item(NamedTuple):
    """An item of a run: its name, what it says, and how many lines below the beginning of the run it begins."""

    name: str
    value: str
    below: int


class Run(NamedTuple):
    """Items that follow one another, as they stand: `parts` are what is between their quotes."""

    parts: list[str]

    @property
    def names(self) -> list[str]:
        """The names of the items."""
        return self.parts[1::4]

    @property
    def values(self) -> list[str]:
        """What each of the items says."""
        return self.parts[3::4]

    def one_by_one(self) -> Iterator[Item]:
        """Yield the items in their order."""
        below = 0
        for name, value, before in zip(self.names, self.values, self.parts[:-1:4], strict=True):
            below += len(before.splitlines()) - 1
            yield Item(name, value, below)


class ItemRuns:
    """The runs of a file of which Expat has not told yet, by the byte at which they begin in what it is given."""

    def __init__(self) -> None:
        self._texts: dict[int, bytes] = {}
        self._start = 0

    def taken_from(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """Yield the pieces of a file with something shorter in place of its runs."""
        is_declared: bool | None = None
        for piece in pieces:
            if is_declared is None:
                is_declared = DECLARED.match(piece) is not None
            yield RUN.sub(self._take, piece) if is_declared else piece
            self._start += len(piece)

    def _take(self, run: re.Match[bytes]) -> bytes:
        text = run[0]
        if NEVER_IN_COMMENTS in text:
            return text
        self._texts[self._start + run.start()] = text
        left = _left_of(text)
        self._start -= len(text) - len(left)
        return left

    def at(self, byte: int) -> Run | None:
        """Return the run that begins at a byte, None where none does, or it was told already."""
        text = self._texts.pop(byte, None)
        return None if text is None else Run(text.decode("ascii").split('"'))

    def forget_before(self, byte: int) -> None:
        """Forget the runs of which Expat has come past the beginning."""
        for past in [start for start in self._texts if start < byte]:
            del self._texts[past]


def _left_of(text: bytes) -> bytes:
    """Return what stands in place of a run: behind it Expat is on the same line, at the same column."""
    ends = text.translate(None, NO_LINE_ENDS)
    if not ends:
        return INSTEAD.ljust(len(text))
    return INSTEAD + ends + b" " * (len(text) - 1 - max(text.rfind(b"\n"), text.rfind(b"\r")))
