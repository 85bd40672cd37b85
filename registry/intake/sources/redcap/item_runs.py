"""Items of a project's XML that follow one another, taken together: to be told of each by Expat takes most of the time.

A run is items that are written as REDCap itself writes them, in printable ASCII without references. Expat is given one
empty element of the same name at its beginning, and blanks in place of the rest; so whatever is left is Expat's to
judge as before, at the same byte, line and column. A run of which it does not come to tell, in a comment or a section
of text, is forgotten. What is written in another way, is cut by the end of a piece, or stands in a file that does not
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
BLANKED: Final = bytes(byte if byte in b"\r\n" else ord(" ") for byte in range(256))


class Item(NamedTuple):
    """An item of a run: its name, what it says, and how many lines below the beginning of the run it begins."""

    name: str
    value: str
    below: int


class Run(NamedTuple):
    """Items that follow one another, by their names and by what they say."""

    names: list[str]
    values: list[str]
    between: list[str]

    @classmethod
    def of(cls, text: bytes) -> Run:
        """Return the items that stand in a text, which is all quotes and what is between them."""
        parts = text.decode("ascii").split('"')
        return cls(parts[1::4], parts[3::4], parts[:-1:4])

    def one_by_one(self) -> Iterator[Item]:
        """Yield the items in their order."""
        below = 0
        for name, value, before in zip(self.names, self.values, self.between, strict=True):
            below += len(before.splitlines()) - 1
            yield Item(name, value, below)


class ItemRuns:
    """The runs in the pieces of a file that Expat was given and has not told of, by the byte at which they begin."""

    def __init__(self) -> None:
        self._texts: dict[int, bytes] = {}
        self._start = 0

    def taken_from(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """Yield the pieces of a file, as long as they were, with blanks in place of its runs."""
        is_declared: bool | None = None
        for piece in pieces:
            if is_declared is None:
                is_declared = DECLARED.match(piece) is not None
            yield RUN.sub(self._blank, piece) if is_declared else piece
            self._start += len(piece)

    def _blank(self, run: re.Match[bytes]) -> bytes:
        text = run[0]
        if NEVER_IN_COMMENTS in text:
            return text
        self._texts[self._start + run.start()] = text
        return INSTEAD + text[len(INSTEAD) :].translate(BLANKED)

    def at(self, byte: int) -> Run | None:
        """Return the run that begins at a byte of the file, None where none does."""
        text = self._texts.pop(byte, None)
        return None if text is None else Run.of(text)

    def forget_before(self, byte: int) -> None:
        """Forget the runs of which Expat has come past the beginning."""
        for past in [start for start in self._texts if start < byte]:
            del self._texts[past]
