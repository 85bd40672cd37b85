"""Values of SPSS, Stata and SAS as text: numbers as short as they are, days by the format of their column.

What a number is by its format: SPSS, Command Syntax Reference, "Variable types and formats" (days are seconds since
1582-10-14); Stata, Data Management, "Datetime" (days, milliseconds and other spans since 1960-01-01); SAS, Formats and
Informats, "Date and time formats" (days, or seconds, since 1960-01-01). A format of days that is not listed is unknown,
and so is a column that has it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple

import numpy as np

from registry.intake.sources.foreign_source import Holds
from registry.intake.sources.mapping import Kind
from registry.intake.sources.numbers_written import is_within, number_text


def words_of(text: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(text.split())


SPSS_BEGAN: Final = datetime(1582, 10, 14)  # noqa: DTZ001 days of the clinical clock have no zone
SIXTIES_BEGAN: Final = datetime(1960, 1, 1)  # noqa: DTZ001
LAST_YEAR: Final = 9999
LETTERS: Final = "abcdefghijklmnopqrstuvwxyz_"  # of missing values of Stata and SAS, .a to .z, and ._ of SAS alone

SPSS_DAYS: Final = words_of("DATE ADATE EDATE JDATE SDATE DATETIME YMDHMS")
SPSS_MONTHS: Final = words_of("MOYR")
SPSS_NUMBERS: Final = words_of("F COMMA DOT DOLLAR PCT E N Z RB RBHEX IB PIB PIBHEX P PK CCA CCB CCC CCD CCE")
SPSS_TIMES: Final = words_of("TIME DTIME MTIME")
SAS_DAYS: Final = words_of(
    "DATE DAY DDMMYY DDMMYYB DDMMYYC DDMMYYD DDMMYYN DDMMYYP DDMMYYS MMDDYY MMDDYYB MMDDYYC MMDDYYD "
    "MMDDYYN MMDDYYP MMDDYYS YYMMDD YYMMDDB YYMMDDC YYMMDDD YYMMDDN YYMMDDP YYMMDDS WORDDATE WORDDATX "
    "WEEKDATE WEEKDATX JULIAN B8601DA E8601DA IS8601DA EURDFDD EURDFDE"
)
SAS_INSTANTS: Final = words_of("DATETIME DATEAMPM E8601DT B8601DT IS8601DT MDYAMPM")
SAS_MONTHS: Final = words_of("MONYY YYMM YYMMC YYMMD YYMMN YYMMP YYMMS MMYY MMYYC MMYYD MMYYN MMYYP MMYYS")
SAS_TIMES: Final = words_of("TIME HHMM TOD MMSS HOUR TIMEAMPM E8601TM B8601TM")
SAS_SPANS: Final = re.compile(
    r"DATE|DAT|YY|YEAR|MON|QTR|WEEK|JUL|8601|^NL|^EUR|^DT|TIME"
)  # else a number's, or a person's own
NAME: Final = re.compile(r"\$?[A-Z_]*[A-Z_0-9]*?(?=\d*(?:\.\d*)?\Z)")


class Values(NamedTuple):
    """What reads the values of a column as text, what the column holds, and the format by which it is known."""

    read: Callable[[Any], str]
    holds: Holds
    format: str

    def __call__(self, value: Any) -> str:
        """Return a value as text, empty where it says nothing; a letter of Stata or SAS as `.a`."""
        if isinstance(value, str):
            return value if self.holds == "text" else f".{value}"
        return "" if value is None or value != value else self.read(value)


def values_of(name: str, meta: Any, kind: Kind) -> Values:
    """Return what reads a column of a file, by what the file says of it."""
    stored, said = meta.readstat_variable_types.get(name, "double"), meta.original_variable_types.get(name) or ""
    if stored.startswith("string"):
        return Values(str, "text", said)
    number = float_text if stored == "float" else number_text
    holds, read = {"sav": _of_spss, "dta": _of_stata, "xpt": _of_sas}[kind](said)
    return Values(read or number, holds, said)


def reasons_of(
    name: str, meta: Any, read: Values, labels: Mapping[str, str], *, kind: Kind
) -> tuple[dict[str, str], tuple[tuple[float, float], ...]]:
    """Return the declared missing values of a column with what they mean, and the ranges of such values.

    The letters of Stata and SAS are declared by what they are, whether a column has a label for them or not.
    """
    has_letters = kind != "sav" and read.holds != "text"
    alone: set[str] = {f".{letter}" for letter in LETTERS} if has_letters else set()
    ranges: list[tuple[float, float]] = []
    for each in meta.missing_ranges.get(name, ()):
        low, high = each["lo"], each["hi"]
        if isinstance(low, str) or low == high:
            alone.add(low if isinstance(low, str) else read(low))
        else:
            ranges.append((low, high))
    within = {value for value in labels if is_within(value, ranges)}
    return {value: labels.get(value, "") for value in sorted(alone | within)}, tuple(ranges)


def float_text(value: float) -> str:
    """Return the shortest text of a number that is stored in four bytes: 5.1 is stored as 5.0999999."""
    return number_text(float(str(np.float32(value))))


def _of_spss(said: str) -> tuple[Holds, Callable[[float], str] | None]:
    name = said.rstrip("0123456789.").upper()
    if name in SPSS_DAYS:
        return "day", lambda value: _instant(SPSS_BEGAN, seconds=value)
    if name in SPSS_MONTHS:
        return "day", lambda value: _instant(SPSS_BEGAN, seconds=value)[:7]
    if name in SPSS_TIMES:
        return "time", _clock
    return ("number" if name in SPSS_NUMBERS or not name else "unknown"), None


def _of_stata(said: str) -> tuple[Holds, Callable[[float], str] | None]:
    if not re.match(r"%-?(t|d)", said):
        return "number", None
    unit = said.lstrip("%-").removeprefix("t")[:1]
    if unit == "d":
        return "day", lambda value: _instant(SIXTIES_BEGAN, days=value)
    if unit == "c" and re.fullmatch(r"%-?tc[Hh]+:MM(:SS)?([.]s+)?(_?[aApP][mM]?[.]?)*", said):
        return "time", lambda value: _clock(value / 1000)
    if unit == "c":
        return "day", lambda value: _instant(SIXTIES_BEGAN, milliseconds=value)
    if unit == "m":
        return "day", _stata_month
    if unit == "y":
        return "day", number_text
    return "unknown", None


def _of_sas(said: str) -> tuple[Holds, Callable[[float], str] | None]:
    matched = NAME.match(said.upper())
    name = matched[0] if matched else said.upper()
    if name in SAS_DAYS:
        return "day", lambda value: _instant(SIXTIES_BEGAN, days=value)
    if name in SAS_INSTANTS:
        return "day", lambda value: _instant(SIXTIES_BEGAN, seconds=value)
    if name in SAS_MONTHS:
        return "day", lambda value: _instant(SIXTIES_BEGAN, days=value)[:7]
    if name == "YEAR":
        return "day", lambda value: _instant(SIXTIES_BEGAN, days=value)[:4]
    if name in SAS_TIMES:
        return "time", _clock
    return ("unknown" if SAS_SPANS.search(name) else "number"), None


def _instant(began: datetime, *, days: float = 0, seconds: float = 0, milliseconds: float = 0) -> str:
    """Return a day, with its time where there is one; a number that no calendar has stays a number."""
    try:
        instant = began + timedelta(days=days, seconds=seconds, milliseconds=milliseconds)
    except OverflowError:
        return number_text(days or seconds or milliseconds)
    day = date(instant.year, instant.month, instant.day).isoformat()
    return day if instant.time() == datetime.min.time() else f"{day} {instant.time().isoformat('seconds')}"


def _clock(seconds: float) -> str:
    """Return hours, minutes and seconds: a time of day, or how long something took."""
    if not math.isfinite(seconds) or seconds < 0:
        return number_text(seconds)
    minutes, second = divmod(int(seconds), 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{second:02}"


def _stata_month(value: float) -> str:
    year, month = divmod(int(value), 12)
    return f"{1960 + year:04}-{month + 1:02}" if 0 < 1960 + year <= LAST_YEAR else number_text(value)
