"""References: what identifies a fact, and how a person names it."""

from __future__ import annotations

import pytest

from registry import Registry
from registry.errors import RefusalError, UnknownCodeError, UnknownFactError, UnknownStudyError
from tests.spec import given
from tests.spec.given import nothing_recorded, refused


def test_each_kind_of_fact_is_named_by_its_key(scanned: Registry) -> None:
    facts = [
        given.visited(scanned),
        given.infliximab(scanned),
        scanned.start_flare("BAR1-01", started_on="2003-11-24"),
        scanned.record_adverse_event("BAR1-01", term="rash", started_on="2003-09-02"),
        given.berlin(scanned),
        given.verdict(scanned),
    ]

    assert facts == [
        "visit/BAR1-01/2002-06-04/baseline",
        "treatment/BAR1-01/infliximab/2002-06-04",
        "flare/BAR1-01/2003-11-24",
        "adverse-event/BAR1-01/rash/2003-09-02",
        "reading/MR-0001/R1/berlin",
        "lesion/MR-0001/MR-0002/consensus/1",
    ]


def test_a_bare_word_is_a_patient(enrolled: Registry) -> None:
    assert enrolled.history("BAR1-01") == enrolled.history("patient/BAR1-01")


@pytest.mark.parametrize(
    ("term", "quoted"),
    [("vomiting/diarrhoea", "vomiting%2Fdiarrhoea"), ("50% weight loss", "50%25 weight loss"), ("%2F", "%252F")],
)
def test_a_slash_or_a_percent_sign_within_a_key_is_quoted(enrolled: Registry, term: str, quoted: str) -> None:
    event = enrolled.record_adverse_event("BAR1-01", term=term, started_on="2003-09-02")

    enrolled.amend(event, {"severity": "mild"}, reason="late report")

    assert event == f"adverse-event/BAR1-01/{quoted}/2003-09-02"
    assert given.stated(enrolled, event)["term"] == term


def test_an_empty_key_at_the_end_is_left_out(enrolled: Registry) -> None:
    visit = enrolled.record_visit("BAR1-01", visited_on="2002-06-04")

    assert enrolled.history(visit + "/") == enrolled.history(visit)


def test_an_unknown_kind_of_fact_is_refused_with_the_nearest_known_one(enrolled: Registry) -> None:
    with refused(enrolled, UnknownCodeError, r"^reference: 'visits' is not a known kind of fact; did you mean 'visit'"):
        enrolled.retract("visits/BAR1-01/2002-06-04", reason="entered twice")


@pytest.mark.parametrize("reference", ["patient/", "visit/", "imaging/"])
def test_a_reference_without_a_key_is_refused(enrolled: Registry, reference: str) -> None:
    with refused(enrolled, UnknownFactError, f"^{reference} is not recorded$"):
        enrolled.retract(reference, reason="entered twice")


def test_a_study_that_nobody_has_is_refused_as_unknown(enrolled: Registry) -> None:
    with refused(enrolled, UnknownStudyError, "no imaging study 'MR-0009' is recorded"):
        enrolled.retract("imaging/MR-0009", reason="entered twice")


@pytest.mark.parametrize(
    ("table", "cells", "fact"),
    [
        ("visits", {"visited_on": "2002-06-04"}, "visit/BAR1-01/id=17"),
        ("treatments", {"agent": "infliximab", "started_on": "2002"}, "treatment/BAR1-01/id=17"),
        ("flares", {"started_on": "2003-11-24"}, "flare/BAR1-01/id=17"),
        ("adverse_events", {"term": "rash", "started_on": "2003-09-02"}, "adverse-event/BAR1-01/id=17"),
        (
            "imaging",
            {"study": "MR-0009", "performed_on": "2002-06-03", "modality": "MRI", "regions": "spine"},
            "imaging/id=17",
        ),
    ],
)
def test_a_row_with_an_id_of_its_own_is_named_by_it(
    enrolled: Registry, table: str, cells: dict[str, object], fact: str
) -> None:
    assert enrolled.record(table, {"patient": "BAR1-01", "id": "17", **cells}) == fact

    with nothing_recorded(enrolled):
        enrolled.record(table, {"patient": "BAR1-01", "id": 17, **cells})


def test_a_reading_with_an_id_of_its_own_is_named_by_it(scanned: Registry) -> None:
    reading = scanned.record_reading("MR-0001", reader="R1", method="berlin", grades={"C2/3": 1}, id="17")

    scanned.amend(reading, {"C2/3": 2}, reason="read again")

    assert reading == "reading/id=17"
    assert given.events_of(scanned, reading) == ["ReadingRecorded", "ReadingAmended"]


def test_a_verdict_with_an_id_of_its_own_is_named_by_it(scanned: Registry) -> None:
    verdict = given.verdict(scanned, id="17")

    scanned.amend(verdict, {"verdict": "improvement"}, reason="consensus")

    assert verdict == "lesion/id=17"
    assert given.events_of(scanned, verdict) == ["LesionVerdictRecorded", "LesionVerdictAmended"]


def test_the_key_columns_of_a_row_with_an_id_of_its_own_can_be_amended(enrolled: Registry) -> None:
    visit = enrolled.record("visits", {"patient": "BAR1-01", "id": "17", "visited_on": "2002-06-04"})

    enrolled.amend(visit, {"visited_on": "2002-06-05", "visit": "week 0"}, reason="typing error")

    assert given.stated(enrolled, visit)["visited_on"] == "2002-06-05"


def test_the_patient_of_a_row_with_an_id_of_its_own_cannot_be_amended(enrolled: Registry) -> None:
    visit = enrolled.record("visits", {"patient": "BAR1-01", "id": "17", "visited_on": "2002-06-04"})

    with refused(enrolled, RefusalError, f"^patient identifies {visit}; retract it and record it anew$"):
        enrolled.amend(visit, {"patient": "BAR1-02"}, reason="of another patient")


def test_a_label_that_looks_like_an_id_is_a_label(enrolled: Registry) -> None:
    visit = enrolled.record_visit("BAR1-01", visited_on="2002-06-04", visit="id=17")

    row = enrolled.record("visits", {"patient": "BAR1-01", "id": "17", "visited_on": "2002-06-05"})

    assert (visit, row) == ("visit/BAR1-01/2002-06-04/id%3D17", "visit/BAR1-01/id=17")
    assert given.stated(enrolled, visit)["visit"] == "id=17"
