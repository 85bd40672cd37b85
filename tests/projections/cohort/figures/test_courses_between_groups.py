"""Tests and differences between groups of what follows from courses: lines, NSAIDs, switches; beside SciPy."""

from __future__ import annotations

import pytest
from scipy import stats

from projections.cohort.figures.figures import Figure
from registry import Registry
from tests.projections.cohort.defined import by_address, small
from tests.projections.cohort.tables.test_nsaid import Intake, take
from tests.projections.cohort.tables.test_switch import treat

MEN, WOMEN = ("Q-1", "Q-2", "Q-3", "Q-4"), ("R-1", "R-2", "R-3")
BY_SEX = '[groups]\nby = "sex"\nlevels = { men = "male", women = "female" }\n'
YEAR = "day 0 to day 365"


def enrol(registry: Registry) -> None:
    """Four men and three women, all seen in 2006; P-1 is of unknown sex."""
    for sex, patients in (("male", MEN), ("female", WOMEN)):
        for patient in patients:
            registry.enrol_patient(patient, enrolled_on="2002-01-14", sex=sex)
            registry.record_visit(patient, visited_on="2006-01-01", measures={})


def table(registry: Registry, name: str, text: str = "") -> dict[str, Figure]:
    found = by_address(small(registry, f"[tables.{name}]\n{text}{BY_SEX}"))
    return {address.removeprefix(f"{name} / "): figure for address, figure in found.items()}


def test_the_line_of_therapy_is_compared_as_one_word_a_member_at_each_time_point(registry: Registry) -> None:
    enrol(registry)
    for patient in ("Q-1", "Q-2", "Q-3", "R-1"):
        registry.start_treatment(patient, agent="adalimumab", started_on="2001-01-01")
    registry.start_treatment("R-2", agent="etanercept", started_on="2003-01-01")

    found = table(registry, "lines")

    expected = stats.chi2_contingency([[1, 3], [2, 1]], correction=False)
    test = found["line of therapy / baseline / p of percent between groups"]
    assert (test.value, test.p_value) == pytest.approx((expected.statistic, expected.pvalue), rel=1e-12)
    assert test.denominator_note == "men 4, women 3"
    exact = found["line of therapy / baseline / p of percent between groups, Fisher"]
    assert exact.p_value == pytest.approx(stats.fisher_exact([[1, 3], [2, 1]]).pvalue, rel=1e-12)
    apart = found["line of therapy / 2 years / standardised difference of percent / women"]
    spread = ((3 / 4 * 1 / 4 + 2 / 3 * 1 / 3) / 2) ** 0.5
    assert abs(apart.value or 0) == pytest.approx((3 / 4 - 2 / 3) / spread, rel=1e-12)


def test_the_nsaid_index_and_who_took_none_are_compared_among_those_whose_index_is_known(registry: Registry) -> None:
    enrol(registry)
    doses = {"Q-1": "75", "Q-2": "75", "Q-3": "37.5", "R-1": "37.5", "R-2": "15"}  # indices 100, 100, 50, 50, 20
    for patient, dose in doses.items():
        registry.start_treatment(
            patient,
            agent="diclofenac",
            started_on="2001-01-01",
            dose=dose,
            dose_unit="mg",
            frequency="twice daily",
        )
    registry.start_treatment("Q-4", agent="diclofenac", started_on="2001-01-01")  # no dose: no index
    take(registry, "P-1", Intake("diclofenac", "2001-01-01", None, "75"))

    found = table(registry, "nsaid")

    men, women = [100, 100, 50], [50, 20, 0]
    expected = stats.ttest_ind(women, men, equal_var=False)
    test = found[f"NSAID index / {YEAR} / p of mean between groups"]
    assert (test.value, test.p_value) == pytest.approx((expected.statistic, expected.pvalue), rel=1e-12)
    assert test.denominator_note == "men 3, women 3"
    assert found[f"NSAID index / {YEAR} / difference of mean / women"].value == pytest.approx(70 / 3 - 250 / 3)
    none = found[f"no NSAID / {YEAR} / p of patients between groups"]
    assert none.p_value == pytest.approx(stats.chi2_contingency([[3, 0], [2, 1]], correction=False).pvalue, rel=1e-12)
    high = found[f"index at least 50 / {YEAR} / p of patients between groups"]
    assert high.p_value == pytest.approx(stats.chi2_contingency([[0, 3], [2, 1]], correction=False).pvalue, rel=1e-12)


@pytest.fixture
def switched(registry: Registry) -> Registry:
    """Of four men three switch, after 10, 20 and 40 days, of three women two, after 30 and 90; one woman returns."""
    enrol(registry)
    on = {"Q-1": "2002-01-24", "Q-2": "2002-02-03", "Q-3": "2002-02-23", "R-1": "2002-02-13", "R-2": "2002-04-14"}
    basfi = {"Q-1": "2", "Q-2": "4", "Q-3": "6", "R-1": "5", "R-2": "7", "Q-4": "9"}
    for patient, day in on.items():
        registry.start_treatment(
            patient, agent="adalimumab", started_on="2001-01-01", stopped_on=day, stop_reason="adverse-event"
        )
        registry.start_treatment(patient, agent="secukinumab", started_on=day, stopped_on="2004-01-01")
        registry.record_visit(patient, visited_on=day, measures={"basfi": basfi[patient]})
    registry.record_visit("Q-4", visited_on="2002-02-01", measures={"basfi": basfi["Q-4"]})
    registry.start_treatment("R-2", agent="adalimumab", started_on="2004-01-02")
    return registry


def test_who_switched_and_after_how_many_days_is_compared(switched: Registry) -> None:
    found = table(switched, "switch", 'measures = ["basfi"]\n')

    p = found["switch / from day 0 / p of patients between groups"].p_value
    assert p == pytest.approx(stats.chi2_contingency([[1, 3], [1, 2]], correction=False).pvalue, rel=1e-12)
    assert found["return / from day 0 / patients / women"].text == "1 of 3 (33.3%)"
    returned = found["return / from day 0 / p of patients between groups"].p_value
    assert returned == pytest.approx(stats.chi2_contingency([[4, 0], [2, 1]], correction=False).pvalue, rel=1e-12)
    days = found["switch / from day 0 / p of days mean between groups"]
    assert days.p_value == pytest.approx(stats.ttest_ind([30, 90], [10, 20, 40], equal_var=False).pvalue, rel=1e-12)
    assert found["switch / from day 0 / p of days median between groups"].denominator_note == "men 3, women 2"


def test_measures_around_the_switch_are_compared_among_those_who_switched(switched: Registry) -> None:
    found = table(switched, "switch", 'measures = ["basfi"]\n')

    at = "basfi / at the switch / "
    means = [found[f"{at}mean / {sex}"].value for sex in ("men", "women")]
    assert means == [4, 6]
    test = found[f"{at}p of mean between groups"]
    assert test.p_value == pytest.approx(stats.ttest_ind([5, 7], [2, 4, 6], equal_var=False).pvalue, rel=1e-12)
    assert test.denominator_note == "men 3, women 2"
    assert found["groups /  / tests"].value == sum(
        figure.p_value is not None for address, figure in found.items() if "p of" in address and "between" in address
    )


def test_a_single_group_of_switchers_has_no_test_and_says_why(registry: Registry) -> None:
    enrol(registry)
    treat(registry, "P-1")
    registry.start_treatment("Q-1", agent="adalimumab", started_on="2001-01-01", stopped_on="2002-02-01")
    registry.start_treatment("Q-1", agent="secukinumab", started_on="2002-02-01")

    days = table(registry, "switch")["switch / from day 0 / p of days mean between groups"]

    assert (days.p_value, days.reason) == (None, "group-without-values")
