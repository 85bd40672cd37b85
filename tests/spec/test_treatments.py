"""Treatment courses: which agent, from when, until when, and why it was stopped."""

from __future__ import annotations

import pytest

from registry import Registry
from registry.errors import (
    AlreadyEndedError,
    AlreadyRecordedError,
    ClinicalDayError,
    FormatError,
    MissingValueError,
    RangeError,
    UnknownCodeError,
    UnknownFactError,
)
from tests.spec import given
from tests.spec.given import nothing_recorded, refused


def test_a_course_goes_on_until_it_is_stopped(enrolled: Registry) -> None:
    course = given.infliximab(enrolled, dose="5", dose_unit="mg/kg", frequency="every 6 weeks", route="iv")

    assert course == "treatment/BAR1-01/infliximab/2002-06-04"
    assert given.events_of(enrolled, course) == ["TreatmentStarted"]
    assert given.stated(enrolled, course) == {
        "agent": "infliximab",
        "started_on": "2002-06-04",
        "stopped_on": None,
        "stop_reason": None,
        "dose": "5",
        "dose_unit": "mg/kg",
        "frequency": "every 6 weeks",
        "route": "iv",
    }


def test_a_stop_states_the_whole_course(enrolled: Registry) -> None:
    course = given.infliximab(enrolled, dose="5", dose_unit="mg/kg")

    enrolled.stop_treatment(course, stopped_on="2003-02", stop_reason="Remission")

    stated = given.stated(enrolled, course)
    assert given.events_of(enrolled, course) == ["TreatmentStarted", "TreatmentStopped"]
    assert (stated["dose"], stated["stopped_on"], stated["stop_reason"]) == ("5", "2003-02", "remission")


def test_a_course_that_is_over_is_recorded_as_a_start_and_a_stop(enrolled: Registry) -> None:
    course = given.infliximab(enrolled, stopped_on="2003-02-11", stop_reason="infection")

    started, stopped = enrolled.history(course)
    assert (started.event, stopped.event) == ("TreatmentStarted", "TreatmentStopped")
    assert started.statement is not None
    assert started.statement["stopped_on"] is None


@pytest.mark.parametrize("day", ["2001-02-15", "2001-02", "2001"])
def test_a_partial_day_keeps_the_precision_it_had(enrolled: Registry, day: str) -> None:
    course = given.infliximab(enrolled, day)

    assert course == f"treatment/BAR1-01/infliximab/{day}"
    assert given.stated(enrolled, course)["started_on"] == day


def test_a_course_may_have_started_before_enrolment(enrolled: Registry) -> None:
    course = given.infliximab(enrolled, "1999-05", stopped_on="2000")

    assert given.stated(enrolled, course)["stopped_on"] == "2000"


@pytest.mark.parametrize("stop", ["2001-02-15", "2001-02-16", "2001-02", "2001"])
def test_a_stop_that_can_mean_the_day_of_the_start_or_a_later_one_is_recorded(enrolled: Registry, stop: str) -> None:
    course = given.infliximab(enrolled, "2001-02-15")

    enrolled.stop_treatment(course, stopped_on=stop)

    assert given.stated(enrolled, course)["stopped_on"] == stop


@pytest.mark.parametrize("stop", ["2001-02-14", "2001-01", "2000"])
def test_a_stop_before_the_start_is_refused(enrolled: Registry, stop: str) -> None:
    course = given.infliximab(enrolled, "2001-02-15")

    with refused(enrolled, ClinicalDayError, f"^stopped_on: {stop} lies before started_on, 2001-02-15$"):
        enrolled.stop_treatment(course, stopped_on=stop)


def test_a_start_of_which_the_day_is_unknown_may_precede_any_stop_of_its_year(enrolled: Registry) -> None:
    course = given.infliximab(enrolled, "2001")

    enrolled.stop_treatment(course, stopped_on="2001-01-01")

    assert given.events_of(enrolled, course) == ["TreatmentStarted", "TreatmentStopped"]


@pytest.mark.parametrize("second", [{"stopped_on": "2003-02-12"}, {"stopped_on": "2003-02-11", "stop_reason": "lost"}])
def test_a_second_stop_is_refused_and_nothing_is_recorded(enrolled: Registry, second: dict[str, str]) -> None:
    course = given.infliximab(enrolled, stopped_on="2003-02-11", stop_reason="infection")

    with refused(enrolled, AlreadyEndedError, f"^stopped_on: {course} has ended already, on 2003-02-11; amend it wit"):
        enrolled.stop_treatment(course, **second)


def test_the_same_stop_again_triggers_nothing(enrolled: Registry) -> None:
    course = given.infliximab(enrolled, stopped_on="2003-02-11", stop_reason="infection")

    with nothing_recorded(enrolled):
        enrolled.stop_treatment(course, stopped_on="2003-02-11", stop_reason="infection")


def test_a_stop_without_its_day_is_refused(enrolled: Registry) -> None:
    course = given.infliximab(enrolled)

    with refused(enrolled, MissingValueError, "^stopped_on is empty; give (the )?last day"):
        enrolled.stop_treatment(course, stopped_on="")


def test_a_stop_of_a_course_that_was_never_started_is_refused(enrolled: Registry) -> None:
    given.infliximab(enrolled)

    with refused(
        enrolled,
        UnknownFactError,
        "^treatment/BAR1-01/infliximab/2002-06-05 is not recorded; write patient/BAR1-01 or tr",
    ):
        enrolled.stop_treatment("treatment/BAR1-01/infliximab/2002-06-05", stopped_on="2003")


def test_a_reason_to_stop_without_a_stop_is_refused(enrolled: Registry) -> None:
    with refused(enrolled, MissingValueError, "^stopped_on is empty; give the day of the stop, or no stop_reason$"):
        given.infliximab(enrolled, stop_reason="infection")


def test_an_unknown_reason_to_stop_is_refused(enrolled: Registry) -> None:
    course = given.infliximab(enrolled)

    with refused(
        enrolled, UnknownCodeError, "^stop_reason: 'no efficacy' is not a known stop_reason; write lack-of-efficacy, "
    ):
        enrolled.stop_treatment(course, stopped_on="2003", stop_reason="no efficacy")


def test_a_slip_in_a_reason_to_stop_is_refused_with_the_reason_that_was_meant(enrolled: Registry) -> None:
    course = given.infliximab(enrolled)

    with refused(enrolled, UnknownCodeError, r"; did you mean 'loss-of-efficacy'\?$"):
        enrolled.stop_treatment(course, stopped_on="2003", stop_reason="loss of eficacy")


@pytest.mark.parametrize("agent", ["Infliximab", "INFLIXIMAB", " infliximab "])
def test_an_agent_is_matched_without_regard_to_case(enrolled: Registry, agent: str) -> None:
    course = enrolled.start_treatment("BAR1-01", agent=agent, started_on="2002")

    assert given.stated(enrolled, course)["agent"] == "infliximab"


def test_an_unknown_agent_is_refused_with_the_nearest_known_one(enrolled: Registry) -> None:
    with refused(enrolled, UnknownCodeError, r"^agent: 'inflixmab' is not a known agent; did you mean 'infliximab'\?$"):
        enrolled.start_treatment("BAR1-01", agent="inflixmab", started_on="2002")


@pytest.mark.parametrize("start", ["2014-06-30", "2014-06", "2014"])
def test_a_start_that_may_have_been_is_recorded(enrolled: Registry, start: str) -> None:
    assert given.infliximab(enrolled, start) == f"treatment/BAR1-01/infliximab/{start}"


@pytest.mark.parametrize("start", ["2014-07-01", "2014-07", "2015"])
def test_a_start_in_the_future_is_refused(enrolled: Registry, start: str) -> None:
    with refused(enrolled, ClinicalDayError, f"^started_on: {start} is in the future; today is 2014-06-30$"):
        given.infliximab(enrolled, start)


def test_a_stop_in_the_future_is_refused(enrolled: Registry) -> None:
    course = given.infliximab(enrolled)

    with refused(enrolled, ClinicalDayError, "^stopped_on: 2014-07 is in the future; today is 2014-06-30$"):
        enrolled.stop_treatment(course, stopped_on="2014-07")


def test_a_start_before_birth_is_refused(enrolled: Registry) -> None:
    with refused(enrolled, ClinicalDayError, "^started_on: 1960-12 lies before the year of birth, 1961$"):
        given.infliximab(enrolled, "1960-12")


@pytest.mark.parametrize("field", ["started_on", "stopped_on"])
def test_a_day_after_the_end_of_follow_up_is_refused(enrolled: Registry, field: str) -> None:
    enrolled.end_follow_up("BAR1-01", ended_on="2005-03-01")

    with refused(enrolled, ClinicalDayError, f"^{field}: 2005-04 lies after the end of follow-up, 2005-03-01$"):
        given.infliximab(enrolled, **{"started_on": "2002", field: "2005-04"})


def test_a_stop_in_the_month_in_which_follow_up_ended_is_recorded(enrolled: Registry) -> None:
    enrolled.end_follow_up("BAR1-01", ended_on="2005-03-01")

    course = given.infliximab(enrolled, stopped_on="2005-03")

    assert given.stated(enrolled, course)["stopped_on"] == "2005-03"


@pytest.mark.parametrize("day", ["2002-13", "2002-00-01", "02/2002", "2002-2", "about 2002"])
def test_a_partial_day_that_is_none_is_refused(enrolled: Registry, day: str) -> None:
    with refused(enrolled, FormatError, f"^started_on: '{day}' is not a day of .*YYYY-MM-DD, YYYY-MM or YYYY$"):
        given.infliximab(enrolled, day)


def test_a_dose_without_its_unit_is_refused(enrolled: Registry) -> None:
    with refused(enrolled, MissingValueError, "^dose_unit is empty; give the unit of the dose, e.g. mg$"):
        given.infliximab(enrolled, dose="100")


@pytest.mark.parametrize(
    ("dose", "why"),
    [
        ("2,5", "write a decimal point and no thousands separator"),
        ("1'000", "write a decimal point and no thousands separator"),
        ("5 mg", "write digits with a decimal point and nothing else"),
    ],
)
def test_a_dose_that_is_no_number_is_refused_with_the_reason(enrolled: Registry, dose: str, why: str) -> None:
    with refused(enrolled, FormatError, f"^dose: .* is not a number; {why}$"):
        given.infliximab(enrolled, dose=dose, dose_unit="mg")


@pytest.mark.parametrize("day", ["1899", "1899-12", "0202-06-04", "0001"])
def test_a_course_that_begins_before_1900_is_refused(enrolled: Registry, day: str) -> None:
    with refused(enrolled, RangeError, f"^started_on: {day} is outside 1900-01-01 and later$"):
        enrolled.start_treatment("BAR1-01", agent="naproxen", started_on=day)


def test_a_course_that_began_in_1900_is_doubted_and_not_refused(enrolled: Registry) -> None:
    given.enrolled(enrolled, "BAR1-02", birth_year=1890)

    assert enrolled.start_treatment("BAR1-02", agent="naproxen", started_on="1900") == "treatment/BAR1-02/naproxen/1900"


def test_minus_0_is_a_dose_of_0_as_it_is_a_crp_of_0(enrolled: Registry) -> None:
    course = given.infliximab(enrolled, dose="-0", dose_unit="mg")

    assert given.stated(enrolled, course)["dose"] == "-0"
    assert given.infliximab(enrolled, dose="0", dose_unit="mg") == course


def test_a_dose_below_0_is_refused(enrolled: Registry) -> None:
    with refused(enrolled, RangeError, "^dose: -5 is outside 0 and above$"):
        given.infliximab(enrolled, dose="-5", dose_unit="mg")


@pytest.mark.parametrize("dose", ["5", "5.0", 5, 5.0])
def test_the_same_dose_written_otherwise_triggers_nothing(enrolled: Registry, dose: object) -> None:
    given.infliximab(enrolled, dose="5.00", dose_unit="mg/kg")

    with nothing_recorded(enrolled):
        given.infliximab(enrolled, dose=dose, dose_unit="mg/kg")


def test_the_same_start_with_another_dose_is_refused(enrolled: Registry) -> None:
    course = given.infliximab(enrolled, dose="5", dose_unit="mg/kg")

    with refused(enrolled, AlreadyRecordedError, f"^{course} is recorded already, with other content; amend it with a"):
        given.infliximab(enrolled, dose="3", dose_unit="mg/kg")


def test_the_same_start_again_after_the_stop_triggers_nothing(enrolled: Registry) -> None:
    enrolled.stop_treatment(given.infliximab(enrolled), stopped_on="2003-02-11")

    with nothing_recorded(enrolled):
        given.infliximab(enrolled)


def test_an_agent_may_be_restarted_on_another_day(enrolled: Registry) -> None:
    given.infliximab(enrolled, stopped_on="2003-02-11")

    assert given.infliximab(enrolled, "2003-05") == "treatment/BAR1-01/infliximab/2003-05"


def test_two_agents_may_start_on_one_day(enrolled: Registry) -> None:
    given.infliximab(enrolled)

    assert enrolled.start_treatment("BAR1-01", agent="naproxen", started_on="2002-06-04").endswith("/2002-06-04")
