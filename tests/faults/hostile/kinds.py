"""What a kind of hostile file is, and the list of all kinds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

Write = Callable[[Path], None]


class Kind(NamedTuple):
    """A kind of hostile files: how they are written into a folder, and how the answer of an import begins.

    A `large` kind takes seconds to write or to be judged, and is left to the long form.
    """

    write: Write
    answer: str
    is_large: bool


KINDS: Final[dict[str, Kind]] = {}


def hostile(name: str, answer: str, *, is_large: bool = False) -> Callable[[Write], Write]:
    """Enter a kind of hostile files into the list."""

    def entered(write: Write) -> Write:
        assert name not in KINDS
        KINDS[name] = Kind(write, answer, is_large)
        return write

    return entered
