"""How the section `day0` of a cohort file is read: which day is day 0, and which of several."""

from __future__ import annotations

from typing import Final, get_args

from projections.cohort.definition.definition import (
    BEGIN_TREATMENT,
    DAYS_ZERO,
    OF_SEVERAL,
    DayZero,
    DoseDirection,
    Which,
)
from projections.cohort.definition.spans import Span, length_in_days, read_between, read_span
from projections.cohort.definition.table_keys import named_treatments
from registry.catalogue.therapy_lines import MAX_GAP_DAYS, BridgeOver
from registry.toml_keys import Keys

WHICH: Final[tuple[Which, ...]] = get_args(Which)
BRIDGED_OVER: Final[tuple[BridgeOver, ...]] = get_args(BridgeOver)
DIRECTIONS: Final[tuple[DoseDirection, ...]] = get_args(DoseDirection)
FIRST_LINE: Final = Span(1, 1)
LINES_AT_MOST: Final = 100
LONGEST_GAP: Final = 3650  # days


def read_day_zero(keys: Keys) -> DayZero:
    """Return which day is day 0."""
    day_zero = DayZero(keys.word("event", DAYS_ZERO, "enrolment"), between=read_between(keys, "between"))
    if day_zero.event in BEGIN_TREATMENT:
        day_zero = _of_treatment(keys, day_zero)
    elif day_zero.event == "condition":
        day_zero = day_zero._replace(of=keys.words("of", keys.catalogue.conditions))
    if day_zero.event == "switch" or keys.there("returns"):
        day_zero = day_zero._replace(returns=keys.yes_no("returns", False))
    if day_zero.event == "dose-change":
        day_zero = day_zero._replace(direction=keys.word("direction", DIRECTIONS, DIRECTIONS[0]))
    if day_zero.event in OF_SEVERAL and (day_zero.event != "line" or keys.there("which")):
        day_zero = day_zero._replace(which=keys.word("which", WHICH, WHICH[0]))
    keys.end()
    return day_zero


def _of_treatment(keys: Keys, day_zero: DayZero) -> DayZero:
    day_zero = day_zero._replace(of=named_treatments(keys, "of"), lines=_lines(keys, day_zero))
    bridge = day_zero.bridge
    if day_zero.event not in ("course", "line") or keys.there("bridge"):
        bridge = bridge._replace(days=length_in_days(keys, "bridge", f"{MAX_GAP_DAYS} days", longest=LONGEST_GAP))
    if day_zero.event not in ("course", "line") or keys.there("bridge_over"):
        bridge = bridge._replace(over=keys.word("bridge_over", BRIDGED_OVER, bridge.over))
    return day_zero._replace(bridge=bridge)


def _lines(keys: Keys, day_zero: DayZero) -> Span | None:
    """Return the numbers of the lines that count; `line` is one number, as older files have it."""
    if day_zero.event == "line" and keys.there("line"):
        if keys.there("lines"):
            keys.wrong("line", "says what lines says too; leave it out")
        number = keys.number("line", 1, low=1, high=LINES_AT_MOST)
        return Span(number, number)
    if keys.there("lines"):
        return read_span(keys, "lines", low=1, high=LINES_AT_MOST)
    if day_zero.event != "line":
        return None
    keys.defaults.append(("day0.lines", str(FIRST_LINE)))
    return FIRST_LINE
