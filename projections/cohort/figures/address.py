"""Where a figure stands: the address by which files, messages, exports and comparisons call it.

An address is unique by construction, whatever a reader is called and whichever term was recorded: a word that is
somebody's own is set apart from the words of a table, and a separator within a word carries a backslash.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final, NamedTuple, Self

SEPARATOR: Final = " / "
ARROW: Final = " → "  # between the two time points of a comparison, and between two states of a location
VERSUS: Final = " v "  # between two readers or methods
BACKSLASH: Final = "\\"


class Address(NamedTuple):
    """The place of a figure; as a text `table / row / timepoint / statistic`.

    >>> str(Address("lesions", "erosions", "baseline", "n"))
    'lesions / erosions / baseline / n'
    """

    table: str
    row: str
    timepoint: str
    statistic: str

    @classmethod
    def of(cls, text: str) -> Self:
        """Return the address that a text is, as `str` writes it.

        Raises `ValueError` where it has other than four parts.

        >>> Address.of("scores / berlin / baseline → 2 years / p").timepoint
        'baseline → 2 years'
        """
        parts = text.split(SEPARATOR)
        if len(parts) != len(cls._fields):
            raise ValueError(f"{text!r} has {len(parts)} parts, an address has {len(cls._fields)}")
        return cls(*(re.sub(_standing(rf"{re.escape(BACKSLASH)}(\\*/)"), r"\1", part) for part in parts))

    def __str__(self) -> str:
        return SEPARATOR.join(without(SEPARATOR, part) for part in self)


def without(separator: str, word: str) -> str:
    """Return a word in which a separator carries a backslash, so that words joined by it can be told apart.

    >>> without(SEPARATOR, "rash / itch"), without(VERSUS, "R v S"), without(SEPARATOR, "mg/l")
    ('rash \\\\/ itch', 'R \\\\v S', 'mg/l')
    """
    sign = re.escape(separator.strip())
    return re.sub(_standing(rf"(\\*{sign})"), lambda found: BACKSLASH + found[1], word)


def set_apart(word: str, taken: Collection[str], what: str) -> str:
    """Return a recorded word as the name of a row, with what it is before it where the table has the word already.

    >>> set_apart("any", {"any"}, "term"), set_apart("rash", {"any"}, "term"), set_apart("term: any", {"any"}, "term")
    ('term: any', 'rash', 'term: term: any')
    """
    return f"{what}: {word}" if word in taken or word.startswith(f"{what}: ") else word


def _standing(sign: str) -> str:
    """Return the pattern of a sign that stands by itself, between blanks or at an end of the text."""
    return rf"(?<![^ ]){sign}(?![^ ])"
