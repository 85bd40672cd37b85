"""Measures of a registry's own: of every kind, with missing reasons, units and ends."""

from __future__ import annotations

import re

import pytest

from registry import Registry
from registry.errors import FormatError, RangeError, RefusalError, UnitError, UnknownCodeError
from tests.spec import given
from tests.spec.given import refused
from tests.spec.own_measures import EQ5D, HAQ, SF36, TITRES, ended, with_protocol, without_code

Taken = dict[str, object]


@pytest.fixture
def north(enrolled: Registry) -> Registry:
    """A registry with a patient, which has adopted the protocol of measures from real life."""
    return with_protocol(enrolled)


def taken(registry: Registry, **measures: object) -> object:
    return given.stated(registry, given.visited(registry, **measures))["measures"]


def a_number(measure: str, value: str, unit: str, **more: str) -> Taken:
    return {"measure": measure, "value": value, "unit": unit, **more}


def a_word(measure: str, code: str, unit: str = "codes") -> Taken:
    return {"measure": measure, "value": None, "unit": unit, "code": code}


def test_body_mass_index_is_held_in_its_range(north: Registry) -> None:
    assert taken(north, bmi="24.50") == [a_number("bmi", "24.50", "kg/m2")]
    with refused(north, RangeError, r"^bmi: 9.9 kg/m2 is outside 10 to 80 kg/m2$"):
        north.record_visit(given.PATIENT, visited_on="2002-07-01", measures={"bmi": "9.9"})


def test_smoking_is_held_as_a_word_in_the_spelling_of_the_protocol(north: Registry) -> None:
    assert taken(north, smoking="Former") == [a_word("smoking", "former")]


def test_the_five_answers_the_scale_and_the_index_of_eq_5d_are_held(north: Registry) -> None:
    answers = dict(zip((f"eq5d_{name}" for name in EQ5D), ("1", "2", "1", "3", "5"), strict=True))

    assert taken(north, **answers, eq5d_vas="65", eq5d_index="-0.074") == [
        *(a_number(name, value, "count") for name, value in answers.items()),
        a_number("eq5d_vas", "65", "mm"),
        a_number("eq5d_index", "-0.074", "score"),
    ]
    with refused(north, RangeError, "^eq5d_pain: 6 is outside whole numbers from 1 to 5$"):
        north.record_visit(given.PATIENT, visited_on="2002-07-01", measures={"eq5d_pain": "6"})


def test_the_eight_scales_of_sf_36_are_held(north: Registry) -> None:
    scales = {f"sf36_{name}": value for name, value in zip(SF36, ("0", "25", "41.5", "52", "60", "75", "100", "84"))}

    assert taken(north, **scales) == [a_number(name, value, "score") for name, value in scales.items()]


def test_the_eight_categories_of_haq_are_held(north: Registry) -> None:
    assert taken(north, **dict.fromkeys(HAQ, "2")) == [a_number(item, "2", "score") for item in HAQ]


def test_hours_and_percentages_of_wpai_are_held(north: Registry) -> None:
    assert taken(north, wpai_missed="8", wpai_worked="32", wpai_impairment="20") == [
        a_number("wpai_missed", "8", "h"),
        a_number("wpai_worked", "32", "h"),
        a_number("wpai_impairment", "20", "%"),
    ]


def test_occiput_to_wall_is_held(north: Registry) -> None:
    assert taken(north, occiput_to_wall="4.5") == [a_number("occiput_to_wall", "4.5", "cm")]


def test_joint_counts_of_28_and_44_are_held_and_one_more_is_refused(north: Registry) -> None:
    counts = {"swollen_joints_44": "3", "swollen_joints_28": "28", "tender_joints_28": "0", "tender_joints_44": "44"}

    assert taken(north, **counts) == [a_number(name, value, "count") for name, value in counts.items()]
    for name, beyond in (("tender_joints_28", "29"), ("tender_joints_44", "45"), ("swollen_joints_28", "2.5")):
        with refused(north, RangeError, f"^{name}: {re.escape(beyond)} is outside whole numbers from 0 to "):
            north.record_visit(given.PATIENT, visited_on="2002-07-01", measures={name: beyond})


MICROS = ["calprotectin [\u00b5g/g]", "calprotectin [\u03bcg/g]", "Calprotectin [µG/G]", "calprotectin [ug/g]"]


@pytest.mark.parametrize("header", MICROS)
def test_faecal_calprotectin_below_its_limit_is_held_under_either_sign_of_micro(north: Registry, header: str) -> None:
    assert taken(north, **{header: "<30"}) == [a_number("calprotectin", "30", "ug/g", comparator="<")]


def test_a_unit_that_the_protocol_converts_is_kept_as_it_came(north: Registry) -> None:
    assert taken(north, **{"calprotectin [mg/g]": "0.25"}) == [a_number("calprotectin", "0.25", "mg/g")]
    with refused(north, UnitError, "^calprotectin: unit 'mg/l' cannot be used; write ug/g or mg/g$"):
        north.record_visit(given.PATIENT, visited_on="2002-07-01", measures={"calprotectin [mg/l]": "0.25"})


def test_rheumatoid_factor_is_held_as_a_number_and_as_a_result(north: Registry) -> None:
    assert taken(north, rheumatoid_factor="<14", rf_result="negative") == [
        a_number("rheumatoid_factor", "14", "iu/ml", comparator="<"),
        a_word("rf_result", "negative"),
    ]


@pytest.mark.parametrize("titre", TITRES)
def test_every_titre_of_antinuclear_antibodies_is_held(north: Registry, titre: str) -> None:
    assert taken(north, ana_titre=titre) == [a_word("ana_titre", titre)]


def test_a_titre_between_two_is_refused_and_the_list_is_told(north: Registry) -> None:
    told = "write negative, 1:40, 1:80, 1:160, 1:320, 1:640, NASK or UNK"
    with refused(north, UnknownCodeError, f"^ana_titre: '1:60' is not a known ana_titre; {told}$"):
        given.visited(north, ana_titre="1:60")


def test_hla_b60_is_held(north: Registry) -> None:
    assert taken(north, hla_b60="positive") == [a_word("hla_b60", "positive")]


@pytest.mark.parametrize(("given_as", "code"), [("yes", "yes"), ("NO", "no"), (True, "yes"), (False, "no")])
def test_yes_and_no_are_held(north: Registry, given_as: object, code: str) -> None:
    assert taken(north, employed=given_as) == [a_word("employed", code, "yes-no")]


@pytest.mark.parametrize("text", ["maybe", "1", "true"])
def test_nothing_else_is_taken_for_yes_or_no(north: Registry, text: str) -> None:
    with refused(north, UnknownCodeError, f"^employed: '{text}' is not a known employed; write yes, no, NASK or UNK$"):
        given.visited(north, employed=text)


@pytest.mark.parametrize("day", ["2001", "2001-05", "2001-05-17"])
def test_a_partial_day_keeps_its_precision(north: Registry, day: str) -> None:
    assert taken(north, last_dxa=day) == [{"measure": "last_dxa", "value": None, "unit": "partial-day", "text": day}]


def test_what_is_no_day_is_refused(north: Registry) -> None:
    with refused(north, FormatError, "^last_dxa: '2001-13' is not a day of the calendar"):
        given.visited(north, last_dxa="2001-13")


def test_a_short_text_is_one_line_of_200_characters_at_most(north: Registry) -> None:
    assert taken(north, occupation="x" * 200) == [
        {"measure": "occupation", "value": None, "unit": "text", "text": "x" * 200}
    ]
    with refused(north, RangeError, "^occupation: text of 201 characters is outside 1 to 200 characters$"):
        north.record_visit(given.PATIENT, visited_on="2002-07-01", measures={"occupation": "x" * 201})
    with refused(north, FormatError, "^occupation: .* is not printable text on one line"):
        north.record_visit(given.PATIENT, visited_on="2002-07-01", measures={"occupation": "nurse\nteacher"})


@pytest.mark.parametrize("measure", ["smoking", "employed", "last_dxa", "occupation"])
def test_what_is_no_number_has_no_unit(north: Registry, measure: str) -> None:
    wanted = rf"^column {measure} has no unit; write it without \[mm\]$"
    with refused(north, RefusalError, wanted):
        given.visited(north, **{f"{measure} [mm]": "never"})


@pytest.mark.parametrize(
    ("measure", "unit"),
    [("crp", "mg/l"), ("basdai_1", "nrs"), ("swollen_joints_44", "count"), ("bmi", "kg/m2"), ("smoking", "codes")],
)
def test_any_measure_may_say_why_it_was_not_taken(north: Registry, measure: str, unit: str) -> None:
    assert taken(north, **{measure: "nask"}) == [{"measure": measure, "value": None, "unit": unit, "missing": "NASK"}]


def test_a_reason_that_the_protocol_lacks_is_refused_and_those_that_it_has_are_told(north: Registry) -> None:
    with refused(north, FormatError, "^bmi: 'NAV' is not a number, nor a reason why it is missing: NASK, UNK$"):
        given.visited(north, bmi="NAV")


def test_without_a_protocol_a_reason_is_a_word_where_a_number_is_wanted(enrolled: Registry) -> None:
    with refused(enrolled, FormatError, "^crp: 'NASK' is not a number but a word"):
        given.visited(enrolled, crp="NASK")


def test_the_version_of_a_basmi_that_is_missing_is_refused(north: Registry) -> None:
    with refused(north, RefusalError, "^basmi_version is given without a basmi"):
        given.visited(north, basmi="NASK", basmi_version="linear")


def test_a_basmi_that_is_amended_to_missing_loses_its_version(north: Registry) -> None:
    visit = given.visited(north, basmi="3.2", basmi_version="linear")

    north.amend(visit, {"basmi": "UNK"}, reason="the form was empty")

    missing = {"measure": "basmi", "value": None, "unit": "score", "missing": "UNK"}
    assert given.stated(north, visit)["measures"] == [missing]


def test_saying_the_same_in_other_words_is_no_news(north: Registry) -> None:
    visit = given.visited(north, smoking="never", employed="yes", bmi="24.5", crp="NASK", last_dxa="2001-05")

    with given.nothing_recorded(north):
        north.amend(visit, {"smoking": "NEVER", "employed": True, "bmi": "24.50", "crp": "nask"}, reason="again")


def test_history_tells_each_kind_as_it_stands(north: Registry) -> None:
    visit = given.visited(north, bmi="NASK", smoking="never", employed="no", occupation="nurse", calprotectin="<30")
    north.amend(visit, {"bmi": "24.5", "smoking": "current", "employed": None}, reason="asked again")

    first, second = north.history(visit)

    assert {change.field: change.after for change in first.changes if change.field not in ("visited_on", "visit")} == {
        "bmi": "NASK",
        "smoking": "never",
        "employed": "no",
        "occupation": "nurse",
        "calprotectin": "<30 ug/g",
    }
    assert {change.field: (change.before, change.after) for change in second.changes} == {
        "bmi": ("NASK", "24.5 kg/m2"),
        "smoking": ("never", "current"),
        "employed": ("no", None),
    }


def test_an_ended_measure_is_taken_until_the_day_before_and_refused_from_the_day_on(north: Registry) -> None:
    north.adopt_protocol(ended("bmi", "2003-01-01"))

    north.record_visit(given.PATIENT, visited_on="2002-12-31", measures={"bmi": "24"})
    with refused(
        north,
        RefusalError,
        "^bmi: it ended on 2003-01-01, and visited_on is 2003-01-01; leave it empty, or an earlier day$",
    ):
        north.record_visit(given.PATIENT, visited_on="2003-01-01", measures={"bmi": "24"})


def test_why_an_ended_measure_is_missing_may_still_be_said(north: Registry) -> None:
    north.adopt_protocol(ended("bmi", "2003-01-01"))

    assert north.record_visit(given.PATIENT, visited_on="2003-01-01", measures={"bmi": "NASK"})


def test_an_ended_code_is_refused_and_the_others_are_taken(north: Registry) -> None:
    north.adopt_protocol(without_code("smoking", "former", "2003-01-01"))

    north.record_visit(given.PATIENT, visited_on="2002-12-31", measures={"smoking": "former"})
    north.record_visit(given.PATIENT, visited_on="2003-01-02", measures={"smoking": "never"})
    with refused(
        north,
        RefusalError,
        "^smoking: former ended on 2003-01-01, and visited_on is 2003-01-03; give another, or an earlier day$",
    ):
        north.record_visit(given.PATIENT, visited_on="2003-01-03", measures={"smoking": "former"})


def test_what_was_taken_before_the_end_was_decided_stays_and_the_visit_can_be_amended(north: Registry) -> None:
    visit = north.record_visit(given.PATIENT, visited_on="2003-06-01", measures={"bmi": "24", "crp": "5"})
    north.adopt_protocol(ended("bmi", "2003-01-01"))

    north.amend(visit, {"crp": "6", "bmi": "24.0"}, reason="misread")
    north.amend("patient/BAR1-01", {"sex": "female"}, reason="was empty")

    assert given.stated(north, visit)["measures"] == [a_number("crp", "6", "mg/l"), a_number("bmi", "24.0", "kg/m2")]
    with refused(north, RefusalError, "^bmi: it ended on 2003-01-01, and visited_on is 2003-06-01"):
        north.amend(visit, {"bmi": "25"}, reason="misread")


def test_a_visit_with_an_ended_measure_goes_along_when_two_pseudonyms_are_merged(north: Registry) -> None:
    given.enrolled(north, "BAR1-99")
    north.record_visit("BAR1-99", visited_on="2003-06-01", measures={"bmi": "24"})
    north.adopt_protocol(ended("bmi", "2003-01-01"))

    north.merge_patients("BAR1-99", into="BAR1-01", reason="one person")

    assert given.stated(north, "visit/BAR1-01/2003-06-01")["measures"] == [a_number("bmi", "24", "kg/m2")]
