"""Days as a source writes them, in the ways that its mapping lists: read as days of ours, and never guessed.

A text that two of the ways read as different days is ambiguous, and refused. A year of two digits is one from 1969 to
2068, as POSIX has it; a time of day is read where a way has it, and is no part of the day. The names of months are
English, German, French or Dutch.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import lru_cache
from typing import Final, NamedTuple

from registry.intake.serial_days import day_text
from registry.intake.sources.month_names import in_english

REMEMBERED: Final = 65_536
ISO: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
ISO_PARTIAL: Final = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?", re.ASCII)
PART_OF: Final = {"%d": 2, "%m": 1, "%b": 1, "%B": 1}  # how fine a way of writing is: a day, a month; else a year
AMBIGUOUS: Final = "ambiguous"
TOLD: Final = {0: "%Y", 1: "%Y-%m", 2: "%Y-%m-%d"}
SERIALS: Final = {"excel-serial": False, "excel-serial-1904": True}  # numbers of days, and whether 1904 is the first
SERIAL: Final = re.compile(r"[1-9]\d{4}", re.ASCII)  # from 1927, or 1931, to 2173, or 2177
MONTH_OR_YEAR: Final = re.compile(r"(\d{1,2}[./-])?\d{4}", re.ASCII)
FOLLOWING: Final = re.compile(r"%[dmYyHMS](?=%[dmYyHMS])")  # of signs without anything between
DIGITS: Final = {"%d": 2, "%m": 2, "%Y": 4, "%y": 2, "%H": 2, "%M": 2, "%S": 2}


class Unread(NamedTuple):
    """What a text is that cannot be read: `kind` says of all like it what is wrong with them, `why` of this one."""

    kind: str
    why: str


Read = Callable[[str], str | Unread]


def day_reader(
    ways: Iterable[str], *, partial: Iterable[str] | None = None, typed: bool = False, of_days: bool = False
) -> Read:
    """Return what reads a day as YYYY-MM-DD, and in the `partial` ways as YYYY-MM or YYYY. What is none is `Unread`.

    Where `partial` is None whole days alone are wanted. Without any way, or of a source that types its days itself, a
    text as ours is read as it stands, unless one of the ways reads another day there: it may be a text of the source.
    Not so in a column that is one `of_days`, as its source types it.
    """
    some = tuple(partial or ())
    all_ways, ours = (*ways, *some), ISO_PARTIAL if some or typed else ISO
    is_ours = typed or not all_ways

    @lru_cache(REMEMBERED)
    def read(text: str) -> str | Unread:
        own = {text} if is_ours and ours.fullmatch(text) else set()
        if own and of_days:
            return text
        days = own | {found for way in all_ways if (found := _read(text, way)) is not None}
        if len(days) == 1:
            return days.pop()
        if days:
            return Unread(AMBIGUOUS, f"may be {' or '.join(sorted(days))}; list one way to write days")
        expected = " or ".join([*["YYYY-MM-DD"] * is_ours, *all_ways])
        why = f"is no day as {expected}{_hint(text, has_ways=bool(all_ways), may_be_part=partial is not None)}"
        return Unread(why, why)

    return read


def year_reader(read_day: Read) -> Read:
    """Return what reads a year, or a day of which the year is taken."""

    def read(text: str) -> str | Unread:
        if re.fullmatch(r"\d{4}", text, re.ASCII):
            return text
        day = read_day(text)
        return day if isinstance(day, Unread) else day[:4]

    return read


def _read(text: str, way: str) -> str | None:
    if way in SERIALS:
        return day_text(text, is_1904=SERIALS[way]) if SERIAL.fullmatch(text) else None
    text = in_english(text, way)
    if not text.isascii() or not _is_whole(text, way):
        return None
    try:
        found = datetime.strptime(text, way)  # noqa: DTZ007 a day of the clinical clock has no zone
    except ValueError:
        return None
    fineness = max((PART_OF[sign] for sign in PART_OF if sign in way), default=0)
    return found.strftime(TOLD[fineness]) if found.year >= 1000 else None


def _is_whole(text: str, way: str) -> bool:
    """Return whether all digits are there where nothing parts one sign from the next: 1112024 is two days."""
    if not FOLLOWING.search(way):
        return True
    return len(text) == len(re.sub("%[dmYyHMS]", lambda sign: " " * DIGITS[sign[0]], way))


def _hint(text: str, *, has_ways: bool, may_be_part: bool) -> str:
    """Return what to write in the mapping so that a text is a day, empty where ways are listed that do not read it."""
    if SERIAL.fullmatch(text):
        return '; a number of days as spreadsheets count them is read by "excel-serial" under dates'
    if may_be_part and MONTH_OR_YEAR.fullmatch(text):
        return '; list how months and years are written under partial_dates, as "%m/%Y" or "%Y"'
    return "" if has_ways else '; list how days are written under dates, as "%d.%m.%Y"'
