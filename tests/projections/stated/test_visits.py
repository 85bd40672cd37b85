"""Visits before enrolment: history that is there, is marked, and proves nobody under observation."""

from __future__ import annotations

from projections import facts_at, project
from projections.course import course_entries
from projections.observation.follow_up import of_spans
from projections.observation.observed_spans import Observation, observed_spans
from registry import Registry
from tests.projections.rows_of import rows_of
from tests.projections.shown import shown


def test_a_visit_before_enrolment_is_marked(registry: Registry) -> None:
    for day in ("2002-01-13", "2002-01-14", "2002-06-01"):
        registry.record_visit("P-1", visited_on=day)

    assert shown(facts_at(registry), "visits", "visited_on before_enrolment") == [
        ("2002-01-13", True),
        ("2002-01-14", False),
        ("2002-06-01", False),
    ]
    assert [entry.details for entry in course_entries(facts_at(registry), "P-1") if entry.what == "visit"] == [
        "before enrolment",
        "",
        "",
    ]


def test_it_is_marked_by_the_enrolment_that_is_known_at_the_point(registry: Registry) -> None:
    registry.record_visit("P-1", visited_on="2002-01-13")
    before = registry.head.position
    registry.amend("patient/P-1", {"enrolled_on": "2002-01-10"}, reason="typing error")

    assert shown(facts_at(registry), "visits", "before_enrolment") == [(False,)]
    assert shown(facts_at(registry, known_at=f"@{before}"), "visits", "before_enrolment") == [(True,)]


def test_it_begins_no_observed_time(registry: Registry) -> None:
    registry.record_visit("P-1", visited_on="2001-01-14")
    registry.record_visit("P-1", visited_on="2003-01-14")

    spans = of_spans(observed_spans(facts_at(registry), Observation()))

    assert rows_of(spans, "began_on ended_on") == [("2002-01-14", "2003-01-14")]


def test_the_response_to_a_course_that_began_before_enrolment_is_judged_from_it(registry: Registry) -> None:
    registry.record_visit("P-1", visited_on="2001-10-01", measures={"crp": 25, "basdai": 6})
    registry.start_treatment("P-1", agent="adalimumab", started_on="2001-10-02")
    registry.record_visit("P-1", visited_on="2002-01-20", measures={"crp": 5, "basdai": 2})

    rows = project("responses", facts_at(registry)).to_pylist()

    assert ["basdai50", True] in [[row["criterion"], row["met"]] for row in rows]
