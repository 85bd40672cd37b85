"""Summaries of measures by visit label, and what limits make of them."""

from __future__ import annotations

import pytest

from projections import facts_at
from projections.derived.visit_summaries import VisitSummary, summaries
from registry import Registry

ANSWERS = {"basdai_2": 3, "basdai_6": 2, "basdai_3": 1, "patient_global": 30}


def summary_of(registry: Registry, measure: str, *values: object, **others: object) -> VisitSummary:
    """The summary of a measure over visits of one label, one a value."""
    for month, value in enumerate(values, 1):
        measures = {"crp": value, **others}
        registry.record_visit("P-1", visited_on=f"2003-{month:02}-10", visit="control", measures=measures)
    (row,) = summaries(facts_at(registry), measures=[measure])
    return row


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (("5", "8", "24.7"), [(8.0, None), (5.0, None), (24.7, None)]),
        (("<5", "8", "24.7"), [(8.0, None), (5.0, "<"), (24.7, None)]),
        (("<5", "<5", "24.7"), [(5.0, "<"), (5.0, "<"), (24.7, None)]),
        (("3", "<5"), [(4.0, "<"), (3.0, "≤"), (5.0, "<")]),
        (("<5", "24.7", ">200"), [(24.7, None), (5.0, "<"), (200.0, ">")]),
        (("<5", ">7"), [(6.0, "<>"), (5.0, "<"), (7.0, ">")]),
    ],
)
def test_median_and_range_have_the_mark_that_limits_give_them(
    registry: Registry, values: tuple[str, ...], expected: list[tuple[float, str | None]]
) -> None:
    row = summary_of(registry, "crp", *values)

    assert [
        (row.median, row.median_comparator),
        (row.low, row.low_comparator),
        (row.high, row.high_comparator),
    ] == expected


def test_limits_are_counted_by_their_mark(registry: Registry) -> None:
    row = summary_of(registry, "crp", "<5", "<4", "8", ">200")

    assert (row.n, row.n_below, row.n_above) == (4, 2, 1)


def test_an_index_is_no_limit_and_tells_how_often_it_rests_on_one(registry: Registry) -> None:
    row = summary_of(registry, "asdas_crp", "<5", "24.7", **ANSWERS)

    assert (row.median_comparator, row.low_comparator, row.high_comparator) == (None, None, None)
    assert (row.n, row.n_below, row.n_above) == (2, 1, 0)
