"""Visits: what was measured of a patient on a day."""

from __future__ import annotations

from datetime import date

import pytest

from registry import Registry
from registry.errors import (
    AlreadyRecordedError,
    ClinicalDayError,
    FormatError,
    MissingValueError,
    RangeError,
    UnknownCodeError,
)
from tests.spec import given
from tests.spec.given import nothing_recorded, refused


def test_a_visit_keeps_its_measures_in_the_order_of_the_catalogue(enrolled: Registry) -> None:
    visit = given.visited(enrolled, esr=28, basdai_2="7.5", crp="<5")

    assert visit == "visit/BAR1-01/2002-06-04/baseline"
    assert given.stated(enrolled, visit) == {
        "visited_on": "2002-06-04",
        "visit": "baseline",
        "measures": [
            {"measure": "basdai_2", "value": "7.5", "unit": "nrs"},
            {"measure": "crp", "value": "5", "unit": "mg/l", "comparator": "<"},
            {"measure": "esr", "value": "28", "unit": "mm/h"},
        ],
    }


def test_a_measure_that_was_not_taken_is_not_recorded_and_never_0(enrolled: Registry) -> None:
    visit = given.visited(enrolled, crp=None, esr=" ", basdai_1=0)

    assert given.stated(enrolled, visit)["measures"] == [{"measure": "basdai_1", "value": "0", "unit": "nrs"}]


def test_a_visit_needs_no_label_and_no_measures(enrolled: Registry) -> None:
    visit = enrolled.record_visit("BAR1-01", visited_on=date(2002, 6, 4))

    assert visit == "visit/BAR1-01/2002-06-04"
    assert given.stated(enrolled, visit) == {"visited_on": "2002-06-04", "visit": None, "measures": []}


def test_two_visits_of_one_day_are_told_apart_by_their_labels(enrolled: Registry) -> None:
    first = given.visited(enrolled, crp=24)
    second = enrolled.record_visit("BAR1-01", visited_on="2002-06-04", visit="evening", measures={"crp": 31})

    assert given.stated(enrolled, first) != given.stated(enrolled, second)


def test_a_visit_without_its_day_is_refused(enrolled: Registry) -> None:
    with refused(enrolled, MissingValueError, "^visited_on is empty; give day of the visit$"):
        enrolled.record_visit("BAR1-01", visited_on="")


def test_a_visit_in_the_future_is_refused(enrolled: Registry) -> None:
    with refused(enrolled, ClinicalDayError, "^visited_on: 2014-07-01 is in the future; today is 2014-06-30$"):
        enrolled.record_visit("BAR1-01", visited_on="2014-07-01")


def test_a_visit_of_today_is_recorded(enrolled: Registry) -> None:
    assert enrolled.record_visit("BAR1-01", visited_on="2014-06-30") == "visit/BAR1-01/2014-06-30"


def test_what_was_the_future_yesterday_is_recorded_today(enrolled: Registry, clock: given.StandingClock) -> None:
    clock.now = given.instant("2014-07-01T09:00")

    assert enrolled.record_visit("BAR1-01", visited_on="2014-07-01") == "visit/BAR1-01/2014-07-01"


def test_a_visit_before_enrolment_is_recorded_as_history(enrolled: Registry) -> None:
    assert enrolled.record_visit("BAR1-01", visited_on="2002-01-13") == "visit/BAR1-01/2002-01-13"


def test_a_visit_on_the_day_of_enrolment_is_recorded(enrolled: Registry) -> None:
    assert enrolled.record_visit("BAR1-01", visited_on="2002-01-14") == "visit/BAR1-01/2002-01-14"


def test_a_visit_after_the_end_of_follow_up_is_refused(enrolled: Registry) -> None:
    enrolled.end_follow_up("BAR1-01", ended_on="2005-03-01")

    with refused(enrolled, ClinicalDayError, "^visited_on: 2005-03-02 lies after the end of follow-up, 2005-03-01$"):
        enrolled.record_visit("BAR1-01", visited_on="2005-03-02")


def test_a_visit_on_the_last_day_of_follow_up_is_recorded(enrolled: Registry) -> None:
    enrolled.end_follow_up("BAR1-01", ended_on="2005-03-01")

    assert enrolled.record_visit("BAR1-01", visited_on="2005-03-01") == "visit/BAR1-01/2005-03-01"


@pytest.mark.parametrize("day", ["1899-12-31", "0202-06-04", "0001-01-01"])
def test_a_visit_before_1900_is_refused(enrolled: Registry, day: str) -> None:
    with refused(enrolled, RangeError, f"^visited_on: {day} is outside 1900-01-01 and later$"):
        enrolled.record_visit("BAR1-01", visited_on=day)
    with refused(enrolled, RangeError, f"^visited_on: {day} is outside 1900-01-01 and later$"):
        enrolled.record_visit("BAR1-01", visited_on=date.fromisoformat(day))


@pytest.mark.parametrize("day", ["04.06.2002", "06/04/2002", "2002-6-4", "2002-02-30", "2002-06", "2002", "20020604"])
def test_a_day_that_is_none_of_the_calendar_is_refused(enrolled: Registry, day: str) -> None:
    with refused(enrolled, FormatError, f"^visited_on: '{day}' is not a day of the calendar; write YYYY-MM-DD$"):
        enrolled.record_visit("BAR1-01", visited_on=day)


@pytest.mark.parametrize(
    ("measure", "near"), [("basdia", "basdai"), ("tender_joint_68", "tender_joints_68"), ("BasDai 1", "basdai_1")]
)
def test_an_unknown_measure_is_refused_with_the_nearest_known_one(enrolled: Registry, measure: str, near: str) -> None:
    expected = f"^column: '{measure}' is not a known column of visits; did you mean '{near}'\\?$"

    with refused(enrolled, UnknownCodeError, expected):
        given.visited(enrolled, **{measure: 1})


@pytest.mark.parametrize("measure", ["bmi", "basdai_7", "CRP_mg", "esr1", "tender_joints_66", "asdas"])
def test_an_unknown_measure_is_never_taken_for_another_that_is_known(enrolled: Registry, measure: str) -> None:
    mend = r"declare it under \[\[measures\]\] of the protocol, or leave it out"

    with refused(enrolled, UnknownCodeError, f"^column: '{measure}' is not a known column of visits; {mend}$"):
        given.visited(enrolled, **{measure: 1})


def test_a_total_that_is_computed_here_is_refused_as_a_column_with_the_reason(enrolled: Registry) -> None:
    expected = "^column: 'asdas_crp' is not a known column of visits; it is computed here from what it rests on, "

    with refused(enrolled, UnknownCodeError, expected):
        given.visited(enrolled, asdas_crp=2.1)


def test_the_same_visit_with_other_measures_is_refused(enrolled: Registry) -> None:
    visit = given.visited(enrolled, crp=24)

    with refused(enrolled, AlreadyRecordedError, f"^{visit} is recorded already, with other content; amend it with a"):
        given.visited(enrolled, crp=25)


def test_a_visit_with_one_measure_less_is_other_content(enrolled: Registry) -> None:
    given.visited(enrolled, crp=24, esr=28)

    with refused(enrolled, AlreadyRecordedError, "with other content"):
        given.visited(enrolled, crp=24)


@pytest.mark.parametrize("again", [5, 5.0, "5", "5.0", "5.00", " 5 "])
def test_a_visit_that_says_the_same_again_triggers_nothing(enrolled: Registry, again: object) -> None:
    given.visited(enrolled, basdai_1=5)

    with nothing_recorded(enrolled):
        given.visited(enrolled, basdai_1=again)


def test_the_same_value_in_another_unit_is_other_content(enrolled: Registry) -> None:
    given.visited(enrolled, crp=24)

    with refused(enrolled, AlreadyRecordedError, "with other content"):
        given.visited(enrolled, **{"crp [mg/dl]": "2.4"})


def test_the_same_value_with_a_comparator_is_other_content(enrolled: Registry) -> None:
    given.visited(enrolled, crp=5)

    with refused(enrolled, AlreadyRecordedError, "with other content"):
        given.visited(enrolled, crp="<5")


def test_a_label_keeps_letters_of_any_alphabet(enrolled: Registry) -> None:
    visit = enrolled.record_visit("BAR1-01", visited_on="2002-06-04", visit="Übergabe · 第12週")

    assert visit == "visit/BAR1-01/2002-06-04/Übergabe · 第12週"
    assert given.stated(enrolled, visit)["visit"] == "Übergabe · 第12週"


def test_a_label_of_1000_characters_is_kept_and_one_more_refused(enrolled: Registry) -> None:
    enrolled.record_visit("BAR1-01", visited_on="2002-06-04", visit="x" * 1000)

    with refused(enrolled, RangeError, "^visit: text of 1001 characters is outside 1 to 1000 characters$"):
        enrolled.record_visit("BAR1-01", visited_on="2002-06-04", visit="x" * 1001)


def test_control_characters_are_refused(enrolled: Registry) -> None:
    with refused(enrolled, FormatError, r"^visit: .* is not printable text; remove the control characters$"):
        enrolled.record_visit("BAR1-01", visited_on="2002-06-04", visit="week\x0012")
