"""Readings of one study that cannot all be true."""

from __future__ import annotations

import json

import pytest

from projections import contradictions, facts_at
from registry import Registry
from tests.projections.conftest import EXAMPLES


def read(
    registry: Registry, *, inflammation: int | None = None, erosion: int | None = None, **grades: int | None
) -> None:
    """Have R1 read the unit C2/3 of study A, its posterior part being without anything, by the methods given."""
    parts = {
        "C2/3 anterior inflammation": inflammation,
        "C2/3 anterior erosion": erosion,
        "C2/3 posterior inflammation": 0,
        "C2/3 posterior erosion": 0,
    }
    registry.record_reading("A", reader="R1", method="vu-lesions", grades=parts)
    for method, grade in grades.items():
        registry.record_reading("A", reader="R1", method=method, grades={"C2/3": grade})


def found(registry: Registry) -> list[tuple[str, str]]:
    """Return the rules that are broken, and by which values."""
    rows = contradictions(facts_at(registry))
    return list(zip(rows["rule"], rows["values"]))


@pytest.mark.parametrize(
    ("inflammation", "erosion", "asspimri", "berlin"),
    [
        (0, 0, 0, 0),
        (0, 1, 0, 0),
        (1, 0, 2, 2),
        (1, 1, 4, 1),
        (1, 1, 6, 3),
        (None, None, 5, 2),
        (1, None, 3, 3),
        (1, None, 4, 3),
    ],
)
def test_what_the_methods_may_say_of_one_unit_is_no_contradiction(
    scanned: Registry, inflammation: int | None, erosion: int | None, asspimri: int, berlin: int
) -> None:
    read(scanned, inflammation=inflammation, erosion=erosion, asspimri=asspimri, berlin=berlin)

    assert found(scanned) == []


@pytest.mark.parametrize(
    ("inflammation", "erosion", "asspimri", "berlin", "rule", "values"),
    [
        (1, 1, 1, 1, "an active erosion grades 4-6 in asspimri", "active erosion yes, asspimri 1"),
        (1, 0, 4, 1, "asspimri 4-6 is an active erosion", "active erosion no, asspimri 4"),
        (1, 0, 0, None, "a unit is inflamed exactly where asspimri is 1 or more", "inflammation yes, asspimri 0"),
        (0, 0, 1, None, "a unit is inflamed exactly where asspimri is 1 or more", "inflammation no, asspimri 1"),
        (0, 1, None, 1, "a unit is inflamed exactly where berlin is 1 or more", "inflammation no, berlin 1"),
        (1, 0, 2, 1, "asspimri 0-3 and berlin are equal", "asspimri 2, berlin 1"),
        (None, None, 4, 0, "asspimri 4-6 has berlin 1 or more", "asspimri 4, berlin 0"),
    ],
)
def test_what_cannot_be_is_listed_with_its_rule_and_values(
    scanned: Registry, inflammation: int, erosion: int, asspimri: int, berlin: int, rule: str, values: str
) -> None:
    read(scanned, inflammation=inflammation, erosion=erosion, asspimri=asspimri, berlin=berlin)

    assert found(scanned) == [(rule, values)]


def test_readings_by_different_readers_do_not_contradict_each_other(scanned: Registry) -> None:
    scanned.record_reading("A", reader="R1", method="asspimri", grades={"C2/3": 3})
    scanned.record_reading("A", reader="R2", method="berlin", grades={"C2/3": 0})

    assert found(scanned) == []


def test_the_published_cohort_contradicts_itself_in_thirteen_units_and_nowhere_at_baseline(published: Registry) -> None:
    told = json.loads((EXAMPLES / "baraliakos2013" / "published.json").read_text())["contradictions"][0]["units"]

    rows = contradictions(facts_at(published))

    units = {(study, unit) for study, units in told.items() for unit in units}
    assert len(rows) == 13
    assert set(zip(rows["study"], rows["location"])) == units
    assert set(rows["rule"]) == {"an active erosion grades 4-6 in asspimri"}
