"""Responders: Figure 1 of the anakinra study, and patients of whom the answer is open."""

from __future__ import annotations

import pytest

from projections import Facts, facts_at
from projections.cohort.definition_file import parsed
from projections.cohort.members.cohort import Cohort
from registry import Registry
from tests.projections.cohort.defined import SMALL, by_address, cohort, of_paper, small

FIGURE_1 = {
    ("asas20", "week 2"): "6 of 9 (67%)",
    ("asas20", "week 8"): "8 of 9 (89%)",
    ("asas20", "week 12"): "6 of 9 (67%)",
    ("asas50", "week 12"): "3 of 9 (33%)",
    ("asas70", "week 12"): "3 of 9 (33%)",
}
TABLE = '[tables.responders]\ncriteria = ["basdai50"]\n'
AT_2_YEARS = "responders / basdai50 / 2 years /"


@pytest.mark.parametrize(("criterion", "week"), FIGURE_1)
def test_responders_are_those_of_figure_1(published: Registry, criterion: str, week: str) -> None:
    found = by_address(of_paper("anakinra2004", published, "responders"))

    assert found[f"responders / {criterion} / {week} / responders"].text == FIGURE_1[criterion, week]


def test_the_interval_is_exact(published: Registry) -> None:
    found = by_address(of_paper("anakinra2004", published, "responders"))["responders / asas20 / week 8 / responders"]

    assert (found.ci_low, found.ci_high) == (pytest.approx(51.8, abs=0.05), pytest.approx(99.7, abs=0.05))


def test_open_answers_and_absent_patients_leave_the_denominator_unless_imputed(registry: Registry) -> None:
    for place, (before, after) in enumerate(((8, 2), (8, 7), (8, None), (None, 2))):
        patient = f"B-{place}"
        registry.enrol_patient(patient, enrolled_on="2002-01-14")
        registry.record_visit(patient, visited_on="2002-01-14", measures={"basdai": before, "crp": 1})
        registry.record_visit(patient, visited_on="2004-07-01", measures={"basdai": after, "crp": 1})

    found = by_address(small(facts_at(registry, as_of="2006-01-01"), TABLE))

    figure = found[f"{AT_2_YEARS} responders"]
    assert (figure.numerator, figure.denominator, figure.n_patients) == (1, 2, 2)
    assert figure.denominator_note == "2 of 5 patients; 2 without a value; 1 without a value at baseline"
    imputed = found[f"{AT_2_YEARS} responders, non-responder imputation"]
    assert (imputed.numerator, imputed.denominator) == (1, 5)
    assert imputed.denominator_note == "5 of 5 patients; 3 imputed as no response"


def test_a_variant_names_the_baseline_only_where_the_criterion_compares_with_it(registry: Registry) -> None:
    own = '[[criteria]]\nname = "low"\nmet = "basdai < 4"\n[tables.responders]\ncriteria = ["low", "basdai50"]\n'
    found = by_address(small(registry, own))

    low, halved = (str(found[f"responders / {name} / 2 years / due"].variant) for name in ("low", "basdai50"))
    assert low.startswith("low: basdai < 4; ")
    assert " against baseline; " in halved


def test_nobody_seen_is_a_reason_and_no_percentage(registry: Registry) -> None:
    figure = by_address(small(registry, TABLE))[f"{AT_2_YEARS} responders"]

    assert (figure.value, figure.reason) == (None, "nothing-given")


DOMAINS = ("patient_global", "total_back_pain", "basfi", "basdai_inflammation")
ASAS20 = '[tables.responders]\ncriteria = ["asas20"]\n'
AT = "responders / asas20 / 2 years /"
OUTCOMES = {  # each domain at 2 years, of 60 at baseline; None: not taken
    "R-1": (30, 30, 30, 30),  # a response, all known
    "R-2": (60, 60, 60, 60),  # none, all known
    "R-3": (30, 30, 30, None),  # open: the fourth may have become worse
    "R-4": (60, 60, None, None),  # none, whatever the others did
    "R-5": None,  # not seen
    "R-6": None,  # died before
    "R-7": None,  # lost before
    "R-8": (30, 30, 30, None),  # open; enrolled a year later, so that the window is open too, and more may come
}


def assessed(*domains: float | None) -> dict[str, object]:
    """The four domains of ASAS20 on 0 to 100 as they are recorded."""
    back = dict(zip(DOMAINS, domains))
    inflammation = back.pop("basdai_inflammation")
    taken = {name: value and (value / 10 if name == "basfi" else value) for name, value in back.items()}
    items = {} if inflammation is None else {"basdai_5": inflammation / 10, "basdai_6": inflammation / 10}
    return {name: value for name, value in {**taken, **items}.items() if value is not None}


@pytest.fixture
def eight(registry: Registry) -> Facts:
    """Eight patients beside P-1, who was never seen; the data are cut after the windows of all but one."""
    for patient, outcome in OUTCOMES.items():
        year = 2003 if patient == "R-8" else 2002
        registry.enrol_patient(patient, enrolled_on=f"{year}-01-14")
        registry.record_visit(patient, visited_on=f"{year}-01-14", measures=assessed(60, 60, 60, 60))
        if outcome:
            registry.record_visit(patient, visited_on=f"{year + 2}-07-01", measures=assessed(*outcome))
    registry.end_follow_up("R-6", ended_on="2002-06-01", reason="died")
    registry.end_follow_up("R-7", ended_on="2002-06-01", reason="moved")
    return facts_at(registry, as_of="2005-10-01")


def test_who_has_answered_all_before_the_window_closes_is_due_and_is_told(registry: Registry) -> None:
    for patient, last in (("R-1", (30, 30, 30, 30)), ("R-2", (30, 30, 30, None))):
        registry.enrol_patient(patient, enrolled_on="2002-01-14")
        registry.record_visit(patient, visited_on="2002-01-14", measures=assessed(60, 60, 60, 60))
        registry.record_visit(patient, visited_on="2004-01-14", measures=assessed(*last))

    found = by_address(small(registry, ASAS20))

    figure, told = found[f"{AT} responders"], "1 of 1 due answered all before the window closed"
    assert (figure.numerator, figure.denominator) == (1, 1)
    assert figure.denominator_note == f"1 of 3 patients; 2 not due yet; {told}"
    assert found[f"{AT} due"].denominator_note == f"patients; due are those whose window has closed; {told}"


@pytest.mark.parametrize(
    ("keys", "responders", "of"),
    [("", 1, 2), ('denominator = "complete"', 1, 2), ('denominator = "known"', 1, 3), ('denominator = "all"', 1, 8)],
)
def test_a_rate_is_of_those_with_all_domains_unless_another_denominator_is_named(
    eight: Facts, keys: str, responders: int, of: int
) -> None:
    figure = by_address(small(eight, ASAS20 + keys))[f"{AT} responders"]

    assert (figure.numerator, figure.denominator, figure.n_patients) == (responders, of, of)


def test_completeness_is_of_how_many_of_all_members_the_answer_is_known(eight: Facts) -> None:
    known = by_address(small(eight, f"{ASAS20}completeness = true\n"))[f"{AT} known"]

    assert known.text == "3 of 9 (33.3%)"
    assert known.denominator_note == "3 of 9 patients; 1 not due yet; 5 whose answer is not known"
    assert f"{AT} known" not in by_address(small(eight, ASAS20))


def test_the_denominator_says_who_is_not_in_it_and_why(eight: Facts) -> None:
    figure = by_address(small(eight, ASAS20))[f"{AT} responders"]

    assert figure.denominator_note == (
        "2 of 9 patients; 1 not due yet; 4 without a value; 1 open: missing values could turn the answer; "
        "1 answered, with a domain missing"
    )


def test_the_bounds_take_the_unknown_as_no_and_as_yes(eight: Facts) -> None:
    found = by_address(small(eight, ASAS20))

    assert found[f"{AT} lowest possible"].text == "1 of 8 (13%)"
    assert found[f"{AT} highest possible"].text == "6 of 8 (75%)"


def test_it_is_told_who_died_was_lost_or_was_not_seen(eight: Facts) -> None:
    found = by_address(small(eight, ASAS20))

    names = ("due", "died", "lost", "stopped before", "not seen", "off the drug")
    assert [found[f"{AT} {name}"].value for name in names] == [8, 1, 1, 0, 2, 0]


def test_not_seen_are_those_without_a_value_whom_nothing_else_explains(eight: Facts) -> None:
    found = by_address(small(eight, ASAS20))

    explained = [found[f"{AT} {name}"].value for name in ("died", "lost", "stopped before")]
    assert (explained, found[f"{AT} not seen"].value) == ([1, 1, 0], 2)
    assert "; 4 without a value;" in str(found[f"{AT} responders"].denominator_note)
    assert not [each.address for each in found.values() if "not seen" in str(each.denominator_note)]


def test_the_domains_of_an_answer_come_from_one_visit_unless_value_by_value_is_asked(registry: Registry) -> None:
    registry.record_visit("P-1", visited_on="2002-01-14", measures=assessed(60, 60, 60, 60))
    registry.record_visit("P-1", visited_on="2004-06-01", measures=assessed(30, 30, None, None))
    registry.record_visit("P-1", visited_on="2004-08-01", measures=assessed(None, None, 30, 30))
    facts = facts_at(registry, as_of="2006-01-01")

    figures = [by_address(small(facts, ASAS20 + keys))[f"{AT} responders"] for keys in ("", "same_visit = false\n")]

    assert [(each.numerator, each.denominator) for each in figures] == [(0, 0), (1, 1)]


def test_a_phone_call_nearer_to_the_target_displaces_no_visit(registry: Registry) -> None:
    registry.record_visit("P-1", visited_on="2002-01-14", measures=assessed(60, 60, 60, 60))
    registry.record_visit("P-1", visited_on="2004-05-01", measures=assessed(30, 30, 30, 30))
    registry.record_visit("P-1", visited_on="2004-07-02", measures={"patient_global": 90})

    figure = by_address(small(facts_at(registry, as_of="2006-01-01"), ASAS20))[f"{AT} responders"]

    assert (figure.numerator, figure.denominator) == (1, 1)


def test_at_a_baseline_what_lies_before_day_0_precedes_what_lies_nearer_but_after(registry: Registry) -> None:
    registry.enrol_patient("B-1", enrolled_on="2001-01-14")
    registry.start_treatment("B-1", agent="infliximab", started_on="2002-01-14")
    for day, mm in (("2001-12-20", 60), ("2002-01-15", 30), ("2004-07-01", 30)):
        registry.record_visit("B-1", visited_on=day, measures=assessed(mm, mm, mm, mm))

    figure = by_address(treated(registry))[f"{AT} responders"]

    assert (figure.numerator, figure.denominator) == (1, 1)


def treated(registry: Registry, keys: str = "") -> Cohort:
    """The cohort from the first course of infliximab on, in 2006."""
    text = SMALL.replace('event = "enrolment"', 'event = "course"\nof = ["infliximab"]')
    return cohort(parsed(f"{text}{ASAS20}{keys}".encode()), facts_at(registry, as_of="2006-01-01"))


@pytest.fixture
def four_treated(registry: Registry) -> Registry:
    """Four with a response, of whom one stopped three weeks before the visit and one the day before it.

    A fifth stopped and was not seen, a sixth was enrolled a month after the course began.
    """
    stops = {"T-1": None, "T-2": None, "T-3": "2004-06-10", "T-4": "2004-06-30", "T-5": "2003-05-01", "T-6": None}
    for patient, stopped_on in stops.items():
        registry.enrol_patient(patient, enrolled_on="2002-02-14" if patient == "T-6" else "2002-01-01")
        ended = {"stopped_on": stopped_on, "stop_reason": "other"} if stopped_on else {}
        registry.start_treatment(patient, agent="infliximab", started_on="2002-01-14", **ended)
        seen_on = "2002-02-14" if patient == "T-6" else "2002-01-14"
        registry.record_visit(patient, visited_on=seen_on, measures=assessed(60, 60, 60, 60))
        if patient != "T-5":
            registry.record_visit(patient, visited_on="2004-07-01", measures=assessed(30, 30, 30, 30))
    return registry


@pytest.mark.parametrize(
    ("keys", "responders", "of"),
    [
        ("", 4, 4),
        ('on_drug = "only"', 3, 3),
        ('on_drug = "stopped-is-no"', 3, 5),
        ('on_drug = "stopped-is-no"\nlag = 0', 2, 5),
        ("late_entrants = true", 5, 5),
    ],
)
def test_who_stopped_counts_as_it_is_asked_and_who_entered_late_only_where_that_is_named(
    four_treated: Registry, keys: str, responders: int, of: int
) -> None:
    figure = by_address(treated(four_treated, keys))[f"{AT} responders"]

    assert (figure.numerator, figure.denominator) == (responders, of)


def test_how_many_are_off_the_drug_stands_beside_the_rate(four_treated: Registry) -> None:
    found = by_address(treated(four_treated))

    assert found[f"{AT} off the drug"].value == 2
    assert found[f"{AT} stopped before"].value == 1
    assert found[f"{AT} responders"].denominator_note == (
        "4 of 6 patients; 1 whose observation began after day 0; 1 without a value; 2 of 5 due off the drug"
    )


def test_a_day_0_known_to_the_year_counts_at_no_time_point(registry: Registry) -> None:
    registry.start_treatment("P-1", agent="infliximab", started_on="2002")
    registry.record_visit("P-1", visited_on="2002-07-01", measures=assessed(60, 60, 60, 60))
    registry.record_visit("P-1", visited_on="2004-09-01", measures=assessed(30, 30, 30, 30))

    figure = by_address(treated(registry))[f"{AT} responders"]

    assert (figure.denominator, figure.denominator_note) == (
        0,
        "0 of 1 patient; 1 whose day 0 is known to the year only",
    )
