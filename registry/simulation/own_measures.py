"""What a protocol's own measures hold at visits: numbers in steps, words, partial days, texts, or a reason.

A value is drawn as a whole number: the step of a number between its limits, the place of a word, the day of a partial
day. What is missing is `EMPTY`, or below it a reason of the protocol. A measure or a word that has ended is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import cache, partial
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from registry.catalogue.measures import Measure
from registry.catalogue.units import EXACT
from registry.domain.statements import Measurement
from registry.schema.numbers import DIGITS_AT_MOST
from registry.simulation.drawing import Draw, Floats, Whole, Yes

EMPTY: Final = -1
UNTAKEN: Final = 0.04  # share of values that are not taken
REASONED: Final = 0.5  # share of these of which is told why
POWERS: Final = 2  # of ten: a number has a hundred steps at the least, a thousand at the most
REACH: Final = 100  # of a number without a limit, in its unit, from its other limit or from 0
BELOW: Final = 0.05  # share of the steps of a laboratory value that lies below what the laboratory can tell
BACK: Final = 2000  # days before the visit that a partial day is at most
TEXTS: Final = ("as before", "to be discussed at the next visit", "letter sent", "nothing to add")
EPOCH: Final = date(1970, 1, 1)

Cell = Callable[[int], Measurement]
Cells = NDArray[np.int16]


class OwnMeasure(NamedTuple):
    """A measure as it is drawn: values from 0 to `last`, what each says, and whether it follows the disease."""

    name: str
    last: int
    cell: Cell
    follows: bool = False
    is_day: bool = False


class Steps(NamedTuple):
    """A number in steps: what it is at step 0, the step, and the last one."""

    first: Decimal
    step: Decimal
    last: int


def own_measures(measures: Sequence[Measure], reasons: Sequence[str]) -> tuple[OwnMeasure, ...]:
    """Return the measures as they are drawn, without those that have ended; no text of them is a reason."""
    return tuple(_drawn(measures, reasons))


def _drawn(measures: Sequence[Measure], reasons: Sequence[str]) -> Iterator[OwnMeasure]:
    for measure in measures:
        if measure.until is not None:
            continue
        if measure.is_number:
            steps = steps_of(measure)
            yield OwnMeasure(measure.name, steps.last, cache(partial(_number, measure, steps)), follows=True)
        elif measure.holds == "partial-day":
            yield OwnMeasure(measure.name, 0, partial(_partial_day, measure), is_day=True)
        elif words := _words(measure, reasons):
            cell = cache(partial(_word, measure, words))
            yield OwnMeasure(measure.name, len(words) - 1, cell, follows=measure.ordinal)


def steps_of(measure: Measure) -> Steps:
    """Return the steps of a number: round ones within what is plausible, else within its range; whole ones of counts.

    >>> steps_of(Measure("bmi", "kg/m2", 10, 80, "body mass index", plausible=(14, 60)))
    Steps(first=Decimal('14'), step=Decimal('0.1'), last=460)
    """
    low, high = (None if each is None else Decimal(each) for each in measure.plausible or (measure.low, measure.high))
    if low is None:
        low = Decimal(0) if high is None else EXACT.subtract(high, Decimal(REACH))
    if high is None:
        high = EXACT.add(low, Decimal(REACH))
    return _steps(low, high, whole=measure.holds == "count")


def _steps(low: Decimal, high: Decimal, *, whole: bool) -> Steps:
    span = EXACT.subtract(high, low)
    if span <= 0:
        return Steps(low, Decimal(0), 0)
    power = max(span.adjusted() - POWERS, 0) if whole else span.adjusted() - POWERS
    if max(high.adjusted(), low.adjusted()) - power >= DIGITS_AT_MOST:
        return Steps(low, Decimal(0), 0)
    first = low.scaleb(-power).to_integral_value(ROUND_CEILING)
    last = high.scaleb(-power).to_integral_value(ROUND_FLOOR)
    return Steps(first.scaleb(power), Decimal(1).scaleb(power), int(last - first))


def _number(measure: Measure, steps: Steps, value: int) -> Measurement:
    below = int(steps.last * BELOW)
    comparator = None
    if measure.laboratory and steps.last:
        comparator = "<" if value < below else ">" if value == steps.last else None
    number = EXACT.add(steps.first, EXACT.multiply(Decimal(below if comparator == "<" else value), steps.step))
    return Measurement(measure=measure.name, value=f"{number:f}", unit=measure.unit, comparator=comparator)


def _words(measure: Measure, reasons: Sequence[str]) -> tuple[str, ...]:
    if measure.is_coded:
        return tuple(word for word in measure.codes if word not in measure.ended_codes)
    taken = {reason.casefold() for reason in reasons}
    return tuple(text for text in TEXTS if text.casefold() not in taken)


def _word(measure: Measure, words: tuple[str, ...], value: int) -> Measurement:
    said = {"code" if measure.is_coded else "text": words[value]}
    return Measurement(measure=measure.name, value=None, unit=measure.unit, **said)


def _partial_day(measure: Measure, value: int) -> Measurement:
    """Return a day, known to the year, the month or the day: one in three each."""
    text = (EPOCH + timedelta(days=value)).isoformat()[: (4, 7, 10)[value % 3]]
    return Measurement(measure=measure.name, value=None, unit=measure.unit, text=text)


class Visited(NamedTuple):
    """Visits, a row each: whose, when, and how active the disease was, 0-10."""

    patient: Whole
    visited_on: Whole
    active: Floats


def take(draw: Draw, measure: OwnMeasure, visited: Visited, asked: Yes, patients: int) -> Cells:
    """Return the values of a measure at visits, where it is asked for and taken; the others are `EMPTY`.

    A patient has more or less of a thing for good, and what follows the disease is higher where that is active.
    """
    number = len(asked)
    if measure.is_day:
        values = visited.visited_on - draw.whole(0, BACK, number)
    else:
        own = draw.even(patients)[visited.patient]
        share = 0.6 * own + 0.04 * visited.active if measure.follows else own
        share = share + (0.2 if measure.follows else 0.03) * draw.bell(number)
        values = np.clip(np.floor(share * (measure.last + 1)), 0, measure.last).astype(np.int64)
    return np.where(asked & ~draw.yes(UNTAKEN, number), values, EMPTY).astype(np.int16)


def give_reasons(draw: Draw, values: Cells, asked: Yes, reasons: int) -> None:
    """Say in place of some values that were asked for and not taken why, by one of so many reasons."""
    rows = np.flatnonzero(asked & (values == EMPTY))
    told = rows[draw.yes(REASONED, len(rows))]
    values[told] = EMPTY - 1 - draw.whole(0, reasons - 1, len(told))
