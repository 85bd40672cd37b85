"""Days as a source writes them, in the ways that its mapping lists: read as days of ours, and never guessed.

A text that two of the ways read as different days is ambiguous, and refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import lru_cache
from typing import Final

REMEMBERED: Final = 65_536
ISO: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
ISO_PARTIAL: Final = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?", re.ASCII)
PART_OF: Final = {"%d": 2, "%m": 1, "%b": 1, "%B": 1}  # how fine a way of writing is: a day, a month; else a year
TOLD: Final = {0: "%Y", 1: "%Y-%m", 2: "%Y-%m-%d"}

Read = Callable[[str], str]


class UnreadDayError(ValueError):
    """A text that is no day in any of the ways that are listed, or is two."""


def day_reader(ways: Iterable[str], *, partial: Iterable[str] = (), typed: bool = False) -> Read:
    """Return what reads a day as YYYY-MM-DD, and in the `partial` ways as YYYY-MM or YYYY. It raises `UnreadDayError`.

    Without any way, or of a source that types its days itself, a text as ours is read as it stands.
    """
    all_ways, ours = (*ways, *partial), ISO_PARTIAL if tuple(partial) or typed else ISO

    @lru_cache(REMEMBERED)
    def read(text: str) -> str:
        if (typed or not all_ways) and ours.fullmatch(text):
            return text
        days = {found for way in all_ways if (found := _read(text, way)) is not None}
        if len(days) == 1:
            return days.pop()
        if days:
            raise UnreadDayError(f"may be {' or '.join(sorted(days))}; list one way to write days")
        raise UnreadDayError(f"is no day as {' or '.join(all_ways) or 'YYYY-MM-DD'}")

    return read


def _read(text: str, way: str) -> str | None:
    try:
        found = datetime.strptime(text, way)  # noqa: DTZ007 a day of the clinical clock has no zone
    except ValueError:
        return None
    fineness = max((PART_OF[sign] for sign in PART_OF if sign in way), default=0)
    return found.strftime(TOLD[fineness]) if found.year >= 1000 else None
