"""Visits of one patient that may be one visit."""

from __future__ import annotations

import pytest

from registry import Registry
from tests.projections.checks.warned import says, warned


def test_the_second_visit_of_a_patient_on_one_day_is_doubted_beside_the_first(registry: Registry) -> None:
    registry.record_visit("P-1", visited_on="2002-02-01", visit="laboratory")
    registry.record_visit("P-1", visited_on="2002-02-01", visit="questionnaire")
    registry.record_visit("P-1", visited_on="2002-02-02", visit="telephone")

    assert warned(registry, "visits-on-one-day") == [("visit/P-1/2002-02-01/questionnaire", "visited_on")]
    assert says(registry, "visits-on-one-day") == ["on the day of visit/P-1/2002-02-01/laboratory"]


@pytest.mark.parametrize("visited_on", ["2002-02-01", "2002-02-02"])
def test_visits_of_two_patients_on_one_day_or_the_next_are_not(registry: Registry, visited_on: str) -> None:
    registry.enrol_patient("P-2", enrolled_on="2002-01-14")
    registry.record_visit("P-1", visited_on="2002-02-01", visit="week 4")
    registry.record_visit("P-2", visited_on=visited_on, visit="week 4")

    assert warned(registry, "visits-on-one-day") == []
    assert warned(registry, "visits-one-day-apart") == []


@pytest.mark.parametrize(
    ("visited_on", "label", "doubted"),
    [
        ("2002-02-02", "week 4", True),
        ("2002-02-02", "Week  4 ", True),
        ("2002-02-02", "WEEK4", True),
        ("2002-02-03", "week 4", False),
        ("2002-02-02", "week 5", False),
        ("2002-02-02", None, False),
    ],
)
def test_a_visit_on_the_day_after_another_under_its_label_is_doubted(
    registry: Registry, visited_on: str, label: str | None, doubted: bool
) -> None:
    registry.record_visit("P-1", visited_on="2002-02-01", visit="week 4")
    fact = registry.record_visit("P-1", visited_on=visited_on, visit=label)

    assert warned(registry, "visits-one-day-apart") == [(fact, "visited_on")] * doubted


def test_visits_without_labels_on_days_that_follow_each_other_say_nothing(registry: Registry) -> None:
    for day in ("2002-02-01", "2002-02-02"):
        registry.record_visit("P-1", visited_on=day)

    assert warned(registry, "visits-one-day-apart") == []


def test_another_visit_between_the_two_hides_nothing(registry: Registry) -> None:
    registry.record_visit("P-1", visited_on="2002-02-01", visit="week 4")
    registry.record_visit("P-1", visited_on="2002-02-01", visit="telephone")
    fact = registry.record_visit("P-1", visited_on="2002-02-02", visit="week 4")

    assert warned(registry, "visits-one-day-apart") == [(fact, "visited_on")]
