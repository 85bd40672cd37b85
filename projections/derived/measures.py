"""One row per value taken at a visit: as it was captured, and in the canonical unit of the measure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pyarrow as pa

from projections.columns.arrow import ArrowArray, ArrowTable
from projections.columns.catalogue_words import captured_units, measure_codes, missing_reasons, rules, units
from projections.columns.catalogue_words import measures as listed_measures
from projections.columns.coded import Coded, Rows, coded
from projections.columns.tables import OF_PATIENT, Table, day, declared, frame, number, refers, word, yes_no

if TYPE_CHECKING:
    import pandas as pd

    from projections.clinical.derived_measures import Computed
    from projections.clinical.taken_measures import Taken
    from projections.point_in_time import Facts
    from registry.catalogue.catalogue import Catalogue
    from registry.domain.statements import Measurement

KEYS: Final = {"patient": "patient", "visit_id": "fact"}  # column: field of the visit
CAPTURED: Final = {  # column: field of the measurement
    "captured_value": "value",
    "captured_unit": "unit",
    "comparator": "comparator",
    "version": "version",
    "code": "code",
    "text": "text",
    "missing_reason": "missing",
}
MARKS: Final = ("<", None, ">")  # of values below a limit, exact, and above one
NOTHING_SAID: Final = pa.dictionary(pa.int32(), pa.string())
NO_MARKS: Final = (None,) * len(MARKS)
MEASURES_TABLE: Final[Table] = declared(
    "measures",
    "value taken at a visit, captured or computed",
    order="patient visited_on visit_id measure",
    edition=2,
    function_of="patient and protocol",
    columns=(
        word("patient", "pseudonym"),
        day("visited_on", "day of the visit"),
        word("visit_id", "reference of the visit"),
        word("measure", "what was measured", listed=listed_measures),
        number("value", "the value in the canonical unit", type_="double", unit="as in unit"),
        word(
            "unit",
            "canonical unit of the measure; of what is no number what it holds: codes, yes-no, text, …",
            listed=units,
        ),
        word("captured_value", "the number as it came, null where it was computed or is none"),
        word(
            "captured_unit",
            "the unit in which it came, null where it was computed or is no number",
            listed=captured_units,
        ),
        word(
            "comparator",
            "whether the true value is below or above it; of a computed one, of its input",
            "<",
            ">",
        ),
        yes_no("derived", "whether the value was computed here"),
        word("rule", "the rule and its edition by which it was computed, null where it was captured", listed=rules),
        number("n_expected", "number of inputs that the rule wants, null where the value was captured"),
        number("n_present", "number of inputs that were there, null where the value was captured"),
        word("version", "edition of a reported total where the source said which, as 10-step for a BASMI"),
        word("code", "the word of the measure's list, null of what is no such word", listed=measure_codes),
        word("text", "the partial day or the short text, null of what is none"),
        word("missing_reason", "why there is no value, null where there is one", listed=missing_reasons),
    ),
).keyed(
    "patient visit_id measure derived",
    OF_PATIENT,
    refers("patient visit_id", "visits"),
    never_null="visited_on unit",
    betrays={
        "identifier": "patient",
        "reference": "visit_id",
        "day": "visited_on",
        "measured": "text",
        "none": "measure value unit captured_value captured_unit comparator "
        "derived rule n_expected n_present version code missing_reason",
    },
)


def measures(facts: Facts) -> pd.DataFrame:
    """Return the measures as a frame, one row a value; columns as declared in `MEASURES_TABLE`."""
    return frame(table(facts))


def table(facts: Facts) -> ArrowTable:
    """Return the measures as an Arrow table by patient, visited_on, visit_id, measure; captured before computed."""
    from projections.clinical.derived_measures import computed_rows
    from projections.clinical.visit_values import CriterionInputs, VisitValues

    values = VisitValues(facts)
    return _in_order(values.taken, computed_rows(CriterionInputs(values)), facts.catalogue).rows


class AtVisits(NamedTuple):
    """Rows of the table, visit by visit, and of each the visit's row among those that were given."""

    rows: ArrowTable
    of_visit: Rows


def captured_at(taken: Taken, catalogue: Catalogue) -> AtVisits:
    """Return the values that were taken at some visits, in the order of these and of the measures' names."""
    return _in_order(taken, [], catalogue)


def _in_order(taken: Taken, computed: Sequence[Computed], catalogue: Catalogue) -> AtVisits:
    """Return the rows of the table: those that were taken, and those that were computed, visit by visit."""
    n_taken, sizes = len(taken.of_visit), [len(each.visits) for each in computed]
    texts = {name: coded(pa.array(said, pa.string())) for name, said in _texts(taken, computed, catalogue).items()}
    of_computed = len(taken.distinct) + len(MARKS) * np.repeat(np.arange(len(computed), dtype=np.int32), sizes)
    marks = np.concatenate([np.zeros(0, np.int8), *(each.marks for each in computed)])
    number = np.concatenate([taken.codes, of_computed + marks + 1])
    visit = np.concatenate([taken.of_visit, *(each.visits for each in computed)])
    measure = texts["measure"]
    order = np.argsort(visit.astype(np.int64) * len(measure.words) + measure.codes[number], kind="stable")
    number, visit, derived = number[order], visit[order], order >= n_taken

    def counted(column: str) -> ArrowArray:
        numbers = np.concatenate([np.zeros(n_taken), *(getattr(each, column) for each in computed)])[order]
        return pa.array(numbers.astype(np.int16), mask=~derived)

    cells = (None if cell is None else cell.value for cell in taken.cells)
    doubles = np.array([np.nan if value is None else float(value) + 0.0 for value in cells], np.float64)  # no -0.0
    values = np.concatenate([doubles[taken.codes], *(each.values for each in computed)])[order]
    rows = MEASURES_TABLE.of(
        {
            **{name: coded(taken.visits[field]).take(visit).array() for name, field in KEYS.items()},
            **{name: _at(number, each) for name, each in texts.items()},
            "visited_on": taken.visits["visited_on"].take(pa.array(visit)),
            "value": pa.array(values, mask=np.isnan(values)),
            "derived": pa.array(derived),
            "n_expected": counted("n_expected"),
            "n_present": counted("n_present"),
        }
    )
    return AtVisits(rows, visit)


def _at(rows: Rows, column: Coded) -> ArrowArray:
    """Return a column at some rows; one that says nothing, as codes where no protocol has any, costs nothing."""
    return column.take(rows).array() if len(column.words) else pa.nulls(len(rows), NOTHING_SAID)


def _texts(taken: Taken, computed: Sequence[Computed], catalogue: Catalogue) -> dict[str, list[str | None]]:
    """Return what the table says of each of the distinct measurements, then of each instrument with each mark."""
    scored = [each for each in computed for _ in MARKS]
    unsaid: dict[str, tuple[str | None, ...]] = {"comparator": MARKS}
    return {
        "measure": [*(each.measure for each in taken.distinct), *(each.measure for each in scored)],
        "unit": [*(catalogue.measures[each.measure].unit for each in taken.distinct), *(each.unit for each in scored)],
        "rule": [*(None for _ in taken.distinct), *(each.rule for each in scored)],
        **{
            name: [*(_said(each, field) for each in taken.distinct), *len(computed) * unsaid.get(name, NO_MARKS)]
            for name, field in CAPTURED.items()
        },
    }


def _said(taken: Measurement, field: str) -> str | None:
    """Return a field of a measurement as text; the unit only of a number."""
    said: str | None = getattr(taken, field)
    return None if field == "unit" and taken.value is None else said
