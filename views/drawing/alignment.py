"""Numbers of a column under each other at the decimal point, in any font whose digits are of one width.

A text is cut where its first number has its point, or ends; what comes after stands at the left of a box that is as
wide in every row of the column, so that the points meet.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import ceil
from typing import Final, NamedTuple

FIRST_NUMBER: Final = re.compile(r"[<>≤≥=±~]?\s?[-+−]?\d[\d,]*")
NO_BOX: Final = "a0"  # the class of a column in which nothing comes after
DAY: Final = re.compile(r"\d{4}-\d{2}")
NARROW_SIGNS: Final = frozenset(" .,:;()[]il/")
NARROW: Final = 0.7  # of a digit, at most in the fonts of systems
WIDE_SIGNS: Final = frozenset("%±mwMW→@")
WIDE: Final = 1.7
WIDEST: Final = 32  # digits; what is wider stands as it is


class Aligned(NamedTuple):
    """A text in two parts, the second from the decimal point on."""

    before: str
    after: str


def aligned(text: str) -> Aligned:
    """Return a text cut at the decimal point of its first number; one that begins with no number is not cut.

    >>> aligned("12.50 (8–17)"), aligned("<0.001"), aligned("7 of 9"), aligned("–")
    (Aligned(before='12', after='.50 (8–17)'), Aligned(before='<0', after='.001'), \
Aligned(before='7', after=' of 9'), Aligned(before='–', after=''))
    """
    found = FIRST_NUMBER.match(text)
    return Aligned(text, "") if found is None else Aligned(text[: found.end()], text[found.end() :])


def is_number(text: str) -> bool:
    """Return whether a text begins with a number, and not with a day of the calendar.

    >>> [is_number(text) for text in ("12.5 (8–17)", "R1", "2002-06-04", "2002-06")]
    [True, False, False, False]
    """
    return FIRST_NUMBER.match(text) is not None and DAY.match(text) is None


def width_class(texts: Sequence[str]) -> str:
    """Return the class of the boxes of a column: how many digits wide the longest part after the point is."""
    return f"a{min(ceil(max((_width(aligned(each).after) for each in texts), default=0)), WIDEST)}"


def _width(text: str) -> float:
    """Return how many digits wide a text is at most."""
    return sum(NARROW if sign in NARROW_SIGNS else WIDE if sign in WIDE_SIGNS else 1 for sign in text)


def alignment_rules() -> str:
    """Return the rules of the boxes, a line each."""
    widths = range(1, WIDEST + 1)
    boxes = ",".join(f".a{width}" for width in widths)
    rules = "".join(f".a{width}{{min-width:{width}ch}}\n" for width in widths)
    return f"{boxes}{{display:inline-block;text-align:left;white-space:pre}}\n{rules}"
