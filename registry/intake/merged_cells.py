"""The merged cells of a sheet, which it names after all its rows: found by a look at its bytes, and then read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from registry.errors import UnreadableError
from registry.intake.markup import Document, Markup, names, read

NAMES: Final = names(("mergeCell",))
NAMED: Final = (b"mergeCell", "mergeCell".encode("utf-16-le"))
REFERENCE: Final = re.compile(r"[A-Z]{1,3}([0-9]{1,7}):[A-Z]{1,3}([0-9]{1,7})")
MERGED_AT_MOST: Final = 100_000


def merged_cells(pieces: Callable[[], Iterable[bytes]], part: str) -> list[tuple[int, int, str]]:
    """Return the merged cells of a sheet, each with its first row, its last row and its reference.

    `pieces` gives the part anew each time. Raises `UnreadableError`.
    """
    if not _are_named(pieces()):
        return []
    markup = _Merged()
    for _ in read(markup, pieces(), Document(part)):
        pass
    return markup.found


def _are_named(pieces: Iterable[bytes]) -> bool:
    tail, longest = b"", max(map(len, NAMED))
    for piece in pieces:
        seen = tail + piece
        if any(name in seen for name in NAMED):
            return True
        tail = seen[1 - longest :]
    return False


class _Merged(Markup):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[int, int, str]] = []

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        self.depth += 1
        if name not in NAMES:
            return
        reference = attributes.get("ref", "")
        matched = REFERENCE.fullmatch(reference)
        if matched is None or len(self.found) == MERGED_AT_MOST:
            raise UnreadableError(1, "merged cells without a reference, or too many of them; save the workbook anew")
        self.found.append((int(matched[1]), int(matched[2]), reference))

    def check(self) -> None:
        """Let go of text, which says nothing here."""
        self.texts.clear()
