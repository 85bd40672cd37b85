"""Lengths of time as people write them: `90 days`, `18 months`, `2 years`."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

WRITTEN: Final = re.compile(r"(\d{1,5})\s*(day|week|month|year)s?", re.ASCII)
IN_DAYS: Final = {"day": 1, "week": 7}
IN_MONTHS: Final = {"month": 1, "year": 12}


class Length(NamedTuple):
    """A length of time in months of the calendar, or in days."""

    months: int
    days: int


def length_of(text: str) -> Length | None:
    """Return the length of time that a text says, None where it says none.

    >>> length_of("2 years"), length_of("90 days"), length_of("often")
    (Length(months=24, days=0), Length(months=0, days=90), None)
    """
    written = WRITTEN.fullmatch(text.strip().lower())
    if written is None:
        return None
    number, unit = int(written[1]), written[2]
    return Length(months=number * IN_MONTHS.get(unit, 0), days=number * IN_DAYS.get(unit, 0))
