"""Reading numbers: any decimal of up to 30 significant digits, kept as it came, and the marks before laboratory values.

What is refused is told why: a comma, a word, too many digits, a number without end. `-0` is 0, of a dose as of a CRP.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from registry.catalogue.measures import Measure
from registry.catalogue.units import UNITS
from registry.domain.statements import Measurement
from registry.errors import FormatError, RangeError
from registry.spelling import unit_key

DECIMAL: Final = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
DIGITS_AT_MOST: Final = 30  # significant ones, and before the point when the number is written out
SMALLEST: Final = -99  # power of ten of the first significant digit
CHARACTERS_AT_MOST: Final = 100
NOT_FINITE: Final = frozenset({"nan", "inf", "infinity"})
COMPARED: Final = re.compile(r"([<>])\s*([^=].*)", re.ASCII | re.DOTALL)
SEPARATORS: Final = ",'’_"  # of thousands, or of decimals where that is no point
OTHER_MARKS: Final = re.compile(r"[<>]\s*=|[=≤≥≦≧⩽⩾＜＞~≈±]")
WITH_WORD: Final = re.compile(rf"({DECIMAL.pattern})\s*(?P<word>\D.*)", re.ASCII | re.DOTALL)
EMPTY_INSTEAD: Final = "; leave the cell empty where there is none"
COUNTED: Final = "count"  # the unit of what is counted, of which nobody speaks
FIRST_YEAR: Final = 1850


def number(name: str, text: str) -> str:
    """Return a decimal number from 0, as it was written."""
    if decimal(name, text) < 0:
        raise RangeError(name, text, "0 and above")
    return text


def decimal(name: str, text: str, *, marked: str = "") -> Decimal:
    """Return the number that a text says, exactly; `marked` is what may stand before it, for a refusal."""
    if len(text) > CHARACTERS_AT_MOST or not DECIMAL.fullmatch(text):
        raise FormatError(name, text, _why_no_number(text, marked))
    value = Decimal(text)
    digits = len("".join(map(str, value.as_tuple().digits)).lstrip("0"))
    if digits > DIGITS_AT_MOST:
        raise FormatError(name, text, f"a number of at most {DIGITS_AT_MOST} significant digits, but of {digits}")
    if not SMALLEST <= value.adjusted() < DIGITS_AT_MOST:
        raise FormatError(name, text, f"a number from 1e{SMALLEST} to below 1e{DIGITS_AT_MOST}")
    return value


def integer(name: str, text: str) -> int:
    """Return a whole number from 0, of at most nine digits; `5.0` is one."""
    whole = _whole(text)
    if whole is None or not 0 <= whole < 10**9:
        raise FormatError(name, text, "a whole number")
    return whole


def year(name: str, text: str) -> int:
    """Return a year of four digits from 1850; `1980.0` is one."""
    whole = _whole(text)
    if whole is None or not FIRST_YEAR <= whole <= 9999:
        raise FormatError(name, text, f"a year of four digits from {FIRST_YEAR}")
    return whole


def measurement(measure: Measure, unit: str, text: str) -> Measurement:
    """Return a value of a measure as it was captured in `unit`; its range is judged in the canonical unit."""
    compared = COMPARED.fullmatch(text)
    other_mark = OTHER_MARKS.match(text)
    if (compared or other_mark) and not measure.laboratory:
        raise FormatError(measure.name, text, "a plain number; only laboratory values carry < or >")
    if other_mark:
        raise FormatError(measure.name, text, "a number with < or > before it; no other mark can be kept")
    value, comparator = (compared[2], compared[1]) if compared else (text, None)
    marked = ", with < or > before it" if measure.laboratory else ""
    try:
        captured = decimal(measure.name, value, marked=marked)
    except FormatError as no_number:
        if _has_unit(value, measure):
            wanted = f"a number alone; its unit stands in the header: {measure.name} [{unit}]"
            raise FormatError(measure.name, text, wanted) from no_number
        raise
    if not measure.allows(measure.canonical(captured, unit)):
        raise RangeError(measure.name, value if unit == COUNTED else f"{value} {unit}", measure.limit(unit))
    return Measurement(measure=measure.name, value=value, unit=unit, comparator=comparator)


def _whole(text: str) -> int | None:
    """Return the whole number that a text says, None where it says none of a reasonable size."""
    if len(text) > CHARACTERS_AT_MOST or not DECIMAL.fullmatch(text):
        return None
    value = Decimal(text)
    is_whole = value.adjusted() < DIGITS_AT_MOST and value == value.to_integral_value()
    return int(value) if is_whole else None


def _has_unit(text: str, measure: Measure) -> bool:
    """Return whether a text is a number with a unit behind it, be it another one than the measure can be given in."""
    found = WITH_WORD.fullmatch(text) if len(text) <= CHARACTERS_AT_MOST else None
    return found is not None and unit_key(found["word"]) in {*map(unit_key, (*UNITS, *UNITS.values(), *measure.units))}


def _why_no_number(text: str, marked: str) -> str:
    """Return what a cell would have to hold instead of a text that is no number."""
    has_digits = any(map(str.isdigit, text))
    if text.lstrip("+-").casefold() in NOT_FINITE:
        return f"a number that is finite{EMPTY_INSTEAD}"
    if not has_digits:
        return f"a number but a word{EMPTY_INSTEAD}"
    if len(text) > CHARACTERS_AT_MOST:
        return f"a number of at most {CHARACTERS_AT_MOST} characters"
    if not any(map(str.isalpha, text)) and any(sign in SEPARATORS or sign.isspace() for sign in text):
        return f"a number; write a decimal point and no thousands separator{marked}"
    return f"a number; write digits with a decimal point and nothing else{marked}"
