"""Flares and adverse events per 100 patient-years from day 0."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

from projections.cohort.definition_file import parsed
from projections.cohort.figures.figures import Figure
from registry import Registry
from tests.projections.cohort.defined import SMALL, by_address, cohort, small

BEGIN = date(2003, 1, 1)


def after(days: int) -> date:
    """The day so many days after the enrolment."""
    return BEGIN + timedelta(days=days)


def rates(registry: Registry) -> dict[str, Figure]:
    """The figures of the rates, without the table's name and the period."""
    found = by_address(small(registry, "[tables.rates]\n"))
    return {address.replace("rates / ", "").replace(" / from day 0", ""): figure for address, figure in found.items()}


@pytest.fixture
def followed(registry: Registry) -> Registry:
    """A patient followed for 4 years, the first of them on infliximab, with three flares, one of them on it."""
    registry.start_treatment("P-1", agent="infliximab", started_on="2002-01-14", stopped_on="2003-01-14")
    for day in ("2002-06-01", "2003-06-01", "2004-06-01"):
        registry.start_flare("P-1", started_on=day)
    for term, serious in (("headache", "no"), ("pneumonia", "yes"), ("rash", None)):
        registry.record_adverse_event("P-1", term=term, started_on="2002-03-01", serious=serious)
    registry.end_follow_up("P-1", ended_on="2006-01-14", reason="study-end")
    return registry


def test_a_rate_is_events_over_years_with_the_exact_interval(followed: Registry) -> None:
    found = rates(followed)["flares / per 100 patient-years"]

    assert (found.numerator, found.denominator) == (3, 4)
    assert (found.value, found.ci_low, found.ci_high) == (
        75,
        pytest.approx(15.467, abs=1e-3),  # chi2(0.025; 6) / 2 / 4 years
        pytest.approx(219.182, abs=1e-3),  # chi2(0.975; 8) / 2 / 4 years
    )


def test_time_and_flares_on_and_off_treatment_add_up(followed: Registry) -> None:
    found = rates(followed)
    whole, on, off = (found[f"flares{part} / n"] for part in ("", " on treatment", " off treatment"))

    assert (on.value, off.value) == (1, 2)
    assert whole.denominator == pytest.approx((on.denominator or 0) + (off.denominator or 0))
    assert on.denominator == pytest.approx(365 / 365.25)


def test_an_event_that_is_not_said_to_be_serious_is_told(followed: Registry) -> None:
    found = rates(followed)

    assert found["adverse events / n"].value == 3
    assert found["serious adverse events / n"].value == 1
    note = found["serious adverse events / n"].denominator_note
    assert note is not None
    assert note.endswith("recorded as serious; 1 not said to be serious or not")


def test_events_before_day_0_and_of_others_do_not_count(registry: Registry) -> None:
    registry.record_adverse_event("P-1", term="rash", started_on="2001-03-01")
    registry.enrol_patient("P-2", enrolled_on="2002-01-14", sex="male")
    registry.start_flare("P-2", started_on="2002-02-01")
    registry.record_visit("P-2", visited_on="2003-01-14", measures={"crp": 1})

    found = by_address(small(registry, '[who]\nsex = ["female"]\n[tables.rates]\n'))

    assert found["rates / flares / from day 0 / n"].value == 0
    assert found["rates / flares / from day 0 / per 100 patient-years"].reason == "no-time-under-observation"
    assert rates(registry)["adverse events / n"].value == 0


def test_no_event_has_a_rate_of_0_and_an_upper_limit(registry: Registry) -> None:
    registry.record_visit("P-1", visited_on="2006-01-14", measures={"crp": 1})

    found = rates(registry)["flares / per 100 patient-years"]

    assert (found.value, found.ci_low) == (0, 0)
    assert found.ci_high == pytest.approx(92.2, abs=0.05)  # 3.6889 / 4 years


def test_parts_add_up_for_patients_at_random(registry: Registry) -> None:
    """Events and days on and off treatment, beside a count day by day."""
    chance = random.Random(7)
    on_days = off_days = on_flares = off_flares = 0
    for place in range(12):
        patient, length = f"Q-{place}", chance.randrange(300, 900)
        first, last = sorted(chance.sample(range(1, length), 2))
        flares = sorted(chance.sample(range(length), 3))
        registry.enrol_patient(patient, enrolled_on=BEGIN)
        registry.start_treatment(patient, agent="infliximab", started_on=after(first), stopped_on=after(last))
        for day in flares:
            registry.start_flare(patient, started_on=after(day))
        registry.end_follow_up(patient, ended_on=after(length), reason="study-end")
        on_days += sum(first <= day < last for day in range(length))
        off_days += sum(not first <= day < last for day in range(length))
        on_flares += sum(first <= day <= last for day in flares)
        off_flares += sum(not first <= day <= last for day in flares)

    found = rates(registry)

    whole, on, off = (found[f"flares{part} / n"] for part in ("", " on treatment", " off treatment"))
    assert (on.value, off.value, whole.value) == (on_flares, off_flares, 36)
    assert on.denominator == pytest.approx(on_days / 365.25)
    assert off.denominator == pytest.approx(off_days / 365.25)
    assert whole.denominator == pytest.approx((on_days + off_days) / 365.25)


def test_time_before_day_0_does_not_count(registry: Registry) -> None:
    """Day 0 is a year after the enrolment; follow-up ends a year later."""
    registry.start_treatment("P-1", agent="infliximab", started_on="2003-01-14")
    registry.start_flare("P-1", started_on="2003-01-13")
    registry.start_flare("P-1", started_on="2003-01-14")
    registry.record_visit("P-1", visited_on="2004-01-14", measures={"crp": 1})
    text = SMALL.replace('event = "enrolment"', 'event = "course"\nof = ["infliximab"]')

    found = by_address(cohort(parsed(f"{text}[tables.rates]\n".encode()), registry))["rates / flares / from day 0 / n"]

    assert (found.value, found.denominator) == (1, pytest.approx(365 / 365.25))


def test_an_empty_cohort_has_reasons_and_no_rate(registry: Registry) -> None:
    found = by_address(small(registry, '[who]\nsex = ["female"]\n[tables.rates]\n'))

    assert {figure.value for figure in found.values() if figure.statistic == "per 100 patient-years"} == {None}
    assert all(figure.reason for figure in found.values())


def test_what_happened_outside_observed_time_is_told_and_not_counted(registry: Registry) -> None:
    """Followed for a year, lost for two, back for one: of three flares one falls on the day of the return."""
    registry.end_follow_up("P-1", ended_on="2003-01-14", reason="lost")
    registry.resume_follow_up("P-1", resumed_on="2005-01-14")
    registry.record_visit("P-1", visited_on="2006-01-14", measures={"crp": 1})
    for day in ("2002-06-01", "2005-01-14", "2005-07-01"):
        registry.start_flare("P-1", started_on=day)

    found = rates(registry)["flares / n"]

    assert (found.value, found.denominator) == (2, pytest.approx(730 / 365.25))
    assert found.denominator_note == (
        "patient-years of 1 patients from day 0, observed until the last contact; recorded flares; "
        "1 outside observed time"
    )
