"""How wide a text is about, and what of it fits: nobody can measure it before it is drawn.

Widths are those of common sans-serif faces, rounded up a little; signs of East Asia are as wide as high, signs that
combine with the one before have none.
"""

from __future__ import annotations

from typing import Final
from unicodedata import combining, east_asian_width

NARROW: Final = frozenset("ijlI.,:;'|!()[]{} t-f/r")
BROAD: Final = frozenset("mwMW@%—…")
ELLIPSIS: Final = "…"


def width_of(text: str, size: float) -> float:
    """Return the width of a text in the units of its size.

    >>> width_of("mm", 10), width_of("日本", 10), width_of("", 10)
    (19.0, 20.0, 0.0)
    """
    return sum(map(_share, text), start=0.0) * size


def fitted(text: str, width: float, size: float) -> str:
    """Return a text, cut to a width with an ellipsis where it is wider.

    >>> fitted("adalimumab", 200, 12), fitted("adalimumab", 40, 12)
    ('adalimumab', 'adal…')
    """
    if width_of(text, size) <= width:
        return text
    room, kept = width - width_of(ELLIPSIS, size), 0
    while kept < len(text) and (room := room - _share(text[kept]) * size) >= 0:
        kept += 1
    return text[:kept].rstrip() + ELLIPSIS


def _share(sign: str) -> float:
    if combining(sign):
        return 0.0
    if east_asian_width(sign) in "WF":
        return 1.0
    return 0.4 if sign in NARROW else 0.95 if sign in BROAD else 0.72 if sign.isupper() else 0.62
