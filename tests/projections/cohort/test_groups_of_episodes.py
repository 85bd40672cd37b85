"""Groups of a cohort of which a patient has several rows, each an episode of treatment."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from projections.cohort.all_tables import figures
from projections.cohort.definition_file import parsed
from projections.cohort.figures.address import Address
from projections.cohort.figures.figures import Figure
from projections.cohort.members.cohort import Cohort
from projections.datasets.cohort_members import cohort_members
from projections.statistics.rate_ratio import rate_ratio_of_patients
from registry import Registry
from tests.projections.cohort.defined import SMALL, by_address, cohort

ROWS_OF_PATIENTS = SMALL.replace('"enrolment"', '"line"\nlines = "1.."\nwhich = "all"')
TABLES = """
[tables.characteristics]
[tables.medication]
[tables.clinical]
measures = ["crp"]
[tables.responders]
criteria = ["basdai50"]
[tables.rates]
conditions = ["uveitis"]
[tables.safety]
[tables.survival]
points = true
"""
OVER_TIME = """
[tables.characteristics]
prior_therapies = true
completeness = true
[tables.trajectory]
[tables.lines]
[tables.nsaid]
days = [0, 100, 450]
[tables.switch]
[tables.safety]
lag = 30
[tables.progression]
measures = ["crp"]
threshold = 1
unit = "interval"
"""
MEN_AND_WOMEN = '[groups]\nby = "sex"\nlevels = { women = "female", men = "male" }\ntests = true\n'
BY_LINE = '[groups]\nby = "line"\nlevels = { naive = "1", switched = "2" }\n'
BEGIN = date(2002, 3, 1)
SEXES = {"P-2": "female", "P-3": "male", "P-4": "female", "P-5": "male", "P-6": "female", "P-7": "male"}


def after(days: int) -> date:
    return BEGIN + timedelta(days=days)


@pytest.fixture
def switched(registry: Registry) -> Registry:
    """Six patients, each on adalimumab for 400 days and on etanercept since, with as many rashes as the pseudonym."""
    for patient, sex in SEXES.items():
        number = int(patient[-1])
        registry.enrol_patient(patient, enrolled_on=BEGIN, sex=sex, birth_year=1960 + number)
        registry.start_treatment(patient, agent="adalimumab", started_on=BEGIN, stopped_on=after(400))
        registry.start_treatment(patient, agent="etanercept", started_on=after(400 + number))
        for day in (0, 400 + number, 900, 1300 + number):
            registry.record_visit(patient, visited_on=after(day), measures={"crp": str(day % (7 + number))})
        for event in range(number):
            registry.record_adverse_event(patient, term="rash", started_on=after(150 * (event + 1)))
        dose = {"dose": str(50 * number), "dose_unit": "mg", "frequency": "daily"}
        registry.start_treatment(patient, agent="diclofenac", started_on=after(50), stopped_on=after(300), **dose)
    registry.record_condition("P-2", condition="uveitis", started_on=after(100))
    registry.record_condition("P-3", condition="uveitis", started_on=after(500))
    return registry


def defined(registry: Registry, groups: str, tables: str = TABLES) -> Cohort:
    text = f"{ROWS_OF_PATIENTS}\n{tables}\n[statistics]\nresamples = 200\n{groups}"
    return cohort(parsed(text.encode()), registry)


def placed(of: Cohort) -> dict[Address, Figure]:
    return {each.address: each.figure for each in figures(of)}


@pytest.mark.parametrize("tables", [TABLES, OVER_TIME])
@pytest.mark.parametrize(("name", "sex"), [("women", "female"), ("men", "male")])
def test_a_group_of_rows_has_the_figures_of_a_cohort_of_its_patients_alone(
    switched: Registry, name: str, sex: str, tables: str
) -> None:
    whole = defined(switched, MEN_AND_WOMEN, tables)
    alone = placed(defined(switched, f'[who]\nsex = ["{sex}"]\n', tables))
    found = {
        address._replace(group=""): figure._replace(group="")
        for address, figure in placed(whole).items()
        if address.group == name
    }

    assert (whole.n, len(alone) > 100) == (12, True)
    assert alone.items() <= found.items()


def test_rows_of_patients_are_not_tested_between_groups_nor_within_them_and_say_why(switched: Registry) -> None:
    found = placed(defined(switched, MEN_AND_WOMEN))

    tests = {address for address in found if address.statistic.rpartition(" ")[2] == "p" or " p " in address.statistic}
    between = {address for address in found if address.statistic.startswith("p of ")}
    assert {address.table for address in between} >= {"clinical", "rates", "safety", "survival"}
    assert {found[address].p_value for address in tests | between} == {None}
    assert found[Address("clinical", "crp", "baseline", "p of mean between groups")].reason == "rows-not-independent"
    assert found[Address("clinical", "crp", "baseline → 2 years", "p", "men")].reason == "rows-not-independent"
    assert {found[address].value for address in found if address.statistic == "tests"} == {0}
    apart = found[Address("clinical", "crp", "baseline", "difference of mean", "men")]
    assert (apart.value is None, apart.ci_low, apart.reason) == (False, None, "rows-not-independent")


def test_rates_of_groups_are_compared_by_drawing_patients_with_all_rows(switched: Registry) -> None:
    whole = defined(switched, MEN_AND_WOMEN, "[tables.rates]\n")
    found = by_address(whole)["rates / adverse events / from day 0 / rate ratio by patients / men"]

    seen = {patient: (1300 + int(patient[-1])) / 365.25 for patient in SEXES}
    men, women = (
        np.array([[int(each[-1]), seen[each]] for each in SEXES if SEXES[each] == sex], dtype=float)
        for sex in ("male", "female")
    )
    options = whole.options
    drawn = rate_ratio_of_patients(men, women, level=options.level, resamples=200, seed=options.seed)
    assert (found.value, found.ci_low, found.ci_high) == pytest.approx((drawn.value, drawn.low, drawn.high), rel=1e-12)


def test_a_patient_in_two_groups_by_different_rows_leaves_their_ratio_without_limits(switched: Registry) -> None:
    found = by_address(defined(switched, BY_LINE, "[tables.rates]\n"))

    assert found["rates / groups /  / n / naive"].value == found["rates / groups /  / n / switched"].value == 6
    assert found["rates / adverse events / from day 0 / n / naive"].value == 2 * 6  # on days 150 and 300
    assert found["rates / adverse events / from day 0 / n / switched"].value == 5 + 4 + 3 + 2 + 1
    for statistic in ("rate ratio", "rate ratio by patients"):
        ratio = found[f"rates / adverse events / from day 0 / {statistic} / switched"]
        assert (ratio.value is None, ratio.ci_low, ratio.reason) == (False, None, "rows-not-independent")


def test_a_row_whose_time_ended_before_the_landmark_is_in_no_group(switched: Registry) -> None:
    groups = '[groups]\nby = "uveitis"\nlandmark = 450\n'
    found = by_address(defined(switched, groups, "[tables.rates]\n"))

    assert found["rates / groups /  / in none"].value == 6
    assert found["rates / groups /  / in none"].denominator_note == "6 not under observation on day 450"
    assert found["rates / groups /  / n / yes"].value == 2


def test_members_in_a_data_set_have_their_groups(switched: Registry) -> None:
    found = cohort_members(defined(switched, BY_LINE))

    assert found["group"].to_pylist() == ["naive", "switched"] * 6
    assert found["line"].to_pylist() == [1, 2] * 6


def test_an_interval_that_reaches_beyond_the_next_day_0_was_not_observed_throughout(switched: Registry) -> None:
    found = by_address(defined(switched, BY_LINE, "[tables.nsaid]\ndays = [0, 100, 450]\n"))

    first, second = (
        found[f"nsaid / NSAID index / {days} / known / naive"] for days in ("day 0 to day 100", "day 100 to day 450")
    )
    assert (first.numerator, second.numerator) == (6, 0)
    assert found["nsaid / NSAID index / day 100 to day 450 / known / switched"].numerator == 6
    assert found["nsaid / NSAID index / day 0 to day 100 / lowest / switched"].value == 0


def test_who_switched_within_the_time_of_a_row_is_told_by_group(switched: Registry) -> None:
    found = by_address(defined(switched, BY_LINE, "[tables.switch]\n"))

    assert found["switch / switch / from day 0 / patients / naive"].numerator == 6
    assert found["switch / switch / from day 0 / patients / switched"].numerator == 0
    assert found["switch / crp / at the switch / n / naive"].value == 6
    assert found["switch / crp / at the switch / n / switched"].value == 0


def test_lines_are_told_of_the_rows_whose_time_goes_on_at_a_time_point(switched: Registry) -> None:
    found = by_address(defined(switched, BY_LINE, "[tables.lines]\n"))

    late = {name: found[f"lines / line 2 / 2 years / percent / {name}"] for name in ("naive", "switched")}
    assert (late["naive"].denominator, late["switched"].numerator, late["switched"].denominator) == (0, 6, 6)


def test_with_a_lag_events_of_a_row_count_until_so_long_after_its_drug(switched: Registry) -> None:
    found = by_address(defined(switched, BY_LINE, "[tables.safety]\nlag = 1\n"))

    assert found["safety / rash / on the drug / n / naive"].value == 2 * 6
    rate = found["safety / rash / on the drug / per 100 patient-years / naive"]
    assert rate.denominator == pytest.approx(6 * 401 / 365.25)
