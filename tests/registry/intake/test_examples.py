"""The two published cohorts import whole, and a second time change nothing."""

from __future__ import annotations

from collections import Counter

import pytest

from registry import Registry
from tests.example_cohorts import import_example
from tests.registry.intake.batches import topics


@pytest.mark.parametrize(
    ("cohort", "expected"),
    [
        (
            "baraliakos2013",
            {
                "PatientEnrolled": 22,
                "VisitRecorded": 44,
                "TreatmentStarted": 22,
                "StudyRecorded": 44,
                "ReadingRecorded": 132,
            },
        ),
        (
            "anakinra2004",
            {
                "PatientEnrolled": 9,
                "FollowUpEnded": 9,
                "VisitRecorded": 45,
                "FlareStarted": 9,
                "AdverseEventRecorded": 14,
                "StudyRecorded": 26,
                "LesionVerdictRecorded": 126,
            },
        ),
    ],
)
def test_a_published_cohort_imports_whole_and_twice(registry: Registry, cohort: str, expected: dict[str, int]) -> None:
    report = import_example(registry, cohort)

    counts = Counter(topics(registry))
    assert {topic: counts[topic] for topic in expected} == expected
    assert report.ignored == ["published.json"]
    assert import_example(registry, cohort).events == 0


def test_both_cohorts_are_one_batch_too(registry: Registry) -> None:
    report = import_example(registry, "anakinra2004", "baraliakos2013")

    assert report.tables["patients"].recorded == 31
