"""Adverse events: what happened, how bad it was, and which drug is suspected."""

from __future__ import annotations

import pytest

from registry import Registry
from registry.errors import AlreadyRecordedError, ClinicalDayError, MissingValueError, UnknownCodeError
from tests.spec import given
from tests.spec.given import nothing_recorded, refused


def reacted(registry: Registry, term: str = "injection site reaction", **cells: object) -> str:
    return registry.record_adverse_event("BAR1-01", term=term, **{"started_on": "2003-09-02", **cells})  # type: ignore[arg-type]


def test_an_adverse_event_is_recorded_whole(enrolled: Registry) -> None:
    reaction = reacted(
        enrolled, ended_on="2003-09-20", severity="Mild", serious="No", agent="Anakinra", outcome="Resolved"
    )

    assert reaction == "adverse-event/BAR1-01/injection site reaction/2003-09-02"
    assert given.events_of(enrolled, reaction) == ["AdverseEventRecorded"]
    assert given.stated(enrolled, reaction) == {
        "term": "injection site reaction",
        "started_on": "2003-09-02",
        "ended_on": "2003-09-20",
        "severity": "mild",
        "serious": "no",
        "agent": "anakinra",
        "outcome": "resolved",
    }


@pytest.mark.parametrize(("said", "kept"), [(True, "yes"), (False, "no"), ("YES", "yes"), (None, None), ("", None)])
def test_whether_it_was_serious_is_yes_no_or_not_recorded(enrolled: Registry, said: object, kept: str | None) -> None:
    assert given.stated(enrolled, reacted(enrolled, serious=said))["serious"] == kept


def test_an_adverse_event_without_its_term_is_refused(enrolled: Registry) -> None:
    with refused(enrolled, MissingValueError, "^term is empty; give what happened$"):
        reacted(enrolled, term=" ")


def test_an_end_before_the_start_is_refused(enrolled: Registry) -> None:
    with refused(enrolled, ClinicalDayError, "^ended_on: 2003-09-01 lies before started_on, 2003-09-02$"):
        reacted(enrolled, ended_on="2003-09-01")


def test_an_adverse_event_may_be_over_on_its_first_day(enrolled: Registry) -> None:
    assert given.stated(enrolled, reacted(enrolled, ended_on="2003-09-02"))["ended_on"] == "2003-09-02"


@pytest.mark.parametrize("field", ["started_on", "ended_on"])
def test_a_day_in_the_future_is_refused(enrolled: Registry, field: str) -> None:
    with refused(enrolled, ClinicalDayError, f"^{field}: 2014-07-01 is in the future; today is 2014-06-30$"):
        reacted(enrolled, **{field: "2014-07-01"})


@pytest.mark.parametrize("field", ["started_on", "ended_on"])
def test_a_day_after_the_end_of_follow_up_is_refused(enrolled: Registry, field: str) -> None:
    enrolled.end_follow_up("BAR1-01", ended_on="2005-03-01")

    with refused(enrolled, ClinicalDayError, f"^{field}: 2005-03-02 lies after the end of follow-up, 2005-03-01$"):
        reacted(enrolled, **{field: "2005-03-02"})


def test_a_day_before_birth_is_refused(enrolled: Registry) -> None:
    with refused(enrolled, ClinicalDayError, "^started_on: 1960-12-31 lies before the year of birth, 1961$"):
        reacted(enrolled, started_on="1960-12-31")


@pytest.mark.parametrize(
    ("field", "value", "mend"),
    [
        ("severity", "bad", "write mild, moderate or severe"),
        ("serious", "perhaps", "write yes or no"),
        ("agent", "anakinara", "did you mean 'anakinra'\\?"),
        ("outcome", "xyz", "write resolved, ongoing, sequelae, fatal or unknown"),
    ],
)
def test_a_word_that_no_list_contains_is_refused(enrolled: Registry, field: str, value: str, mend: str) -> None:
    with refused(enrolled, UnknownCodeError, f"^{field}: '{value}' is not a known {field}; {mend}$"):
        reacted(enrolled, **{field: value})


def test_the_same_adverse_event_again_triggers_nothing(enrolled: Registry) -> None:
    reacted(enrolled, severity="mild")

    with nothing_recorded(enrolled):
        reacted(enrolled, severity="mild")


def test_the_same_adverse_event_with_other_content_is_refused(enrolled: Registry) -> None:
    reaction = reacted(enrolled, severity="mild")

    with refused(enrolled, AlreadyRecordedError, f"^{reaction} is recorded already, with other content; amend it with"):
        reacted(enrolled, severity="severe")


def test_two_terms_of_one_day_are_two_adverse_events(enrolled: Registry) -> None:
    assert reacted(enrolled, "headache") != reacted(enrolled, "nausea")
