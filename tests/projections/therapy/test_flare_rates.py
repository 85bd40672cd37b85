"""Flares per 100 patient-years with the exact Poisson interval, and how long after a stop they came."""

from __future__ import annotations

import pytest

from projections import facts_at
from projections.columns.partial_days import Partial
from projections.observation.observed_spans import Observation, observed_spans
from projections.statistics.rates import rate
from projections.therapy.flare_rates import of_spans, table
from projections.therapy.flares_after_stop import table as after_stop
from projections.therapy.patient_years import table as patient_years
from projections.therapy.person_time import courses_of_one_day
from registry import Registry
from tests.projections.rows_of import row_of, rows_of

COUNTS = "group last_agent n_flares n_flared n_patients days"
AFTER_STOP = "last_agent n_stops n_flared median_days min_days max_days reason"


@pytest.fixture
def followed(registry: Registry) -> Registry:
    """A patient followed for 1,000 days, on etanercept for the first 200 of them after 100 without."""
    registry.end_follow_up("P-1", ended_on="2004-10-10")
    registry.start_treatment("P-1", agent="etanercept", started_on="2002-04-24", stopped_on="2002-11-10")
    return registry


@pytest.mark.parametrize(
    ("n_events", "years", "expected"),
    [
        (0, 50, (0.0, 0.0, 7.378)),
        (3, 120.5, (2.490, 0.513, 7.276)),
        (12, 400, (3.000, 1.550, 5.240)),
    ],
)
def test_the_exact_poisson_interval(n_events: int, years: float, expected: tuple[float, ...]) -> None:
    found = rate(n_events, years)

    assert found[:3] == pytest.approx(expected, abs=5e-4)
    assert found.reason is None


@pytest.mark.parametrize("n_events", [0, 2])
def test_without_time_there_is_no_rate_and_a_reason(n_events: int) -> None:
    assert rate(n_events, 0) == (None, None, None, "no-time-under-observation")


def test_flares_fall_into_the_time_in_which_they_began(followed: Registry) -> None:
    for started_on in ("2002-04-23", "2002-04-24", "2002-11-10", "2002-11-11", "2003-02-18"):
        followed.start_flare("P-1", started_on=started_on)

    assert rows_of(table(facts_at(followed)), COUNTS) == [
        ("follow-up", None, 5, 1, 1, 1000),
        ("on-treatment", None, 2, 1, 1, 200),
        ("off-treatment", None, 3, 1, 1, 800),
        ("after", "etanercept", 2, 1, 1, 700),
        ("before-any-stop", None, 1, 1, 1, 100),
    ]


def test_no_flare_is_a_rate_of_zero_with_its_upper_limit(followed: Registry) -> None:
    found = rows_of(table(facts_at(followed)), "per_100_years ci_low ci_high reason")[0]

    assert found == (0.0, 0.0, pytest.approx(134.736, abs=5e-4), None)


def test_flares_before_enrolment_are_not_counted_and_the_last_one_is_a_contact(registry: Registry) -> None:
    for started_on in ("2002-01-13", "2002-01-14", "2003-01-14"):
        registry.start_flare("P-1", started_on=started_on)

    assert rows_of(table(facts_at(registry)), COUNTS)[0] == ("follow-up", None, 2, 1, 1, 365)


def test_a_flare_on_the_only_day_of_follow_up_has_no_rate(registry: Registry) -> None:
    registry.start_flare("P-1", started_on="2002-01-14")

    assert rows_of(table(facts_at(registry)), f"{COUNTS} per_100_years reason") == [
        ("follow-up", None, 1, 1, 1, 0, None, "no-time-under-observation"),
        ("on-treatment", None, 0, 0, 0, 0, None, "no-time-under-observation"),
        ("off-treatment", None, 1, 1, 1, 0, None, "no-time-under-observation"),
        ("before-any-stop", None, 1, 1, 1, 0, None, "no-time-under-observation"),
    ]


@pytest.mark.parametrize(("partial", "days"), [("first", 352), ("last", 716)])
def test_courses_count_partial_days_by_the_rule_of_the_spans_that_they_are_laid_beside(
    registry: Registry, partial: Partial, days: int
) -> None:
    registry.end_follow_up("P-1", ended_on="2004-10-10")
    registry.start_treatment("P-1", agent="etanercept", started_on="2002-01-14", stopped_on="2003")
    facts = facts_at(registry)

    rates, _ = of_spans(facts, observed_spans(facts, Observation(partial=partial)))

    assert rows_of(rates, "group days")[1] == ("on-treatment", days)


@pytest.fixture
def row_per_dose(registry: Registry) -> Registry:
    """Three patients: one infused every 56 days, a row for each dose; one on methotrexate; one seen on one day only."""
    registry.end_follow_up("P-1", ended_on="2003-01-14")
    for started_on in ("2002-02-01", "2002-03-29", "2002-05-24"):
        registry.start_treatment("P-1", agent="infliximab", started_on=started_on, stopped_on=started_on)
    registry.start_flare("P-1", started_on="2002-03-29")
    registry.enrol_patient("P-2", enrolled_on="2002-01-14")
    registry.start_treatment("P-2", agent="methotrexate", started_on="2002-01-14", stopped_on="2002-03-15")
    registry.end_follow_up("P-2", ended_on="2002-03-15")
    registry.enrol_patient("P-3", enrolled_on="2002-01-14")
    return registry


def test_who_has_a_day_in_a_part_is_counted_in_it_though_no_time_is(row_per_dose: Registry) -> None:
    assert rows_of(table(facts_at(row_per_dose)), COUNTS) == [
        ("follow-up", None, 1, 1, 3, 425),
        ("on-treatment", None, 1, 1, 2, 60),
        ("off-treatment", None, 0, 0, 2, 365),
        ("after", "infliximab", 0, 0, 1, 347),
        ("before-any-stop", None, 0, 0, 2, 18),
    ]


def test_patient_years_count_the_same_patients_and_days(row_per_dose: Registry) -> None:
    assert rows_of(patient_years(facts_at(row_per_dose)), "level name n_patients days") == [
        ("follow-up", "all", 3, 425),
        ("treatment", "immunomodulating", 2, 60),
        ("treatment", "none", 2, 365),
        ("drug_class", "TNFi", 1, 0),
        ("drug_class", "csDMARD", 1, 60),
        ("agent", "infliximab", 1, 0),
        ("agent", "methotrexate", 1, 60),
    ]


def test_somebody_seen_on_the_day_of_a_stop_only_is_on_treatment_and_after_it_counted_nowhere(
    registry: Registry,
) -> None:
    registry.start_treatment("P-1", agent="anakinra", started_on="2001-06-01", stopped_on="2002-01-14")

    assert rows_of(table(facts_at(registry)), "group last_agent n_patients days") == [
        ("follow-up", None, 1, 0),
        ("on-treatment", None, 1, 0),
        ("off-treatment", None, 0, 0),
        ("before-any-stop", None, 0, 0),
    ]


def test_somebody_seen_on_one_day_after_a_stop_is_counted_after_that_agent(registry: Registry) -> None:
    registry.start_treatment("P-1", agent="anakinra", started_on="2001-06-01", stopped_on="2002-01-13")

    assert rows_of(table(facts_at(registry)), "group last_agent n_patients days")[2:] == [
        ("off-treatment", None, 1, 0),
        ("after", "anakinra", 1, 0),
        ("before-any-stop", None, 0, 0),
    ]


@pytest.mark.parametrize(("as_of", "n"), [(None, 3), ("2002-04-01", 2), ("2002-01-31", 0)])
def test_courses_of_one_day_are_told(row_per_dose: Registry, as_of: str | None, n: int) -> None:
    facts = facts_at(row_per_dose, as_of=as_of)

    assert courses_of_one_day(facts, observed_spans(facts)) == n
    assert courses_of_one_day(facts, observed_spans(facts), ["methotrexate"]) == 0


def test_time_off_belongs_to_the_agent_that_was_stopped_last(registry: Registry) -> None:
    registry.end_follow_up("P-1", ended_on="2003-01-14")
    registry.start_treatment("P-1", agent="methotrexate", started_on="2000", stopped_on="2002-01-24")
    registry.start_treatment("P-1", agent="anakinra", started_on="2002-02-03", stopped_on="2002-03-05")
    registry.start_treatment("P-1", agent="naproxen", started_on="2000")

    assert rows_of(table(facts_at(registry)), "group last_agent days")[2:] == [
        ("off-treatment", None, 325),
        ("after", "anakinra", 315),
        ("after", "methotrexate", 10),
        ("before-any-stop", None, 0),
    ]


def test_only_the_first_flare_after_a_stop_is_timed(followed: Registry) -> None:
    for started_on in ("2002-11-10", "2002-11-20", "2002-12-20"):
        followed.start_flare("P-1", started_on=started_on)

    assert rows_of(after_stop(facts_at(followed)), AFTER_STOP) == [
        (None, 1, 1, 10.0, 10, 10, None),
        ("etanercept", 1, 1, 10.0, 10, 10, None),
    ]


def test_a_stop_without_a_flare_counts_as_a_stop(followed: Registry) -> None:
    assert rows_of(after_stop(facts_at(followed)), AFTER_STOP)[0] == (
        None, 1, 0, None, None, None, "no-flare-after-a-stop",
    )  # fmt: skip


def test_a_stop_before_enrolment_or_on_the_eve_of_the_next_course_is_none(registry: Registry) -> None:
    registry.end_follow_up("P-1", ended_on="2003-01-14")
    registry.start_treatment("P-1", agent="methotrexate", started_on="2000", stopped_on="2002-01-13")
    registry.start_treatment("P-1", agent="anakinra", started_on="2002-02-03", stopped_on="2002-03-05")
    registry.start_treatment("P-1", agent="etanercept", started_on="2002-03-06")
    registry.start_flare("P-1", started_on="2002-01-20")

    assert row_of(after_stop(facts_at(registry)), AFTER_STOP) == (
        None, 0, 0, None, None, None, "no-stop-within-follow-up",
    )  # fmt: skip


def test_a_partial_stop_makes_the_time_to_the_flare_uncertain(registry: Registry) -> None:
    registry.end_follow_up("P-1", ended_on="2003-01-14")
    registry.start_treatment("P-1", agent="anakinra", started_on="2002-02-03", stopped_on="2002-03")
    registry.start_flare("P-1", started_on="2002-04-01")

    assert rows_of(after_stop(facts_at(registry)), "max_days uncertain")[0] == (16, True)


def test_an_empty_registry_has_reasons_and_no_numbers(published: Registry) -> None:
    facts = facts_at(published, as_of="1990-01-01")

    assert {row[0] for row in rows_of(table(facts), "reason")} == {"no-time-under-observation"}
    assert row_of(after_stop(facts), "reason") == ("no-stop-within-follow-up",)


def test_all_nine_flares_of_the_anakinra_study_came_7_to_14_days_after_the_last_dose(published: Registry) -> None:
    facts = facts_at(published)

    assert rows_of(after_stop(facts), AFTER_STOP) == [
        (None, 9, 9, 8.0, 7, 14, None),
        ("anakinra", 9, 9, 8.0, 7, 14, None),
    ]
    assert [row[:4] for row in rows_of(table(facts), COUNTS)][:4] == [
        ("follow-up", None, 9, 9),
        ("on-treatment", None, 0, 0),
        ("off-treatment", None, 9, 9),
        ("after", "anakinra", 9, 9),
    ]
