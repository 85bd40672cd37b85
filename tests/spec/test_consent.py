"""Consent: who withdraws it is recorded no more."""

from __future__ import annotations

import pytest

from registry import Registry
from registry.errors import ClinicalDayError, ConsentWithdrawnError
from tests.spec import given
from tests.spec.given import nothing_recorded, refused

WITHDRAWN = r"^patient: consent was withdrawn on 2004-06-30, nothing more is recorded; leave the row out, or amend"


@pytest.fixture
def withdrawn(scanned: Registry) -> Registry:
    """A registry whose one patient has a visit and a treatment, and withdrew consent on 30 June 2004."""
    given.visited(scanned)
    given.infliximab(scanned)
    scanned.end_follow_up(given.PATIENT, ended_on="2004-06-30", reason="withdrawn")
    return scanned


def test_nothing_is_recorded_after_consent_was_withdrawn_whatever_its_day(withdrawn: Registry) -> None:
    with refused(withdrawn, ConsentWithdrawnError, WITHDRAWN):
        withdrawn.record_visit(given.PATIENT, visited_on="2003-06-04")
    with refused(withdrawn, ConsentWithdrawnError, WITHDRAWN):
        withdrawn.record_visit(given.PATIENT, visited_on="2005-06-04")
    with refused(withdrawn, ConsentWithdrawnError, WITHDRAWN):
        given.berlin(withdrawn)


def test_nothing_is_amended_or_ended_after_consent_was_withdrawn(withdrawn: Registry) -> None:
    with refused(withdrawn, ConsentWithdrawnError, WITHDRAWN):
        withdrawn.amend("visit/BAR1-01/2002-06-04/baseline", {"crp": 12}, reason="found in the file")
    with refused(withdrawn, ConsentWithdrawnError, WITHDRAWN):
        withdrawn.stop_treatment("treatment/BAR1-01/infliximab/2002-06-04", stopped_on="2004-01-01")


def test_what_was_entered_in_error_can_still_be_retracted(withdrawn: Registry) -> None:
    withdrawn.retract("visit/BAR1-01/2002-06-04/baseline", reason="another patient's")

    assert given.events_of(withdrawn, "visit/BAR1-01/2002-06-04/baseline")[-1] == "VisitRetracted"


def test_a_withdrawal_entered_in_error_is_amended_and_recording_goes_on(withdrawn: Registry) -> None:
    withdrawn.amend("patient/BAR1-01", {"follow_up_end_reason": "", "follow_up_ended_on": ""}, reason="wrong patient")

    assert withdrawn.record_visit(given.PATIENT, visited_on="2005-06-04") == "visit/BAR1-01/2005-06-04"


def test_what_is_known_already_is_no_news_after_the_withdrawal(withdrawn: Registry) -> None:
    with nothing_recorded(withdrawn):
        given.visited(withdrawn)


def test_another_end_of_follow_up_only_bounds_the_clinical_days(scanned: Registry) -> None:
    scanned.end_follow_up(given.PATIENT, ended_on="2004-06-30", reason="moved")

    assert scanned.record_visit(given.PATIENT, visited_on="2003-06-04")
    with refused(scanned, ClinicalDayError, "^visited_on: 2005-06-04"):
        scanned.record_visit(given.PATIENT, visited_on="2005-06-04")
