"""What a trial's protocol brings: drugs that the catalogue lacks, placebo, arms, centres, and the end of each."""

from __future__ import annotations

from datetime import date

import pytest

from registry import Registry
from registry.catalogue.agents import DRUG_CLASSES
from registry.catalogue.protocol import AgentRecord, CodeRecord, ProductRecord, Protocol
from registry.errors import RefusalError, UnknownCodeError
from registry.schema.tables import tables_of
from tests.spec import given
from tests.spec.given import refused

END = date(2010, 1, 1)
AGENTS = (AgentRecord(name="study-drug-7", drug_class="IL-17i"), AgentRecord(name="placebo", drug_class="placebo"))
ARMS = (CodeRecord(code="ACTIVE", title="study drug 7, 160 mg"), CodeRecord(code="PLACEBO", title="placebo"))
CENTRES = (CodeRecord(code="Northtown", title="Northtown"), CodeRecord(code="Westbury", title="Westbury"))


def adopted(registry: Registry, **parts: object) -> Registry:
    """A registry that adopted a protocol with some parts."""
    registry.adopt_protocol(Protocol(protocol="north", title="North", **parts))  # type: ignore[arg-type]
    return registry


@pytest.fixture
def trial(enrolled: Registry) -> Registry:
    """A registry of a trial with two arms, a study drug and placebo."""
    return adopted(enrolled, agents=AGENTS, arms=ARMS)


def test_a_drug_of_the_protocol_is_recorded_as_any_other(trial: Registry) -> None:
    course = trial.start_treatment("BAR1-01", agent="Study-Drug-7", started_on="2004", arm="active")

    assert given.stated(trial, course)["agent"] == "study-drug-7"
    assert given.stated(trial, course)["arm"] == "ACTIVE"


def test_a_product_of_the_protocol_is_found_however_its_trade_mark_is_signed(enrolled: Registry) -> None:
    adopted(enrolled, products=(ProductRecord(name="Newmab®", agent="adalimumab", kind="biosimilar"),))

    course = enrolled.start_treatment("BAR1-01", agent="NEWMAB", started_on="2004")

    assert given.stated(enrolled, course)["product"] == "Newmab®"


def test_before_the_protocol_the_drug_is_none(enrolled: Registry) -> None:
    with refused(enrolled, UnknownCodeError, r"^agent: 'study-drug-7' is not a known agent"):
        enrolled.start_treatment("BAR1-01", agent="study-drug-7", started_on="2004")


def test_a_study_drug_makes_a_line_by_its_class_and_placebo_makes_none(trial: Registry) -> None:
    catalogue = trial.catalogue

    assert "study-drug-7" in catalogue.targeted
    assert "placebo" not in catalogue.targeted
    assert "study-drug-7" in catalogue.immunomodulating
    assert "placebo" not in catalogue.immunomodulating


def test_placebo_is_a_class_of_own_agents_and_of_no_drug() -> None:
    assert DRUG_CLASSES[0] == "TNFi"
    assert DRUG_CLASSES[-1] == "placebo"
    assert len(set(DRUG_CLASSES)) == len(DRUG_CLASSES)


def test_without_arms_nobody_is_asked_for_one(enrolled: Registry) -> None:
    assert "arm" not in tables_of(enrolled.catalogue)["treatments"].columns
    with refused(enrolled, UnknownCodeError, r"^column: 'arm' is not a known column of treatments"):
        enrolled.start_treatment("BAR1-01", agent="etanercept", started_on="2004", arm="ACTIVE")


def test_an_arm_that_the_protocol_lacks_is_refused_with_the_nearest(trial: Registry) -> None:
    with refused(trial, UnknownCodeError, r"^arm: 'PLACBO' is not a known arm; did you mean 'PLACEBO'\?$"):
        trial.start_treatment("BAR1-01", agent="placebo", started_on="2004", arm="PLACBO")


def test_any_code_is_a_centre_where_the_protocol_names_none(enrolled: Registry) -> None:
    assert given.stated(enrolled, given.enrolled(enrolled, "BAR1-02", centre="anywhere"))["centre"] == "anywhere"


def test_a_centre_that_the_protocol_lacks_is_refused_with_the_nearest(registry: Registry) -> None:
    adopted(registry, centres=CENTRES)

    with refused(
        registry, UnknownCodeError, r"^centre: 'Northtwon' is not a known centre; did you mean 'Northtown'\?$"
    ):
        given.enrolled(registry, centre="Northtwon")
    assert given.stated(registry, given.enrolled(registry, centre="NORTHTOWN"))["centre"] == "Northtown"


def test_a_centre_from_before_the_protocol_stays_where_something_else_is_amended(registry: Registry) -> None:
    enrolment = given.enrolled(registry, centre="old town")
    adopted(registry, centres=CENTRES)

    registry.amend(enrolment, {"sex": "female"}, reason="was missing")

    assert given.stated(registry, enrolment)["centre"] == "old town"


@pytest.mark.parametrize(
    ("parts", "cells"),
    [
        ({"agents": (AgentRecord(name="study-drug-7", drug_class="IL-17i", until=END),)}, {"agent": "study-drug-7"}),
        (
            {"products": (ProductRecord(name="Adalia", agent="adalimumab", kind="biosimilar", until=END),)},
            {"agent": "Adalia"},
        ),
        ({"arms": (CodeRecord(code="ACTIVE", title="active", until=END),)}, {"agent": "etanercept", "arm": "ACTIVE"}),
    ],
)
def test_what_ended_is_refused_from_its_day_on_and_may_be_before(
    enrolled: Registry, parts: dict[str, object], cells: dict[str, str]
) -> None:
    adopted(enrolled, **parts)

    with refused(enrolled, RefusalError, r"ended on 2010-01-01, and started_on is 2010-01; give another"):
        enrolled.start_treatment("BAR1-01", started_on="2010-01", **cells)
    with refused(enrolled, RefusalError, r"ended on 2010-01-01, and started_on is 2010-01-01; give another"):
        enrolled.start_treatment("BAR1-01", started_on="2010-01-01", **cells)
    assert enrolled.start_treatment("BAR1-01", started_on="2009-12-31", **cells).endswith("2009-12-31")


def test_a_suspected_drug_that_ended_is_refused_from_its_day_on(enrolled: Registry) -> None:
    adopted(enrolled, agents=(AgentRecord(name="study-drug-7", drug_class="IL-17i", until=END),))

    with refused(enrolled, RefusalError, r"^agent: study-drug-7 ended on 2010-01-01, and started_on is 2010-02-01"):
        enrolled.record_adverse_event("BAR1-01", term="rash", started_on="2010-02-01", agent="study-drug-7")


def test_a_centre_that_ended_recruits_no_more(registry: Registry) -> None:
    adopted(registry, centres=(*CENTRES, CodeRecord(code="Easton", title="Easton", until=END)))

    with refused(registry, RefusalError, r"^centre: Easton ended on 2010-01-01, and enrolled_on is 2010-01-01"):
        given.enrolled(registry, enrolled_on="2010-01-01", centre="Easton")
    assert given.enrolled(registry, enrolled_on="2009-12-31", centre="Easton") == "patient/BAR1-01"


def test_what_was_recorded_before_an_end_stays_where_something_else_is_amended(trial: Registry) -> None:
    course = trial.start_treatment("BAR1-01", agent="study-drug-7", started_on="2012-05", arm="ACTIVE")
    ended = (AgentRecord(name="study-drug-7", drug_class="IL-17i", until=END), AGENTS[1])
    adopted(trial, agents=ended, arms=ARMS)

    trial.stop_treatment(course, stopped_on="2013-01-31")
    trial.amend(course, {"arm": None}, reason="unmasked")

    assert given.stated(trial, course)["stopped_on"] == "2013-01-31"
    with refused(trial, RefusalError, r"^agent: study-drug-7 ended on 2010-01-01"):
        trial.start_treatment("BAR1-01", agent="study-drug-7", started_on="2013-05")


def test_what_was_recorded_before_an_end_goes_to_another_pseudonym_of_the_patient(trial: Registry) -> None:
    given.enrolled(trial, "BAR1-02")
    trial.start_treatment("BAR1-02", agent="study-drug-7", started_on="2012-05")
    adopted(trial, agents=(AgentRecord(name="study-drug-7", drug_class="IL-17i", until=END), AGENTS[1]), arms=ARMS)

    merge = trial.merge_patients("BAR1-02", into="BAR1-01", reason="one person")

    assert merge is not None
    assert given.stated(trial, "treatment/BAR1-01/study-drug-7/2012-05")["agent"] == "study-drug-7"
