"""Units and measures of a protocol: names that nothing else has, units that are known, limits that can be met."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from registry.catalogue.catalogue import Catalogue
from registry.catalogue.measures import HOLDS, NUMBERS
from registry.catalogue.protocol import MeasureRecord, Protocol, Range, UnitRecord
from registry.catalogue.units import CONVERSIONS, UNITS
from registry.protocol.checks.words import NO_WORD, is_word
from registry.protocol.problems import Problem, doubled, placed
from registry.schema.tables import tables_of
from registry.spelling import label_key, unit_key
from registry.wording import shown, suggestion

NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,63}", re.ASCII)
WANTED: Final = "1 to 64 of a-z, 0-9 and _, the first a letter"
UNIT: Final = re.compile(r"[^\s\[\]=;,#]{1,32}")


def unit_problems(protocol: Protocol) -> Iterator[Problem]:
    """Yield what is wrong with `units`: how they are written, what they are converted to, and by what."""
    known = _units(protocol)
    yield from doubled("name", ((place, unit_key(unit.name)) for place, unit in placed("units", protocol.units)))
    factors = {(unit.name, other): factor for unit in protocol.units for other, factor in unit.to.items()}
    for place, unit in placed("units", protocol.units):
        if why := _why_no_unit(unit):
            yield Problem(f"{place}.name", why)
        for other, factor in unit.to.items():
            if other not in known:
                yield Problem(f"{place}.to", f"{shown(other)} is no unit{unit_meant(other, known)}")
            elif other == unit.name:
                yield Problem(f"{place}.to", "a unit is not converted to itself; write another one")
            elif factor <= 0:
                yield Problem(f"{place}.to.{other}", f"{factor} is not above 0")
            elif (unit.name, other) in CONVERSIONS and factor != CONVERSIONS[unit.name, other]:
                usual = CONVERSIONS[unit.name, other]
                yield Problem(f"{place}.to.{other}", f"{factor} is not {usual}, by which the catalogue converts")
            elif (other, unit.name) in factors and factors[other, unit.name] * factor != 1:
                yield Problem(f"{place}.to.{other}", f"{factor} there and {factors[other, unit.name]} back is not 1")


BY_KEY: Final = {**{unit_key(ucum): unit for unit, ucum in UNITS.items()}, **{unit_key(unit): unit for unit in UNITS}}


def unit_meant(word: str, known: tuple[str, ...]) -> str:
    """Return the mend of an unknown unit: what it is called here, or how one is declared."""
    by_key = {**BY_KEY, **{unit_key(unit): unit for unit in known}}
    if unit_key(word) in by_key:
        return f"; did you mean {by_key[unit_key(word)]!r}?"
    return suggestion(word, known) or "; declare it in [[units]], or write one that docs/protocol.md lists"


def measure_problems(protocol: Protocol) -> Iterator[Problem]:
    """Yield what is wrong with `measures`, apart from their names."""
    known = _units(protocol)
    for place, measure in placed("measures", protocol.measures):
        yield from (Problem(f"{place}.{key}", what) for key, what in _of_measure(measure, known))
        yield from (Problem(f"{place}.{key}", what) for key, what in _of_codes(measure))


def visit_name_problems(protocol: Protocol, built_in: Catalogue) -> Iterator[Problem]:
    """Yield each name of a measure or a score that is none, or that something else at a visit has."""
    of_visits = dict.fromkeys(tables_of(built_in)["visits"].columns, "a column of visits")
    taken = {**of_visits, **dict.fromkeys((*built_in.measures, *built_in.instruments), "built in")}
    for place, name in _visit_names(protocol):
        if not NAME.fullmatch(name):
            yield Problem(f"{place}.name", f"{shown(name)} is not {WANTED}")
        elif name in taken:
            yield Problem(f"{place}.name", f"{shown(name)} is {taken[name]}; write another name")
    yield from doubled("name", _visit_names(protocol))
    editions = ((place, f"{each.name}/{each.edition}") for place, each in placed("scores", protocol.scores))
    yield from doubled("edition", editions)


def _visit_names(protocol: Protocol) -> Iterator[tuple[str, str]]:
    """Yield the names of measures and scores with their places; of a score in several editions, the last place."""
    yield from ((place, each.name) for place, each in placed("measures", protocol.measures))
    yield from {each.name: (place, each.name) for place, each in placed("scores", protocol.scores)}.values()


def _units(protocol: Protocol) -> tuple[str, ...]:
    return (*UNITS, *(unit.name for unit in protocol.units))


def _why_no_unit(unit: UnitRecord) -> str | None:
    if not UNIT.fullmatch(unit.name) or not unit.name.isprintable():
        return f"{shown(unit.name)} is not 1 to 32 signs without blanks, brackets, commas, =, ; and #"
    if unit.name in HOLDS:
        return f"{shown(unit.name)} is what a measure holds; write another name"
    usual = BY_KEY.get(unit_key(unit.name), unit.name)
    return None if usual == unit.name else f"{shown(unit.name)} is written {usual!r} in the catalogue"


def _of_measure(measure: MeasureRecord, units: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if measure.holds not in NUMBERS:
        given = {"unit": measure.unit, "range": measure.range, "plausible": measure.plausible}
        for key, value in (*given.items(), ("laboratory", measure.laboratory or None)):
            if value is not None:
                yield key, f"is of numbers only, and this measure holds {measure.holds}; remove it"
        return
    if measure.holds == "count" and measure.unit not in (None, "count"):
        yield "unit", f"{shown(measure.unit)} is not 'count', which is the unit of every count; remove it"
    elif measure.holds == "number" and measure.unit is None:
        yield "unit", "is missing; write a unit of the catalogue or of [[units]], 'score' for points"
    elif measure.unit is not None and measure.unit not in units:
        yield "unit", f"{shown(measure.unit)} is no unit{unit_meant(measure.unit, units)}"
    if measure.holds == "count" and any(end is not None and (end < 0 or end % 1) for end in measure.range or ()):
        yield "range", f"{told(measure.range)} is not of whole numbers from 0, which counts are"
    yield from _of_plausible(measure.plausible, measure.range)


def _of_plausible(plausible: Range | None, limits: Range | None) -> Iterator[tuple[str, str]]:
    if plausible is None:
        return
    if None in plausible:
        yield "plausible", "needs both ends; what no limit is set to, remove"
        return
    (low, high), (lowest, highest) = plausible, limits or (None, None)
    assert low is not None, "both ends are there"
    assert high is not None, "both ends are there"
    if (lowest is not None and low < lowest) or (highest is not None and high > highest):
        yield "plausible", f"{low} to {high} reaches beyond the range {told(limits)}; write limits within it"


def told(limits: Range | None) -> str:
    """Return a range in words.

    >>> from decimal import Decimal
    >>> told((Decimal(0), Decimal("10.5"))), told((Decimal(0), None)), told(None)
    ('0 to 10.5', '0 and above', 'any number')
    """
    low, high = limits or (None, None)
    if low is not None and high is not None:
        return f"{low} to {high}"
    if low is None and high is None:
        return "any number"
    return f"{high} and below" if low is None else f"{low} and above"


def _of_codes(measure: MeasureRecord) -> Iterator[tuple[str, str]]:
    if measure.holds == "codes" and not measure.codes:
        yield "codes", 'is missing; write each word with its label, as { never = "never", former = "former" }'
    if measure.holds != "codes" and measure.codes:
        yield "codes", f"are for what holds codes, and this measure holds {measure.holds}; remove one of them"
    if measure.ordinal and not measure.codes:
        yield "ordinal", "is of codes only; remove it"
    seen: dict[str, str] = {}
    for word in measure.codes:
        if not is_word(word):
            yield f"codes.{word}", NO_WORD
        key = label_key(word)
        if key in seen:
            in_case = seen[key].casefold() == word.casefold()
            why = "its case; cells are read without regard to it" if in_case else "blanks or the form of Unicode"
            yield f"codes.{word}", f"is {shown(seen[key])} but for {why}"
        seen.setdefault(key, word)
    for word in measure.ended_codes:
        if word not in measure.codes:
            yield f"ended_codes.{word}", f"is not one of its codes{suggestion(word, measure.codes)}"
