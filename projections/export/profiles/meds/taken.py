"""Rows of what was taken at visits, and of what is computed of it: each distinct value is told once, and then taken.

What was taken is known since the version of the visit that first had it. What is computed is known as it stands since
the last event about any visit of that day, or since the protocol that computes it so was adopted, where that was later.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from projections.clinical.derived_measures import computed_rows
from projections.clinical.taken_measures import MEASURES, Taken
from projections.clinical.visit_values import CriterionInputs, VisitValues
from projections.columns.arrow import ArrowTable
from projections.export.profiles.meds.first_known import later, not_before, standing
from projections.export.profiles.meds.last_words import last_words_on_days, last_words_on_rules
from projections.export.profiles.meds.stretches import SEPARATOR, stretch

if TYPE_CHECKING:
    from projections.clinical.derived_measures import Computed
    from projections.point_in_time import Facts
    from registry.catalogue.catalogue import Catalogue

MARKS: Final = pa.array(["<", None, ">"])  # of values below a limit, exact, and above one


def taken_rows(facts: Facts) -> Iterable[ArrowTable]:
    """Yield the rows of values as they were captured, in canonical units, and then of computed ones."""
    versions = facts.stated_versions("visits")
    taken = Taken(versions.append_column(MEASURES, facts.measures_of_stated_versions), facts.catalogue)
    yield standing(_captured(taken, facts.catalogue), versions, until=facts.at.position)
    inputs, rules = CriterionInputs(VisitValues(facts)), last_words_on_rules(facts)
    visits = later(inputs.visits, last_words_on_days(facts, inputs.visits))
    for each in computed_rows(inputs):
        rows = _computed(visits, each)
        yield not_before(rows, rules[each.measure]) if each.measure in rules else rows


def _captured(taken: Taken, catalogue: Catalogue) -> ArrowTable:
    visits = taken.visits.take(pa.array(taken.of_visit))
    told = dict(zip(("code", "value", "unit", "comparator", "text_value"), zip(*_told(taken, catalogue))))
    columns = {name: pa.array(words, pa.string()).take(pa.array(taken.codes)) for name, words in told.items()}
    if not columns:
        return stretch(visits.slice(0, 0), pa.array([], pa.string()))
    number = columns["value"].cast(pa.float64()).cast(pa.float32(), safe=False)
    return stretch(visits, time=visits["visited_on"], numeric_value=number, **columns)


def _told(taken: Taken, catalogue: Catalogue) -> Iterator[tuple[str | None, ...]]:
    """Yield code, value, unit, comparator and text of each of the distinct values."""
    for each, cell in zip(taken.distinct, taken.cells):
        if cell is not None:
            unit = catalogue.measures[each.measure].unit
            yield f"MEASURE{SEPARATOR}{each.measure}", f"{cell.value:f}", unit, cell.comparator, each.version
        elif each.missing is not None:
            yield f"MISSING{SEPARATOR}{each.measure}{SEPARATOR}{each.missing}", None, None, None, None
        elif each.code is not None:
            yield f"MEASURE{SEPARATOR}{each.measure}{SEPARATOR}{each.code}", None, None, None, each.code
        else:
            yield f"MEASURE{SEPARATOR}{each.measure}", None, None, None, each.text


def _computed(visited: ArrowTable, found: Computed) -> ArrowTable:
    """Return the rows of one instrument, of the visits at which it has a value."""
    there = ~np.isnan(found.values)
    visits, values = visited.take(pa.array(found.visits[there])), pa.array(found.values[there] + 0.0)  # no -0.0
    return stretch(
        visits,
        pa.array([f"COMPUTED{SEPARATOR}{found.measure}"] * len(values), pa.string()),
        time=visits["visited_on"],
        numeric_value=values.cast(pa.float32(), safe=False),
        value=values.cast(pa.string()),
        unit=pa.array([found.unit] * len(values), pa.string()),
        comparator=MARKS.take(pa.array(found.marks[there].astype(np.int64) + 1)),
    )
