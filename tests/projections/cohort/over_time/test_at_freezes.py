"""A figure at every freeze, and what moved it."""

from __future__ import annotations

import pytest

from projections import LogColumns
from projections.cohort.definition_file import parsed
from projections.cohort.figures.address import Address
from projections.cohort.over_time.at_freezes import AskedFigure, FrozenFigure, at_freezes
from registry import Registry
from registry.errors import UnknownCodeError
from tests.projections.cohort.defined import SMALL

MEAN = Address("trajectory", "basfi", "baseline", "mean")


def visit(registry: Registry, patient: str, basfi: str) -> str:
    return registry.record_visit(patient, visited_on="2002-01-20", measures={"basfi": basfi})


def frozen(registry: Registry, address: Address = MEAN) -> list[FrozenFigure]:
    definition = parsed((SMALL + "[tables.trajectory]\n").encode(), catalogue=registry.catalogue)
    freezes = [(each.name, each.position) for each in registry.freezes()]
    return at_freezes(definition, LogColumns.read(registry.log), AskedFigure(address), freezes)


def test_a_figure_at_each_freeze_and_now_with_the_events_that_moved_it(registry: Registry) -> None:
    first = visit(registry, "P-1", "4")
    registry.freeze("first")
    registry.freeze("again")
    registry.amend(first, {"basfi": "5"}, reason="misread")
    registry.enrol_patient("P-2", enrolled_on="2002-01-14")
    visit(registry, "P-2", "7")

    found = frozen(registry)

    assert [(each.freeze, each.n_patients, each.figure and each.figure.value) for each in found] == [
        ("first", 1, 4.0), ("again", 1, 4.0), ("now", 2, 6.0),
    ]  # fmt: skip
    assert [each.moved_by for each in found[:2]] == [(), ()]
    assert dict(found[2].moved_by) == {"VisitAmended": 1, "VisitRecorded": 1}


def test_where_there_was_no_figure_then_there_is_none(registry: Registry) -> None:
    registry.freeze("before")
    visit(registry, "P-1", "4")

    assert [each.figure and each.figure.value for each in frozen(registry)] == [None, 4.0]


def test_a_figure_that_the_cohort_has_nowhere_is_refused(registry: Registry) -> None:
    with pytest.raises(UnknownCodeError, match="is not a known figure of this cohort"):
        frozen(registry, MEAN._replace(row="pulse"))
