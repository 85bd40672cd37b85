"""Tests and differences between groups, beside SciPy on the same values and beside sums by hand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from scipy import stats

from projections.cohort.definition_file import parsed
from projections.cohort.figures.figures import Figure
from projections.cohort.members.cohort import Cohort
from registry import Registry
from tests.projections.cohort.defined import by_address, cohort, of_paper, small
from tests.projections.cohort.grouped import ON_DRUG, in_groups

BEGIN = date(2002, 1, 14)
CRP = {"P-1": 1, "Q-2": 4, "Q-3": 8, "Q-4": 2, "Q-5": 9, "Q-6": 3, "Q-7": 12, "Q-8": 5, "Q-9": 6}
OF_CENTRE = {"A": ("Q-2", "Q-3", "Q-4"), "B": ("Q-5", "Q-6", "Q-7"), "C": ("Q-8", "Q-9")}
CLINICAL = '\n[tables.clinical]\nmeasures = ["crp"]\n[groups]\nby = "centre"\n'
RATES = "\n[tables.rates]\n"


def after(days: int) -> date:
    return BEGIN + timedelta(days=days)


@pytest.fixture
def centres(registry: Registry) -> Registry:
    """Three centres of three, three and two patients with a CRP each; P-1 is of none."""
    for centre, patients in OF_CENTRE.items():
        for patient in patients:
            registry.enrol_patient(patient, enrolled_on=BEGIN, centre=centre)
    for patient, crp in CRP.items():
        registry.record_visit(patient, visited_on=BEGIN, measures={"crp": str(crp)})
    return registry


def at_baseline(found: dict[str, Figure], statistic: str, group: str = "") -> Figure:
    return found[" / ".join(["clinical", "crp", "baseline", statistic, *([group] if group else [])])]


def values(centre: str) -> list[int]:
    return [CRP[patient] for patient in OF_CENTRE[centre]]


def test_ranks_of_several_groups_are_compared_as_scipy_does_and_who_is_in_none_is_no_part_of_it(
    centres: Registry,
) -> None:
    found = by_address(small(centres, CLINICAL))

    expected = stats.kruskal(*(values(centre) for centre in "ABC"))
    test = at_baseline(found, "p of median between groups")
    assert (test.value, test.p_value) == pytest.approx((expected.statistic, expected.pvalue), rel=1e-12)
    assert (test.denominator, test.denominator_note) == (8, "A 3, B 3, C 2")
    assert at_baseline(found, "n").value == 9
    assert found["clinical / groups /  / in none"].value == 1
    assert found["clinical / groups /  / in none"].denominator_note == "1 of whom centre is not known"


def test_means_of_two_groups_are_compared_by_welchs_t_of_the_other_minus_the_reference(centres: Registry) -> None:
    text = CLINICAL + 'levels = { one = "A", other = "B" }\nreference = "other"\n'
    found = by_address(small(centres, text))

    expected = stats.ttest_ind(values("A"), values("B"), equal_var=False)
    limits = expected.confidence_interval(0.95)
    test = at_baseline(found, "p of mean between groups")
    assert (test.value, test.p_value) == pytest.approx((expected.statistic, expected.pvalue), rel=1e-12)
    difference = at_baseline(found, "difference of mean", "one")
    assert (difference.value, difference.ci_low, difference.ci_high) == pytest.approx(
        (sum(values("A")) / 3 - sum(values("B")) / 3, limits.low, limits.high), rel=1e-12
    )
    assert difference.variant == "difference of means: group minus reference, against other"
    assert difference.unit == "mg/l"


def test_the_standardised_difference_is_by_the_average_of_the_two_variances(centres: Registry) -> None:
    found = by_address(small(centres, CLINICAL))

    one, other = values("B"), values("A")
    spread = ((stats.tvar(one) + stats.tvar(other)) / 2) ** 0.5
    apart = at_baseline(found, "standardised difference of mean", "B")
    assert apart.value == pytest.approx((sum(one) / 3 - sum(other) / 3) / spread, rel=1e-12)


def test_fishers_test_stands_beside_chi_squared_where_fewer_than_5_are_expected(published: Registry) -> None:
    """Of 17 men 14 and of 5 women 2 have active erosions at baseline."""
    found = by_address(in_groups(of_paper("baraliakos2013", published, "lesions", resamples=100), 'by = "sex"'))

    row = "lesions / active-erosions / baseline / "
    men, women = (found[f"{row}patients / {sex}"] for sex in ("male", "female"))
    table = [[men.numerator, 17 - men.numerator], [women.numerator, 5 - women.numerator]]  # type: ignore[operator]
    assert table == [[14, 3], [2, 3]]
    expected = stats.chi2_contingency(table, correction=False)
    assert found[f"{row}p of patients between groups"].p_value == pytest.approx(expected.pvalue, rel=1e-12)
    exact = found[f"{row}p of patients between groups, Fisher"]
    assert exact.p_value == pytest.approx(stats.fisher_exact(table).pvalue, rel=1e-9)


def kept(registry: Registry, text: str) -> dict[str, Figure]:
    """Retention of eight courses, by centre."""
    stops = {"Q-2": 30, "Q-3": 200, "Q-4": 90, "Q-5": 400, "Q-6": None, "Q-7": 310, "Q-8": 150, "Q-9": None}
    for patient, stop in stops.items():
        course = registry.start_treatment(patient, agent="adalimumab", started_on=after(0))
        if stop is not None:
            registry.stop_treatment(course, stopped_on=after(stop), stop_reason="loss-of-efficacy")
        registry.record_visit(patient, visited_on=after(500), measures={"esr": "5"})
    definition = parsed(f"{ON_DRUG}\n[tables.survival]\n[groups]\n{text}\n".encode())
    return by_address(cohort(definition, registry))


def test_curves_are_compared_by_log_rank(centres: Registry) -> None:
    found = kept(centres, 'by = "centre"\nlevels = { one = "A", other = "B" }')

    one = stats.CensoredData(uncensored=[30, 200, 90])
    other = stats.CensoredData(uncensored=[400, 310], right=[500])
    expected = stats.logrank(one, other)
    test = found["survival / retention /  / p of retention between groups"]
    assert test.value == pytest.approx(expected.statistic**2, rel=1e-9)
    assert test.p_value == pytest.approx(expected.pvalue, rel=1e-9)
    assert test.denominator_note == "one 3, other 3"


def test_gray_is_refused_where_anybody_comes_under_observation_late(centres: Registry) -> None:
    centres.enrol_patient("Q-10", enrolled_on=after(20), centre="A")
    centres.start_treatment("Q-10", agent="adalimumab", started_on=after(0))
    centres.record_visit("Q-10", visited_on=after(100), measures={"esr": "5"})
    found = kept(centres, 'by = "centre"')

    causes = found["survival / ended: loss-of-efficacy /  / p of cumulative incidence between groups"]
    assert (causes.p_value, causes.reason) == (None, "late-entries")
    assert found["survival / retention /  / p of retention between groups"].p_value is not None


def test_with_a_landmark_curves_are_of_those_at_risk_after_it(centres: Registry) -> None:
    found = kept(centres, 'by = "crp"\nlevels = { low = "..<5", high = "5.." }\nlandmark = 100')

    test = found["survival / retention /  / p of retention between groups"]
    assert test.denominator_note == "low 1, high 5"  # two had stopped by then
    assert found["survival / groups /  / n / low"].value == 3


@pytest.fixture
def flaring(centres: Registry) -> Registry:
    """Flares on days of centre A, 3 in two of three patients, and of B, 1; all observed for 100 days."""
    for patient in CRP:
        centres.record_visit(patient, visited_on=after(100), measures={"esr": "5"})
    for patient, day in (("Q-2", 20), ("Q-2", 60), ("Q-3", 50), ("Q-5", 40)):
        centres.start_flare(patient, started_on=after(day), basis="patient")
    return centres


def test_rates_are_compared_by_their_ratio_and_recurrent_ones_by_first_events_too(flaring: Registry) -> None:
    text = RATES + '[groups]\nby = "centre"\nlevels = { A = "A", B = "B" }\nreference = "B"\n'
    found = by_address(small(flaring, text))

    row = "rates / flares / from day 0 / "
    ratio = found[f"{row}rate ratio / A"]
    exact = stats.binomtest(3, 4).proportion_ci(0.95, "exact")
    assert ratio.value == pytest.approx(3)
    assert ratio.ci_low == pytest.approx(exact.low / (1 - exact.low), rel=1e-9)
    assert ratio.n_patients == 6
    test = found[f"{row}p of per 100 patient-years between groups / A"]
    assert test.p_value == pytest.approx(stats.binomtest(3, 4, 0.5).pvalue)
    first = found[f"{row}first events per 100 patient-years / A"]
    assert (first.numerator, first.denominator) == pytest.approx((2, (20 + 50 + 100) / 365.25))
    of_first = found[f"{row}rate ratio of first events / A"]
    assert of_first.value == pytest.approx((2 / 170) / (1 / 240))
    assert found[f"{row}rate ratio by patients / A"].value == pytest.approx(3)


def test_rates_from_a_landmark_on_count_neither_time_nor_events_before_it(flaring: Registry) -> None:
    text = RATES + '[groups]\nby = "uveitis"\nlandmark = 45\n'
    found = by_address(small(flaring, text))

    rate = found["rates / flares / from day 45 / per 100 patient-years / no"]
    assert (rate.numerator, rate.denominator) == pytest.approx((2, 9 * 55 / 365.25))


def test_rates_of_groups_of_drugs_count_time_on_the_drug_alone(flaring: Registry) -> None:
    for patient, agent in (("Q-2", "adalimumab"), ("Q-5", "secukinumab")):
        course = flaring.start_treatment(patient, agent=agent, started_on=after(0))
        flaring.stop_treatment(course, stopped_on=after(50))
    definition = parsed(f'{ON_DRUG}{RATES}[groups]\nby = "agent"\n'.encode())
    found = by_address(cohort(definition, flaring))

    rate = found["rates / flares / from day 0 / per 100 patient-years / adalimumab"]
    assert (rate.numerator, rate.denominator) == pytest.approx((1, 50 / 365.25))
    note = str(rate.denominator_note)
    assert "on the treatment of day 0" in note
    assert note.endswith("; 1 off the treatment of day 0 or outside observed time")


def test_no_p_stands_between_answers_that_are_imputed(centres: Registry) -> None:
    for patient in CRP:
        centres.record_visit(patient, visited_on=after(900), measures={"basdai": "4"})
    text = '\n[tables.responders]\ncriteria = ["basdai50"]\ndenominator = "all"\n[groups]\nby = "centre"\n'
    found = by_address(small(centres, text))

    test = found["responders / basdai50 / 2 years / p of responders between groups"]
    assert (test.p_value, test.reason) == (None, "imputed-answers")


def test_terms_of_events_that_none_of_a_group_had_stand_there_with_0(centres: Registry) -> None:
    centres.record_adverse_event("Q-2", term="rash", started_on=after(0))
    found = by_address(small(centres, '\n[tables.safety]\n[groups]\nby = "centre"\n'))

    assert [found[f"safety / rash / from day 0 / patients / {name}"].text for name in "ABC"] == [
        "1 of 3 (33%)",
        "0 of 3 (0%)",
        "0 of 2 (0%)",
    ]


def test_several_rows_of_a_patient_are_not_independent_and_are_not_tested(centres: Registry) -> None:
    whole: Cohort = small(centres, CLINICAL)
    whole.admitted = whole.admitted._replace(patients=["P-1", "Q-2", "Q-2", *whole.members[3:]])

    test = by_address(whole)["clinical / crp / baseline / p of mean between groups"]

    assert (test.p_value, test.reason) == (None, "rows-not-independent")
