"""Responders: Figure 1 of the anakinra study, and patients of whom the answer is open."""

from __future__ import annotations

import pytest

from registry import Registry
from tests.projections.cohort.defined import by_address, of_paper, small

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

    found = by_address(small(registry, TABLE))

    figure = found[f"{AT_2_YEARS} responders"]
    assert (figure.numerator, figure.denominator, figure.n_patients) == (1, 2, 2)
    assert figure.denominator_note == "2 of 5 patients; 2 not seen; 1 not seen at baseline"
    imputed = found[f"{AT_2_YEARS} responders, non-responder imputation"]
    assert (imputed.numerator, imputed.denominator) == (1, 5)
    assert imputed.denominator_note == "5 of 5 patients; 3 imputed as no response"


def test_nobody_seen_is_a_reason_and_no_percentage(registry: Registry) -> None:
    figure = by_address(small(registry, TABLE))[f"{AT_2_YEARS} responders"]

    assert (figure.value, figure.reason) == (None, "nothing-given")
