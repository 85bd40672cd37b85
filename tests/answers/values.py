"""The value of a measure or index at a visit: computed with all its inputs, else the reported total, else none.

A row of visits is one delivery; several rows of one patient on one day may complete each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from typing import Final, NamedTuple

from tests.answers.facts import Taken, Visit
from tests.answers.formulas import FORMULAS, INPUTS, PRORATED

BASMI: Final = {"basmi_2step": "2-step", "basmi_10step": "10-step", "basmi_linear": "linear", "basmi": None}
REPORTED: Final = ("basdai", "basfi")


@dataclass(frozen=True)
class ValueChoice:
    """How far an index may reach for its inputs, and whether it may be prorated."""

    combine_days: int = 0
    prorate: bool = False


STRICT: Final = ValueChoice()


class Value(NamedTuple):
    """A value, or why there is none; `marks` of what it rests on, `rows` the visits that gave it."""

    value: Fraction | None
    how: str
    marks: frozenset[str] = frozenset()
    rows: tuple[str, ...] = ()
    reason: str | None = None


def value_at(row: Visit, rows: Sequence[Visit], measure: str, chosen: ValueChoice = STRICT) -> Value:
    """Return the value of a measure or index that stands at a row; `rows` are all of the patient."""
    if measure not in INPUTS:
        return captured(row, measure)
    inputs = own_inputs(row, measure)
    if len(inputs) == len(INPUTS[measure]):
        return computed(measure, inputs)
    pooled = pooled_inputs(row, rows, measure, chosen)
    if pooled is not None:
        return computed(measure, pooled)
    reported = reported_total(row, measure)
    if reported is not None:
        return Value(reported.number, "reported", marks_of([reported]), (row.reference,))
    if chosen.prorate and measure in PRORATED:
        answered = {name: taken.number for name, (taken, _) in inputs.items()}
        estimate = PRORATED[measure](answered)
        if estimate is not None:
            return Value(estimate, "prorated", marks_of(taken for taken, _ in inputs.values()), (row.reference,))
    missing = [name for name in INPUTS[measure] if name not in inputs]
    return Value(None, "none", reason=f"without {', '.join(missing)}, and no total")


def captured(row: Visit, measure: str) -> Value:
    """Return a value as it was taken; a BASMI of a version is another measure than one without."""
    taken = reported_total(row, measure) if measure in BASMI else row.values.get(measure)
    if taken is None:
        return Value(None, "none", reason="not taken")
    return Value(taken.number, "captured", marks_of([taken]), (row.reference,))


def reported_total(row: Visit, measure: str) -> Taken | None:
    """Return the total that the source gave for an index, of a BASMI in exactly its version."""
    if measure in BASMI:
        taken = row.values.get("basmi")
        return taken if taken is not None and taken.version == BASMI[measure] else None
    return row.values.get(measure) if measure in REPORTED else None


Inputs = Mapping[str, tuple[Taken, str]]


def own_inputs(row: Visit, measure: str) -> dict[str, tuple[Taken, str]]:
    """Return the inputs of an index that a row itself has, each with the name of the row."""
    return {name: (row.values[name], row.reference) for name in INPUTS[measure] if name in row.values}


def pooled_inputs(row: Visit, rows: Sequence[Visit], measure: str, chosen: ValueChoice) -> Inputs | None:
    """Return all inputs of an index from the rows of a day, or of days near to each other, where it stands at `row`.

    It stands at the row of its latest day that has most of the inputs, then at the one with the smaller name. A day
    with a row that has all of them, or a day nearby with a value of its own, is not mended.
    """
    same_day = [each for each in rows if each.visited_on == row.visited_on]
    if is_complete(same_day, measure) or row is not standing_row(same_day, measure):
        return None
    pooled = together([row, *sorted(same_day, key=lambda each: each.reference)], measure)
    if len(pooled) == len(INPUTS[measure]):
        return pooled
    if chosen.combine_days == 0:
        return None
    near = [
        each for each in rows if timedelta(0) < row.visited_on - each.visited_on <= timedelta(days=chosen.combine_days)
    ]
    if any(has_value(each, rows, measure) for each in [*near, *same_day]):
        return None
    near.sort(key=lambda each: (row.visited_on - each.visited_on, each.reference))
    pooled = together([row, *sorted(same_day, key=lambda each: each.reference), *near], measure)
    return pooled if len(pooled) == len(INPUTS[measure]) else None


def is_complete(rows: Sequence[Visit], measure: str) -> bool:
    """Return whether one of the rows has all inputs."""
    return any(len(own_inputs(row, measure)) == len(INPUTS[measure]) for row in rows)


def standing_row(rows: Sequence[Visit], measure: str) -> Visit | None:
    """Return the row with most of the inputs, then the smaller name; None where none has any."""
    having = [row for row in rows if own_inputs(row, measure)]
    return min(having, key=lambda row: (-len(own_inputs(row, measure)), row.reference), default=None)


def together(rows: Sequence[Visit], measure: str) -> dict[str, tuple[Taken, str]]:
    """Return the inputs of several rows, each from the first that has it."""
    pooled: dict[str, tuple[Taken, str]] = {}
    for row in rows:
        pooled = own_inputs(row, measure) | pooled
    return {name: pooled[name] for name in INPUTS[measure] if name in pooled}


def has_value(row: Visit, rows: Sequence[Visit], measure: str) -> bool:
    """Return whether a value stands at a row without looking at other days."""
    return value_at(row, rows, measure).value is not None


def computed(measure: str, inputs: Inputs) -> Value:
    """Return an index with the marks of its inputs."""
    numbers = {name: taken.number for name, (taken, _) in inputs.items()}
    if measure == "asdas_crp" and inputs["crp"][0].mark == "<":
        numbers["crp"] = min(numbers["crp"], Fraction(2))  # below a limit is 2, whatever the limit
    return Value(
        FORMULAS[measure](numbers),
        "computed",
        marks_of(taken for taken, _ in inputs.values()),
        tuple(sorted({name for _, name in inputs.values()})),
    )


def marks_of(values: Iterable[Taken]) -> frozenset[str]:
    """Return the marks of some values."""
    return frozenset(taken.mark for taken in values if taken.mark is not None)


def disagreements(rows: Sequence[Visit]) -> list[tuple[str, str, Fraction, Fraction]]:
    """Return where a reported total and a computed one stand at one row and differ: row, index, reported, computed."""
    found = []
    for row in rows:
        for measure in INPUTS:
            value, reported = value_at(row, rows, measure), reported_total(row, measure)
            if value.how == "computed" and reported is not None and value.value != reported.number:
                assert value.value is not None
                found.append((row.reference, measure, reported.number, value.value))
    return found
