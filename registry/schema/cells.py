"""Reading one cell: from the text that a person or a file gave to the value that a statement holds.

One reader a kind of column. A reader gets stripped, non-empty text and returns the value, or raises the refusal that
says what would be right. Nothing is guessed: a comma is not a decimal point and 03/04/2005 is not a day.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Final
from unicodedata import category

from registry.catalogue.measures import Measure
from registry.catalogue.units import in_unit
from registry.domain.days import day, is_partial_day
from registry.domain.statements import Measurement
from registry.errors import FormatError, RangeError, RefusalError, UnitError, UnknownCodeError
from registry.schema.tables import Column

CODE: Final = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)
NUMBER: Final = re.compile(r"-?\d{1,12}(\.\d{1,12})?", re.ASCII)
COMPARED: Final = re.compile(r"([<>])\s*(.+)", re.ASCII)
WHOLE: Final = re.compile(r"([0-9]+)(?:\.0+)?")
TEXT_AT_MOST: Final = 1000

SPACE: Final = "Zs"  # the Unicode category of spaces, no-break ones among them, which Python calls unprintable
SINGULAR: Final = {"regions": "region", "criteria": "classification criterion"}  # of lists, for a refusal
CellReader = Callable[[str], object]


def cell_reader(column: Column) -> CellReader:
    """Return the function that reads the cells of a column that is not a measure."""
    name, words = column.name, column.words
    readers: dict[str, CellReader] = {
        "pseudonym": lambda text: pseudonym(name, text),
        "day": lambda text: whole_day(name, text),
        "partial day": lambda text: partial_day(name, text),
        "year": lambda text: year(name, text),
        "integer": lambda text: integer(name, text),
        "number": lambda text: number(name, text),
        "text": lambda text: free_text(name, text),
        "word": _word_reader(name, words),
        "words": _words_reader(name, words, is_open=False),
        "open words": _words_reader(name, words, is_open=True),
    }
    return readers[column.holds]


def pseudonym(name: str, text: str) -> str:
    """Return a code of 1 to 64 characters; what is no code may be a name, and is not repeated in the refusal."""
    if not CODE.fullmatch(text):
        raise RefusalError(f"{name} must be 1 to 64 of A-Z a-z 0-9 . _ -, never a name", field=name)
    return text


def whole_day(name: str, text: str) -> date:
    """Return a calendar day."""
    read = day(text)
    if read is None:
        raise FormatError(name, text, "a day of the calendar; write YYYY-MM-DD")
    return read


def partial_day(name: str, text: str) -> str:
    """Return a day, a month or a year, as it was written."""
    if not is_partial_day(text):
        raise FormatError(name, text, "a day of the calendar; write YYYY-MM-DD, YYYY-MM or YYYY")
    return text


def year(name: str, text: str) -> int:
    """Return a year of four digits; `1980.0` is one, too."""
    whole = WHOLE.fullmatch(text)
    if whole is None or len(whole[1]) != 4 or whole[1] < "1850":
        raise FormatError(name, text, "a year of four digits from 1850")
    return int(whole[1])


def integer(name: str, text: str) -> int:
    """Return a whole number from 0, however many zeros stand after its point."""
    whole = WHOLE.fullmatch(text)
    if whole is None or len(whole[1]) > 9:
        raise FormatError(name, text, "a whole number")
    return int(whole[1])


def number(name: str, text: str) -> str:
    """Return a decimal number from 0, as it was written."""
    if not NUMBER.fullmatch(text):
        raise FormatError(name, text, "a number; write a decimal point and no thousands separator")
    if text.startswith("-"):
        raise RangeError(name, text, "0 and above")
    return text


def free_text(name: str, text: str) -> str:
    """Return text of up to 1000 printable characters, on one line or more; its lines end alike, however they came."""
    if len(text) > TEXT_AT_MOST:
        raise RangeError(name, f"text of {len(text)} characters", f"1 to {TEXT_AT_MOST} characters")
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    if not all(char.isprintable() or char in "\n\t" or category(char) == SPACE for char in lines):
        raise FormatError(name, text, "printable text; remove the control characters")
    return lines


def measurement(measure: Measure, unit: str, text: str) -> Measurement:
    """Return a value of a measure as it was captured in `unit`; its range is judged in the canonical unit."""
    compared = COMPARED.fullmatch(text) if text[0] in "<>" else None
    value = compared[2] if compared else text
    if compared and not measure.laboratory:
        raise FormatError(measure.name, text, "a plain number; only laboratory values carry < or >")
    if not NUMBER.fullmatch(value):
        wanted = "a number; write a decimal point and no thousands separator"
        raise FormatError(measure.name, text, wanted + (", with < or > before it" if measure.laboratory else ""))
    if not measure.allows(in_unit(Decimal(value), unit, measure.unit)):
        raise RangeError(measure.name, value if unit == "count" else f"{value} {unit}", measure.limit(unit))
    return Measurement(measure=measure.name, value=value, unit=unit, comparator=compared[1] if compared else None)


def measure_unit(measure: Measure, unit: str | None) -> str:
    """Return the unit that a header states for a measure, the canonical one where it states none."""
    if unit is None:
        return measure.unit
    by_lower = {known.lower(): known for known in measure.units}
    if unit.lower() not in by_lower:
        raise UnitError(measure.name, unit, measure.units)
    return by_lower[unit.lower()]


def _word_reader(name: str, words: tuple[str, ...]) -> CellReader:
    by_lower = {word.lower(): word for word in words}

    def word(text: str) -> str:
        known = by_lower.get(text.lower())
        if known is None:
            raise UnknownCodeError(name, text, words)
        return known

    return word


def _words_reader(name: str, words: tuple[str, ...], *, is_open: bool) -> CellReader:
    by_lower = {word.lower(): word for word in words}

    def listed(text: str) -> tuple[str, ...] | None:
        text = free_text(name, text)
        chosen: dict[str, None] = {}
        for word in filter(None, (part.strip() for part in text.split(";"))):
            if word.lower() not in by_lower and not is_open:
                raise UnknownCodeError(name, word, words, what=SINGULAR.get(name))
            chosen[by_lower.get(word.lower(), word)] = None
        return tuple(chosen) or None

    return listed
