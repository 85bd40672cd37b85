"""Changes of dose within an episode, and whether to more or to less a day."""

from __future__ import annotations

from datetime import date

import pytest

from projections import facts_at
from projections.therapy.dose_changes import dose_changes
from projections.therapy.drug_courses import drug_courses
from projections.therapy.treatment_episodes import episodes_of
from registry import Registry

Dose = tuple[str | None, str | None, str | None]


def changed(registry: Registry, *doses: Dose) -> list[tuple[str, str | None]]:
    """The days and directions of the changes of courses of one month each, with these doses one after the other."""
    for month, (dose, unit, frequency) in enumerate(doses, 1):
        registry.start_treatment(
            "P-1",
            agent="adalimumab",
            started_on=f"2003-{month:02}-01",
            stopped_on=f"2003-{month:02}-28",
            dose=dose,
            dose_unit=unit,
            frequency=frequency,
        )
    courses = drug_courses(facts_at(registry))
    found = dose_changes(courses, episodes_of(courses).of)
    days = [str(date.fromordinal(date(1970, 1, 1).toordinal() + day)) for day in found.day.tolist()]
    return list(zip(days, found.directions, strict=True))


@pytest.mark.parametrize(
    ("before", "after", "direction"),
    [
        (("40", "mg", "every 2 weeks"), ("40", "mg", "every 3 weeks"), "lower"),
        (("40", "mg", "every 2 weeks"), ("20", "mg", "every 2 weeks"), "lower"),
        (("40", "mg", "every 2 weeks"), ("40", "mg", "weekly"), "higher"),
        (("40", "mg", "every 2 weeks"), ("20", "mg", "weekly"), "same"),
        (("300", "mg", "monthly"), ("300", "mg", "every 4 weeks"), "higher"),
        (("5", "mg/kg", "every 6 weeks"), ("400", "mg", "every 6 weeks"), None),
        (("1", "g", "daily"), ("500", "mg", "daily"), "lower"),
        (("40", "MG", "every 2 weeks"), ("40.5", "mg", "every 2 weeks"), "higher"),
        (("5", "mg/kg", "every 6 weeks"), ("5", "MG/KG", "every 8 weeks"), "lower"),
        (("40", "mg", "every 2 weeks"), ("40", "mg", "as needed"), None),
        (("40", "mg", None), ("20", "mg", None), None),
    ],
)
def test_a_change_says_whether_less_is_given_a_day_where_that_can_be_said(
    registry: Registry, before: Dose, after: Dose, direction: str | None
) -> None:
    assert changed(registry, before, after) == [("2003-02-01", direction)]


def test_a_course_without_a_dose_is_no_change_and_the_next_is_compared_with_the_last_known(registry: Registry) -> None:
    doses = ("40", "mg", "every 2 weeks"), (None, None, None), ("40", "mg", None), ("20", "mg", "every 2 weeks")

    assert changed(registry, *doses) == [("2003-04-01", None)]


def test_a_dose_after_a_gap_of_more_than_90_days_is_of_another_episode(registry: Registry) -> None:
    for started_on, stopped_on, dose in (("2003-01-01", "2003-01-31", "40"), ("2003-06-01", "2003-06-30", "20")):
        registry.start_treatment(
            "P-1", agent="adalimumab", started_on=started_on, stopped_on=stopped_on, dose=dose, dose_unit="mg"
        )
    courses = drug_courses(facts_at(registry))

    assert dose_changes(courses, episodes_of(courses).of).directions == []
