"""Patients, visits, measures, treatments and adverse events, as they go out."""

from __future__ import annotations

import pytest

from projections import facts_at
from registry import Registry
from tests.projections.shown import one, shown


def test_a_patient_was_last_seen_at_the_latest_visit_or_study_that_is_visible(scanned: Registry) -> None:
    scanned.record_visit("P-1", visited_on="2005-02-01")
    scanned.enrol_patient("P-2", enrolled_on="2003-03-03")

    assert shown(facts_at(scanned), "patients", "patient last_seen_on") == [
        ("P-1", "2006-06-12"),
        ("P-2", "2003-03-03"),
    ]
    assert shown(facts_at(scanned, as_of="2006-06-11"), "patients", "last_seen_on") == [
        ("2005-02-01",),
        ("2003-03-03",),
    ]
    assert shown(facts_at(scanned, as_of="2002-06-02"), "patients", "last_seen_on") == [("2002-01-14",)]


def test_criteria_are_a_list_and_empty_where_none_were_recorded(registry: Registry) -> None:
    registry.enrol_patient("P-2", enrolled_on="2003-03-03", criteria="mNY;ASAS-axSpA")

    assert shown(facts_at(registry), "patients", "criteria") == [([],), (["mNY", "ASAS-axSpA"],)]


def test_rows_are_in_the_order_of_code_points_and_not_of_recording(registry: Registry) -> None:
    for patient in ("p-1", "P-10", "P-2", "P.1"):
        registry.enrol_patient(patient, enrolled_on="2002-01-14")

    assert shown(facts_at(registry), "patients", "patient") == [("P-1",), ("P-10",), ("P-2",), ("P.1",), ("p-1",)]


def test_visits_of_one_day_are_in_the_order_of_their_references(registry: Registry) -> None:
    for visit in ("week 2", None, "baseline"):
        registry.record_visit("P-1", visited_on="2002-02-01", visit=visit)

    assert shown(facts_at(registry), "visits", "visit_id visit") == [
        ("visit/P-1/2002-02-01", None),
        ("visit/P-1/2002-02-01/baseline", "baseline"),
        ("visit/P-1/2002-02-01/week 2", "week 2"),
    ]


def test_a_measure_is_given_as_it_came_and_exactly_in_its_canonical_unit(registry: Registry) -> None:
    measures = {
        "crp [mg/dl]": "2.47",
        "esr": "<5.0",
        "patient_global [nrs]": "6.2",
        "basmi": "4",
        "basmi_version": "linear",
    }
    registry.record_visit("P-1", visited_on="2002-02-01", measures=measures)

    columns = "measure value unit captured_value captured_unit comparator version derived rule n_expected n_present"
    assert shown(facts_at(registry), "measures", columns) == [
        ("basmi", 4.0, "score", "4", "score", None, "linear", False, None, None, None),
        ("crp", 24.7, "mg/l", "2.47", "mg/dl", None, None, False, None, None, None),
        ("esr", 5.0, "mm/h", "5.0", "mm/h", "<", None, False, None, None, None),
        ("patient_global", 62.0, "mm", "6.2", "nrs", None, None, False, None, None, None),
    ]


def test_a_treatment_has_its_class_and_code_and_the_precision_of_its_days(registry: Registry) -> None:
    cells = {"stopped_on": "2004", "dose": "5.0", "dose_unit": "mg/kg", "frequency": "every 8 weeks", "route": "iv"}
    registry.start_treatment("P-1", agent="infliximab", started_on="2002-06", **cells)

    columns = (
        "agent atc drug_class started_on started_on_precision stopped_on stopped_on_precision dose dose_unit frequency "
        "route ongoing days"
    )
    assert one(facts_at(registry), "treatments", columns) == (
        "infliximab", "L04AB02", "TNFi", "2002-06-01", "month", "2004-01-01", "year", 5.0, "mg/kg", "every 8 weeks",
        "iv", False, 747,
    )  # fmt: skip


def test_a_treatment_has_its_product_where_one_was_said(registry: Registry) -> None:
    registry.start_treatment("P-1", agent="Remsima", started_on="2013-06")
    registry.start_treatment("P-1", agent="L04AB02", started_on="2013-09")

    assert shown(facts_at(registry), "treatments", "agent product arm") == [
        ("infliximab", "Remsima", None),
        ("infliximab", None, None),
    ]


@pytest.mark.parametrize(("as_of", "days"), [(None, None), ("2002-06-04", 0), ("2003-06-04", 365)])
def test_the_days_of_an_ongoing_treatment_need_an_as_of(
    registry: Registry, as_of: str | None, days: int | None
) -> None:
    registry.start_treatment("P-1", agent="infliximab", started_on="2002-06-04")

    assert one(facts_at(registry, as_of=as_of), "treatments", "ongoing days") == (True, days)


def test_an_adverse_event_goes_out_as_it_was_recorded(registry: Registry) -> None:
    cells = {"ended_on": "2002-03-08", "severity": "mild", "serious": "no", "agent": "anakinra", "outcome": "resolved"}
    registry.record_adverse_event("P-1", term="headache", started_on="2002-03-01", **cells)

    columns = "term started_on ended_on severity serious agent outcome"
    assert one(facts_at(registry), "adverse_events", columns) == (
        "headache", "2002-03-01", "2002-03-08", "mild", "no", "anakinra", "resolved",
    )  # fmt: skip
