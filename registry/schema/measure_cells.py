"""Reading one cell of a measure: a number in its unit, a word of its list, a partial day, a short text.

A cell may also say why there is no value, by one of the reasons that the registry's protocol has; that is kept as such.
A word of the measure's own list that is such a reason as well means the word.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from registry.catalogue.measures import TEXT_AT_MOST, Measure
from registry.domain.statements import Measurement
from registry.domain.texts import one_line
from registry.errors import FormatError, RefusalError, UnitError, UnknownCodeError
from registry.schema.cells import partial_day
from registry.schema.numbers import measurement
from registry.spelling import unit_key

MeasureReader = Callable[[str], Measurement]


def measure_reader(measure: Measure, unit: str | None, missing: Mapping[str, str]) -> MeasureReader:
    """Return the function that reads the cells of a measure; `unit` is what the header states, None where nothing.

    `missing` has the reasons for a missing value, by what a cell then holds.
    """
    read = READERS[measure.holds](measure, unit, tuple(missing))
    reasons = {code.casefold(): code for code in missing if not measure.is_coded or code not in measure.codes}
    if not reasons:
        return read

    def value_or_reason(text: str) -> Measurement:
        reason = reasons.get(text.casefold())
        if reason is None:
            return read(text)
        return Measurement(measure=measure.name, value=None, unit=measure.unit, missing=reason)

    return value_or_reason


def measure_unit(measure: Measure, unit: str | None) -> str:
    """Return the unit that a header states for a measure, the canonical one where it states none.

    Case and the form of Unicode do not matter, and µ, of which there are two, is the u that stands for it in UCUM.
    """
    if unit is None or unit in measure.units:
        return unit or measure.unit
    by_key = {unit_key(known): known for known in measure.units}
    if unit_key(unit) not in by_key:
        raise UnitError(measure.name, unit, measure.units)
    return by_key[unit_key(unit)]


def _number_reader(measure: Measure, unit: str | None, missing: tuple[str, ...]) -> MeasureReader:
    captured_unit = measure_unit(measure, unit)

    def number(text: str) -> Measurement:
        if missing and not any(map(str.isdigit, text)):
            raise FormatError(measure.name, text, f"a number, nor a reason why it is missing: {', '.join(missing)}")
        return measurement(measure, captured_unit, text)

    return number


def _code_reader(measure: Measure, unit: str | None, missing: tuple[str, ...]) -> MeasureReader:
    _check_without_unit(measure, unit)
    by_key = {code.casefold(): code for code in measure.codes}

    def code(text: str) -> Measurement:
        known = by_key.get(text.casefold())
        if known is None:
            raise UnknownCodeError(measure.name, text, (*measure.codes, *missing))
        return Measurement(measure=measure.name, value=None, unit=measure.unit, code=known)

    return code


def _day_reader(measure: Measure, unit: str | None, missing: tuple[str, ...]) -> MeasureReader:
    _check_without_unit(measure, unit)

    def day(text: str) -> Measurement:
        read = partial_day(measure.name, text)
        return Measurement(measure=measure.name, value=None, unit=measure.unit, text=read)

    return day


def _text_reader(measure: Measure, unit: str | None, missing: tuple[str, ...]) -> MeasureReader:
    _check_without_unit(measure, unit)

    def line(text: str) -> Measurement:
        read = one_line(measure.name, text, at_most=TEXT_AT_MOST)
        return Measurement(measure=measure.name, value=None, unit=measure.unit, text=read)

    return line


def _check_without_unit(measure: Measure, unit: str | None) -> None:
    if unit is not None:
        name = measure.name
        raise RefusalError(f"column {name} has no unit; write it without [{unit}]", field=name)


READERS: Final = {
    "number": _number_reader,
    "count": _number_reader,
    "yes-no": _code_reader,
    "codes": _code_reader,
    "partial-day": _day_reader,
    "text": _text_reader,
}
