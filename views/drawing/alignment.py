"""Numbers of a column under each other at the decimal point, in any font whose digits are of one width.

A text is looked at from the point of its first number on, or from its end. What others of the column have there and it
has not, sign by sign, is its pad, which is laid behind it unseen: so the rests of all are equally wide, and the points
meet. The text itself stays whole, for who listens to it or copies it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

FIRST_NUMBER: Final = re.compile(r"[<>≤≥=±~]?\s?[-+−]?\d[\d,]*")
DAY: Final = re.compile(r"\d{4}-\d{2}")
DIGIT: Final = re.compile(r"\d")
LONGEST: Final = 48  # signs of a pad; where one would need more, the column is not aligned


def is_number(text: str) -> bool:
    """Return whether a text begins with a number, and not with a day of the calendar.

    >>> [is_number(text) for text in ("12.5 (8–17)", "<0.001", "R1", "2002-06-04", "2002-06")]
    [True, True, False, False, False]
    """
    return FIRST_NUMBER.match(text) is not None and DAY.match(text) is None


def pads(texts: Sequence[str]) -> list[str]:
    """Return the pad of each text of a column; what is no number has that of a whole one.

    >>> pads(["12.50", "7", "<0.1", "–"])
    ['', '.00', '0', '.00']
    """
    rests = [Counter(_rest(text)) for text in texts]
    most = Counter[str]()
    for rest in rests:
        most |= rest
    found = ["".join(sorted((most - rest).elements())) for rest in rests]
    return found if max(map(len, found), default=0) <= LONGEST else [""] * len(found)


def alignment_rule(cells: str) -> str:
    """Return the rule by which pads take their room: those in the attribute `data-p` of some cells."""
    return f"{cells}::after{{content:attr(data-p);visibility:hidden;white-space:pre}}\n"


def _rest(text: str) -> str:
    """Return a text from the point of its first number on, with every digit as 0."""
    found = FIRST_NUMBER.match(text)
    return "" if found is None else DIGIT.sub("0", text[found.end() :])
