"""A patient's visits: the indices with their change since the baseline of the treatment, then what was measured.

Which value of an index counts is said by `projections.clinical.visit_values`; a BASMI is told by version, and a change
is one of the same version. The baseline of a visit is that of the immunomodulating course that had begun last before
it: the last value of the index at or before its start, within the window of the table `responses`. Values are rounded
half up to two decimals, here only. An index that was computed from a limit, as a CRP of `<5`, has the mark beside it
and not before it, as it need not be one itself, and so has the change: `ASDAS-CRP 1.52 with < (-2.55 with <)`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Final, NamedTuple

from projections.clinical.visit_values import NO_VALUE, CriterionInputs, VisitValues
from projections.course.entry import CourseEntry, Row, day_of, rows_of
from projections.derived.responses import BASELINE_WINDOW_DAYS
from registry.catalogue.instruments.values import COMPARATORS

if TYPE_CHECKING:
    from projections.point_in_time import Facts
    from registry.catalogue.catalogue import Catalogue

INDICES: Final = {  # in the order in which they are read
    "basdai": "BASDAI",
    "asdas_crp": "ASDAS-CRP",
    "asdas_esr": "ASDAS-ESR",
    "basfi": "BASFI",
    "basmi": "BASMI (version not said)",
    "basmi_2step": "BASMI 2-step",
    "basmi_10step": "BASMI 10-step",
    "basmi_linear": "BASMI linear",
}
SAID: Final = ("captured_value", "code", "text", "missing_reason")  # one of which a captured row has
MEASURED: Final = ("visit_id", "measure", "derived", "captured_unit", "comparator", *SAID)
UNSPOKEN_UNITS: Final = ("nrs", "score", "count", None)
QUESTIONNAIRES: Final = ("basdai", "basfi")
CENT: Final = Decimal("0.01")


class IndexValue(NamedTuple):
    """The value of an index at a visit, how it came about, and the mark of its input: `BELOW`, `EXACT` or `ABOVE`."""

    value: Decimal
    origin: int
    mark: int


def visits(facts: Facts, patient: str) -> Iterator[CourseEntry]:
    """Yield a patient's visits."""
    titles = _titles(facts.catalogue)
    indices = _index_values(facts, patient, titles)
    captured: dict[object, dict[str, Row]] = {}
    for row in rows_of(facts, "measures", patient, *MEASURED):
        if not row["derived"]:
            captured.setdefault(row["visit_id"], {})[str(row["measure"])] = row
    rows = rows_of(facts, "visits", patient)
    given = rows_of(facts, "treatments", patient, "agent", "started_on")
    starts = [row["started_on"] for row in given if row["agent"] in facts.catalogue.immunomodulating]
    for row in rows:
        before = _baseline(row, rows, [start for start in starts if isinstance(start, date)], indices)
        said = [
            *(["before enrolment"] if row["before_enrolment"] else []),
            *_indices(indices[row["visit_id"]], before, titles),
            *_captured(captured.get(row["visit_id"], {}), facts.catalogue),
        ]
        yield CourseEntry(
            on=day_of(row, "visited_on"),
            until=None,
            what="visit",
            which=str(row["visit"] or ""),
            details=", ".join(said),
            reference=str(row["visit_id"]),
        )


def _titles(catalogue: Catalogue) -> dict[str, str]:
    """Return what is told as an index, each with its title: those that are built in, then the registry's own scores."""
    own = catalogue.protocol.scores if catalogue.protocol else ()
    return {**INDICES, **{score.name: score.label for score in own}}


def _index_values(facts: Facts, patient: str, names: Iterable[str]) -> dict[object, dict[str, IndexValue]]:
    """Return the values of the indices at a patient's visits, by reference of the visit."""
    inputs = CriterionInputs(VisitValues(facts))
    visited = zip(inputs.visits["patient"].to_pylist(), inputs.visits["fact"].to_pylist())
    rows = [(place, reference) for place, (whose, reference) in enumerate(visited) if whose == patient]
    columns = {
        name: (inputs[name].doubles().tolist(), inputs.origins(name).tolist(), inputs[name].marks.tolist())
        for name in names
    }
    return {
        reference: {
            name: IndexValue(Decimal(repr(values[place])), origins[place], marks[place])
            for name, (values, origins, marks) in columns.items()
            if origins[place] != NO_VALUE
        }
        for place, reference in rows
    }


def _baseline(
    visit: Row, visits: list[dict[str, object]], starts: list[date], indices: Mapping[object, Mapping[str, IndexValue]]
) -> dict[str, IndexValue]:
    """Return the last values before the course that had begun last before a visit, of one day the computed one."""
    on = visit["visited_on"]
    assert isinstance(on, date)
    start = max((start for start in starts if start < on), default=None)
    if start is None:
        return {}
    dated = [(row["visited_on"], indices[row["visit_id"]]) for row in visits]
    within = [(day, values) for day, values in dated if isinstance(day, date) and _may_be_baseline(day, start)]
    within.sort(key=lambda each: each[0])
    last: dict[str, tuple[date, IndexValue]] = {}
    for day, values in within:
        for name, value in values.items():
            if name not in last or day > last[name][0] or value.origin < last[name][1].origin:
                last[name] = day, value
    return {name: value for name, (_, value) in last.items()}


def _may_be_baseline(day: date, start: date) -> bool:
    return 0 <= (start - day).days <= BASELINE_WINDOW_DAYS


def _indices(
    now: Mapping[str, IndexValue], baseline: Mapping[str, IndexValue], titles: Mapping[str, str]
) -> Iterator[str]:
    for name, title in titles.items():
        if name in now:
            change = f" ({_change(baseline[name], now[name])})" if name in baseline else ""
            yield f"{title} {now[name].value.quantize(CENT, ROUND_HALF_UP):f}{_marks(now[name])}{change}"


def _change(before: IndexValue, now: IndexValue) -> str:
    """Return the change of an index with its sign, and the marks of what it rests on."""
    return f"{(now.value - before.value).quantize(CENT, ROUND_HALF_UP):+f}{_marks(before, now)}"


def _marks(*values: IndexValue) -> str:
    """Return the marks of the laboratory values on which some values rest, nothing where there is none."""
    marks = {value.mark for value in values}
    said = "".join(comparator for comparator, mark in COMPARATORS.items() if comparator and mark in marks)
    return f" with {said}" if said else ""


def _captured(taken: Mapping[str, Row], catalogue: Catalogue) -> Iterator[str]:
    """Yield what was measured in the catalogue's order; the items of a questionnaire in one go, a dash for a gap."""
    told = {name for name, row in taken.items() if name in _titles(catalogue) and row["captured_value"] is not None}
    for series, items in _questions(catalogue):
        if any(name in taken for name in items):
            yield f"{series} items " + " ".join(_said(taken[name]) if name in taken else "-" for name in items)
        told |= {*items}
    for name in catalogue.measures:
        if name in taken and name not in told:
            row = taken[name]
            unit = "" if row["captured_unit"] in UNSPOKEN_UNITS else f" {row['captured_unit']}"
            yield f"{name} {row['comparator'] or ''}{_said(row)}{unit}"


def _questions(catalogue: Catalogue) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the questionnaires whose questions are called after them, each with these questions."""
    own = (score.name for score in catalogue.protocol.scores) if catalogue.protocol else ()
    for series in dict.fromkeys((*QUESTIONNAIRES, *own)):
        items = tuple(name for name in catalogue.instruments[series].inputs if name.startswith(f"{series}_"))
        if len(items) > 1:
            yield series, items


def _said(row: Row) -> str:
    """Return what a cell said: a number, a word, a text, or why there is none."""
    return next(str(row[column]) for column in SAID if row[column] is not None)
