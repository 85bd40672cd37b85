"""What `show` tells of indices: the value that counts, a BASMI by version, changes within one measure."""

from __future__ import annotations

from projections import facts_of
from projections.course.visits import visits
from registry import Registry
from tests.projections.checks.warned import as_an_earlier_release_kept_it


def told(registry: Registry) -> list[str]:
    return [each.details for each in visits(facts_of(registry, "P-1"), "P-1")]


def test_a_basmi_is_compared_with_one_of_its_own_version_only(registry: Registry) -> None:
    registry.record_visit("P-1", visited_on="2003-01-10", measures={"basmi": "2", "basmi_version": "2-step"})
    registry.start_treatment("P-1", agent="infliximab", started_on="2003-01-11")
    registry.record_visit("P-1", visited_on="2003-03-10", measures={"basmi": "5", "basmi_version": "10-step"})
    registry.record_visit("P-1", visited_on="2003-04-10", measures={"basmi": "3"})
    registry.record_visit("P-1", visited_on="2003-05-10", measures={"basmi": "1", "basmi_version": "2-step"})

    assert told(registry) == [
        "BASMI 2-step 2.00",
        "BASMI 10-step 5.00",
        "BASMI (version not said) 3.00",
        "BASMI 2-step 1.00 (-1.00)",
    ]


def test_a_course_of_the_first_year_that_an_earlier_release_let_in_is_shown(registry: Registry) -> None:
    registry.start_treatment("P-1", agent="infliximab", started_on="1900")
    registry.record_visit("P-1", visited_on="2003-03-10", measures={"basdai": "2.25"})
    as_an_earlier_release_kept_it(registry, "treatment/P-1/infliximab/1900", started_on="0001")

    assert told(registry) == ["BASDAI 2.25"]


def test_a_phone_call_before_the_start_displaces_no_baseline(registry: Registry) -> None:
    registry.record_visit("P-1", visited_on="2003-01-08", measures={"basdai": "6.5", "basdai_1": "7"})
    registry.record_visit("P-1", visited_on="2003-01-10", measures={"patient_global": "40"})
    registry.start_treatment("P-1", agent="infliximab", started_on="2003-01-11")
    registry.record_visit("P-1", visited_on="2003-03-10", measures={"basdai": "2.25"})

    assert [line.split(",")[0] for line in told(registry)] == [
        "BASDAI 6.50",
        "patient_global 40 mm",
        "BASDAI 2.25 (-4.25)",
    ]
