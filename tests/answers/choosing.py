"""Which value or visit stands for a baseline or a time point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, NamedTuple

from tests.answers.criteria import INPUTS
from tests.answers.facts import Visit
from tests.answers.values import STRICT, Value, ValueChoice, value_at


@dataclass(frozen=True)
class TimePoint:
    """A target day after day 0 and its window, both days included; a baseline prefers what lies on or before day 0."""

    day: int
    window: tuple[int, int]
    prefer: str = "nearest"
    label: str | None = None

    @property
    def is_baseline(self) -> bool:
        """Whether it stands for day 0 itself."""
        return self.day == 0


def before_start(days: int) -> TimePoint:
    """Return the baseline of `responses`: the last in so many days at or before the start."""
    return TimePoint(0, (-days, 0))


def in_window(rows: Sequence[Visit], day0: date, at: TimePoint) -> list[Visit]:
    """Return the rows that may stand for a time point."""
    return [
        row
        for row in rows
        if at.window[0] <= (row.visited_on - day0).days <= at.window[1] and at.label in (None, row.label)
    ]


def preference(row: Visit, day0: date, at: TimePoint) -> tuple[Any, ...]:
    """Return by what rows are ordered, the preferred one first: never by when they were recorded."""
    offset = (row.visited_on - day0).days
    by = {"nearest": (abs(offset - at.day), offset), "first": (offset,), "last": (-offset,)}[at.prefer]
    return (at.is_baseline and offset > 0, *by)


class Chosen(NamedTuple):
    """The row that was chosen, and what it says."""

    row: Visit
    value: Value


def chosen_value(
    rows: Sequence[Visit], measure: str, day0: date, at: TimePoint, *, by: ValueChoice = STRICT
) -> Chosen | None:
    """Return the preferred value of a measure in the window, None where there is none."""
    found = [Chosen(row, value_at(row, rows, measure, by)) for row in in_window(rows, day0, at)]
    found = [each for each in found if each.value.value is not None]
    rank = ("computed", "reported", "captured", "prorated")
    return min(
        found,
        key=lambda each: (*preference(each.row, day0, at), rank.index(each.value.how), each.row.reference),
        default=None,
    )


class Judged(NamedTuple):
    """What a visit says of the inputs of a criterion; the row is its anchor."""

    row: Visit
    known: dict[str, Fraction | None]
    marks: frozenset[str]

    @property
    def n_known(self) -> int:
        """How many inputs are known."""
        return sum(value is not None for value in self.known.values())


def inputs_at(
    row: Visit, rows: Sequence[Visit], criterion: str, *, same_visit: str = "day", by: ValueChoice = STRICT
) -> Judged:
    """Return the inputs of a criterion at a visit: of a row alone, or completed by other rows of its day."""
    others = [each for each in rows if each.visited_on == row.visited_on and each is not row]
    looked_at = [row, *sorted(others, key=lambda each: each.reference)] if same_visit == "day" else [row]
    known: dict[str, Fraction | None] = {}
    marks: frozenset[str] = frozenset()
    for name in INPUTS[criterion]:
        values = [value_at(each, rows, name, by) for each in looked_at]
        found = next((value for value in values if value.value is not None), None)
        known[name] = None if found is None else found.value
        marks |= frozenset() if found is None else found.marks
    return Judged(row, known, marks)


def chosen_visit(
    rows: Sequence[Visit],
    criterion: str,
    day0: date,
    at: TimePoint,
    *,
    same_visit: str = "day",
    by: ValueChoice = STRICT,
) -> Judged | None:
    """Return the preferred visit in the window with all inputs, else with most of them; None where none has any.

    With `same_visit = "value"` each input is the preferred value of its own, and the row that of the latest.
    """
    if same_visit == "value":
        return value_by_value(rows, criterion, day0, at, by=by)
    found = [inputs_at(row, rows, criterion, same_visit=same_visit, by=by) for row in in_window(rows, day0, at)]
    found = [each for each in found if each.n_known]
    return min(
        found, key=lambda each: (-each.n_known, *preference(each.row, day0, at), each.row.reference), default=None
    )


def value_by_value(
    rows: Sequence[Visit], criterion: str, day0: date, at: TimePoint, *, by: ValueChoice
) -> Judged | None:
    """Return each input's own preferred value."""
    each = {name: chosen_value(rows, name, day0, at, by=by) for name in INPUTS[criterion]}
    found = [one for one in each.values() if one is not None]
    if not found:
        return None
    latest = max((one.row for one in found), key=lambda row: (row.visited_on, row.reference))
    known = {name: None if one is None else one.value.value for name, one in each.items()}
    return Judged(latest, known, frozenset().union(*(one.value.marks for one in found)))


def target_day(day0: date, at: TimePoint) -> date:
    """Return the target day."""
    return day0 + timedelta(days=at.day)


def closes_on(day0: date, at: TimePoint) -> date:
    """Return the last day of the window."""
    return day0 + timedelta(days=at.window[1])
