"""Flares: that a patient had one, who called it so, and when it was over."""

from __future__ import annotations

import pytest

from registry import Registry
from registry.errors import (
    AlreadyEndedError,
    AlreadyRecordedError,
    ClinicalDayError,
    FormatError,
    MissingValueError,
    RefusalError,
    UnknownCodeError,
    UnknownFactError,
)
from tests.spec import given
from tests.spec.given import nothing_recorded, refused


def flared(registry: Registry, started_on: str = "2003-11-24", **cells: object) -> str:
    return registry.start_flare("BAR1-01", started_on=started_on, **cells)


def test_a_flare_goes_on_until_it_is_over(enrolled: Registry) -> None:
    flare = flared(
        enrolled, basis="Patient", severity="moderate", trigger="WITHDRAWAL", note="nach der letzten Spritze"
    )

    assert flare == "flare/BAR1-01/2003-11-24"
    assert given.stated(enrolled, flare) == {
        "started_on": "2003-11-24",
        "ended_on": None,
        "basis": "patient",
        "severity": "moderate",
        "trigger": "withdrawal",
        "note": "nach der letzten Spritze",
    }


def test_the_end_of_a_flare_has_an_event_of_its_own(enrolled: Registry) -> None:
    flare = flared(enrolled)

    enrolled.end_flare(flare, ended_on="2003-12-15")

    assert given.events_of(enrolled, flare) == ["FlareStarted", "FlareEnded"]
    assert given.stated(enrolled, flare)["ended_on"] == "2003-12-15"


def test_a_flare_that_is_over_is_recorded_as_a_start_and_an_end(enrolled: Registry) -> None:
    assert given.events_of(enrolled, flared(enrolled, ended_on="2003-11-24")) == ["FlareStarted", "FlareEnded"]


def test_a_flare_before_enrolment_is_recorded(enrolled: Registry) -> None:
    assert flared(enrolled, "1999-11-24") == "flare/BAR1-01/1999-11-24"


def test_an_end_before_the_start_is_refused(enrolled: Registry) -> None:
    flare = flared(enrolled)

    with refused(enrolled, ClinicalDayError, "^ended_on: 2003-11-23 lies before started_on, 2003-11-24$"):
        enrolled.end_flare(flare, ended_on="2003-11-23")


def test_a_second_end_is_refused(enrolled: Registry) -> None:
    flare = flared(enrolled, ended_on="2003-12-15")

    with refused(enrolled, AlreadyEndedError, f"^ended_on: {flare} has ended already, on 2003-12-15; amend it with a"):
        enrolled.end_flare(flare, ended_on="2003-12-16")


def test_the_same_end_again_triggers_nothing(enrolled: Registry) -> None:
    flare = flared(enrolled, ended_on="2003-12-15")

    with nothing_recorded(enrolled):
        enrolled.end_flare(flare, ended_on="2003-12-15")


def test_an_end_without_its_day_is_refused(enrolled: Registry) -> None:
    flare = flared(enrolled)

    with refused(enrolled, MissingValueError, "^ended_on is empty; give (the )?last day"):
        enrolled.end_flare(flare, ended_on="")


def test_an_end_of_a_flare_that_nobody_recorded_is_refused(enrolled: Registry) -> None:
    with refused(enrolled, UnknownFactError, "^flare/BAR1-01/2003-11-24 is not recorded"):
        enrolled.end_flare("flare/BAR1-01/2003-11-24", ended_on="2003-12-15")


def test_what_has_no_end_of_its_own_cannot_be_ended_like_a_flare(enrolled: Registry) -> None:
    rash = enrolled.record_adverse_event("BAR1-01", term="rash", started_on="2003-11-24")

    with refused(enrolled, RefusalError, f"^{rash} has no end of its own; amend it with a reason$"):
        enrolled.end_flare(rash, ended_on="2003-12-15")


def test_a_partial_day_is_refused(enrolled: Registry) -> None:
    with refused(enrolled, FormatError, "^started_on: '2003-11' is not a day of the calendar; write YYYY-MM-DD$"):
        flared(enrolled, "2003-11")


@pytest.mark.parametrize("field", ["started_on", "ended_on"])
def test_a_day_in_the_future_is_refused(enrolled: Registry, field: str) -> None:
    with refused(enrolled, ClinicalDayError, f"^{field}: 2014-07-01 is in the future; today is 2014-06-30$"):
        flared(enrolled, **{field: "2014-07-01"})


@pytest.mark.parametrize("field", ["started_on", "ended_on"])
def test_a_day_after_the_end_of_follow_up_is_refused(enrolled: Registry, field: str) -> None:
    enrolled.end_follow_up("BAR1-01", ended_on="2005-03-01")

    with refused(enrolled, ClinicalDayError, f"^{field}: 2005-03-02 lies after the end of follow-up, 2005-03-01$"):
        flared(enrolled, **{field: "2005-03-02"})


def test_a_day_before_birth_is_refused(enrolled: Registry) -> None:
    with refused(enrolled, ClinicalDayError, "^started_on: 1960-12-31 lies before the year of birth, 1961$"):
        flared(enrolled, "1960-12-31")


@pytest.mark.parametrize(
    ("field", "mend"),
    [
        ("basis", "write patient, physician, laboratory or criteria"),
        ("severity", "write mild, moderate or severe"),
        ("trigger", "write withdrawal, infection, injury, none or unknown"),
    ],
)
def test_a_word_that_no_list_contains_is_refused(enrolled: Registry, field: str, mend: str) -> None:
    with refused(enrolled, UnknownCodeError, f"^{field}: 'xyz' is not a known {field}; {mend}$"):
        flared(enrolled, **{field: "xyz"})


def test_the_same_flare_again_triggers_nothing(enrolled: Registry) -> None:
    flared(enrolled, severity="mild")

    with nothing_recorded(enrolled):
        flared(enrolled, severity="Mild")


def test_the_same_flare_with_other_content_is_refused(enrolled: Registry) -> None:
    flare = flared(enrolled, severity="mild")

    with refused(enrolled, AlreadyRecordedError, f"^{flare} is recorded already, with other content; amend it with a"):
        flared(enrolled, severity="severe")


@pytest.mark.parametrize("note", ["Schübe, «stärker» 😖", "δεύτερη υποτροπή", "two\nlines\twith a tab", "x" * 1000])
def test_a_note_is_kept_as_it_came(enrolled: Registry, note: str) -> None:
    assert given.stated(enrolled, flared(enrolled, note=note))["note"] == note
