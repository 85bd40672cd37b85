"""Flares, and the treatment that they fell into or followed."""

from __future__ import annotations

import pytest

from projections import facts_at
from registry import Registry
from tests.projections.shown import one, shown

COLUMNS = "on_treatment last_agent days_since_last_stop"


def test_a_flare_without_any_treatment_is_not_on_treatment(registry: Registry) -> None:
    registry.start_flare("P-1", started_on="2003-06-06")

    assert one(facts_at(registry), "flares", COLUMNS) == (False, None, None)


def test_a_flare_after_the_last_injection_follows_that_agent(registry: Registry) -> None:
    registry.start_treatment("P-1", agent="anakinra", started_on="2003-03-04", stopped_on="2003-05-26")
    registry.start_flare("P-1", started_on="2003-06-06")

    assert one(facts_at(registry), "flares", COLUMNS) == (False, "anakinra", 11)


@pytest.mark.parametrize(
    ("started_on", "expected"),
    [
        ("2003-03-03", (False, None, None)),
        ("2003-03-04", (True, None, None)),
        ("2003-05-26", (True, "anakinra", 0)),
        ("2003-05-27", (False, "anakinra", 1)),
    ],
)
def test_a_course_covers_its_first_and_its_last_day(
    registry: Registry, started_on: str, expected: tuple[object, ...]
) -> None:
    registry.start_treatment("P-1", agent="anakinra", started_on="2003-03-04", stopped_on="2003-05-26")
    registry.start_flare("P-1", started_on=started_on)

    assert one(facts_at(registry), "flares", COLUMNS) == expected


def test_an_ongoing_course_covers_every_later_day(registry: Registry) -> None:
    registry.start_treatment("P-1", agent="anakinra", started_on="2003-03-04")
    registry.start_flare("P-1", started_on="2013-03-04")

    assert one(facts_at(registry), "flares", COLUMNS) == (True, None, None)


def test_nsaids_and_analgesics_do_not_count(registry: Registry) -> None:
    registry.start_treatment("P-1", agent="naproxen", started_on="2001")
    registry.start_treatment("P-1", agent="paracetamol", started_on="2001", stopped_on="2002")
    registry.start_flare("P-1", started_on="2003-06-06")

    assert one(facts_at(registry), "flares", COLUMNS) == (False, None, None)


def test_of_several_courses_the_one_that_was_stopped_last_counts(registry: Registry) -> None:
    registry.start_treatment("P-1", agent="etanercept", started_on="2002-03-01", stopped_on="2003-01-01")
    registry.start_treatment("P-1", agent="anakinra", started_on="2002-02-01", stopped_on="2003-02-01")
    registry.start_treatment("P-1", agent="adalimumab", started_on="2003-06-07", stopped_on="2003-07-01")
    registry.start_flare("P-1", started_on="2003-06-06")

    assert one(facts_at(registry), "flares", COLUMNS) == (False, "anakinra", 125)


def test_another_patients_courses_do_not_count(registry: Registry) -> None:
    for patient in ("P-0", "P-2"):
        registry.enrol_patient(patient, enrolled_on="2002-01-14")
        registry.start_treatment(patient, agent="anakinra", started_on="1969-01-01", stopped_on="2003-05-26")
        registry.start_treatment(patient, agent="etanercept", started_on="1969-01-01")
    registry.start_flare("P-1", started_on="2003-06-06")

    assert one(facts_at(registry), "flares", COLUMNS) == (False, None, None)


def test_a_stop_after_as_of_leaves_the_flare_on_treatment(registry: Registry) -> None:
    registry.start_treatment("P-1", agent="anakinra", started_on="2003-03-04", stopped_on="2003-06-01")
    registry.start_flare("P-1", started_on="2003-05-30")
    registry.start_flare("P-1", started_on="2003-06-02")

    assert shown(facts_at(registry, as_of="2003-05-31"), "flares", COLUMNS) == [(True, None, None)]
    assert shown(facts_at(registry), "flares", COLUMNS) == [(True, None, None), (False, "anakinra", 1)]
