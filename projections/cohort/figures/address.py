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
PARTS: Final = (4, 5)  # of an address as a text: with a group one more

Place = tuple[str, str, str, str]


class Address(NamedTuple):
    """The place of a figure; as a text `table / row / timepoint / statistic`, of a group with its name after it.

    >>> str(Address("lesions", "erosions", "baseline", "n"))
    'lesions / erosions / baseline / n'
    >>> str(Address("rates", "flares", "from day 0", "n", "naive"))
    'rates / flares / from day 0 / n / naive'
    """

    table: str
    row: str
    timepoint: str
    statistic: str
    group: str = ""

    @classmethod
    def of(cls, text: str) -> Self:
        """Return the address that a text is, as `str` writes it.

        Raises `ValueError` where it has other than four parts, or five with a group.

        >>> Address.of("scores / berlin / baseline → 2 years / p").timepoint
        'baseline → 2 years'
        """
        parts = text.split(SEPARATOR)
        if len(parts) not in PARTS:
            raise ValueError(f"{text!r} has {len(parts)} parts, an address has {PARTS[0]}, or {PARTS[1]} with a group")
        return cls(*(re.sub(_standing(rf"{re.escape(BACKSLASH)}(\\*/)"), r"\1", part) for part in parts))

    def __str__(self) -> str:
        return SEPARATOR.join(without(SEPARATOR, part) for part in (self if self.group else self[:-1]))

    @property
    def place(self) -> Place:
        """The table, the row, the time point and the group: all but the statistic."""
        return self.table, self.row, self.timepoint, self.group


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
