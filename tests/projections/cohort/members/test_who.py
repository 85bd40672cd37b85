"""Who is in a cohort by what was recorded at enrolment, given before, and measured at the first time point."""

from __future__ import annotations

import pytest

from projections.cohort.definition.comparisons import compared
from projections.cohort.members.cohort import Cohort
from registry import Registry
from registry.catalogue.catalogue import BUILT_IN
from registry.errors import FormatError
from registry.toml_keys import DefinitionError
from tests.projections.cohort.defined import by_address, small


def told(cohort: Cohort, after: str) -> list[tuple[str, int, int]]:
    """The steps of the flow from one on."""
    steps = [tuple(step) for step in cohort.flow]
    return steps[[name for name, *_ in steps].index(after) :]


def test_without_criteria_leaves_out_who_has_one_and_first_who_has_none_recorded(registry: Registry) -> None:
    registry.enrol_patient("P-2", enrolled_on="2002-01-14", criteria=["mNY", "ASAS-axSpA"])
    registry.enrol_patient("P-3", enrolled_on="2002-01-14", criteria=["ASAS-axSpA"])
    registry.enrol_patient("P-4", enrolled_on="2002-01-14")

    found = small(registry, '[who]\nwithout_criteria = ["mNY"]\n')

    assert found.members == ["P-3"]
    (recorded, others) = told(found, "criteria recorded")
    assert recorded[1] - others[1] == others[2] == 1
    assert recorded[2] >= 1


@pytest.mark.parametrize(
    ("when", "members"),
    [("", ["P-2"]), ('conditions = "ever"\n', ["P-2", "P-3"]), ('conditions = "before-day-0"\n', ["P-2"])],
)
def test_a_condition_is_asked_for_before_day_0_or_at_any_time(
    registry: Registry, when: str, members: list[str]
) -> None:
    for patient, day in (("P-2", "2001-05-01"), ("P-3", "2003-05-01")):
        registry.enrol_patient(patient, enrolled_on="2002-01-14")
        registry.record_condition(patient, condition="uveitis", started_on=day)

    assert small(registry, f'[who]\nwith_conditions = ["uveitis"]\n{when}').members == members
    assert set(small(registry, f'[who]\nwithout_conditions = ["uveitis"]\n{when}').members).isdisjoint(members)


def test_naive_is_who_was_given_none_of_the_named_before_day_0(registry: Registry) -> None:
    for patient in ("P-2", "P-3", "P-4"):
        registry.enrol_patient(patient, enrolled_on="2002-01-14")
    registry.start_treatment("P-1", agent="infliximab", started_on="2001-03-01", stopped_on="2001-09-01")
    registry.start_treatment("P-2", agent="infliximab", started_on="2002-01-14")
    registry.start_treatment("P-3", agent="naproxen", started_on="2001-03-01")

    found = small(registry, '[who]\nnaive_to = ["TNFi"]\n')

    assert found.members == ["P-2", "P-3", "P-4"]
    assert found.flow[-1] == ("naive to TNFi", 3, 1)


def test_the_age_is_that_on_day_0_in_completed_years_and_an_unknown_one_leaves_out(registry: Registry) -> None:
    for patient, year in (("P-2", 1984), ("P-3", 1983), ("P-4", 1936), ("P-5", 1937), ("P-6", None)):
        registry.enrol_patient(patient, enrolled_on="2002-01-14", birth_year=year)

    found = small(registry, '[who]\nage = "18..64"\n')

    assert set(found.members) & {"P-2", "P-3", "P-4", "P-5", "P-6"} == {"P-3", "P-5"}  # of 1 July, as durations are
    assert [step.name for step in found.flow][-2:] == ["birth year known", "age 18..64 on day 0"]


def test_values_at_the_first_time_point_are_compared_and_who_has_none_is_a_step_of_its_own(registry: Registry) -> None:
    for patient, crp in (("P-2", "5"), ("P-3", "5.01"), ("P-4", "<4"), ("P-5", "<9")):
        registry.enrol_patient(patient, enrolled_on="2002-01-14")
        registry.record_visit(patient, visited_on="2002-01-14", measures={"crp": crp})

    found = small(registry, '[who]\nbaseline = ["crp > 5 mg/l"]\n')

    assert found.members == ["P-3"]
    assert [tuple(step) for step in found.flow[-2:]] == [
        ("crp > 5 mg/l can be said at baseline", 3, 2),
        ("crp > 5 mg/l at baseline", 1, 2),
    ]


def test_a_criterion_of_ones_own_counts_wherever_criteria_do(registry: Registry) -> None:
    for patient, later in (("P-2", "3.9"), ("P-3", "4.0")):
        registry.enrol_patient(patient, enrolled_on="2002-01-14")
        for day, value in (("2002-01-14", "6"), ("2004-07-01", later)):
            registry.record_visit(patient, visited_on=day, measures={"basdai": value})
    text = """
[[criteria]]
name = "basdai<4"
met = "basdai < 4"

[tables.responders]
criteria = ["basdai<4"]
impute = ["nri"]
"""

    found = by_address(small(registry, text))

    responders = found["responders / basdai<4 / 2 years / responders"]
    assert (responders.numerator, responders.denominator) == (1, 2)
    imputed = found["responders / basdai<4, nri / 2 years / responders"]
    beside = found["responders / basdai<4 / 2 years / responders, non-responder imputation"]
    assert (imputed.numerator, imputed.value) == (1, beside.value)


@pytest.mark.parametrize("text", ["crp > 5 mg/L", "crp > 5 MG/L", "crp>5 mg/l"])
def test_a_unit_may_be_written_in_upper_or_lower_case_as_in_a_table_that_is_imported(text: str) -> None:
    comparison = compared(text, BUILT_IN)

    assert (comparison.measure, comparison.text) == ("crp", text)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("basdai", "'basdai' is not a comparison or a state"),
        ("basday < 4", "'basday' is not a measure or an index"),
        ("basdai < four", "'four' is not a number"),
        ("basdai < 4 and crp > 5", "'and crp > 5' is not the unit of basdai"),
        ("crp > 5 mg/dl", "'mg/dl' is not the unit of crp, which is mg/l"),
        ("4 < basdai", "'4 < basdai' is not a comparison"),
        ("basdai + 1 > 4", "'basdai + 1 > 4' is not a comparison"),
        ("asas40", "'asas40' is not a comparison or a state"),
    ],
)
def test_what_is_no_single_small_comparison_is_refused(text: str, problem: str) -> None:
    with pytest.raises(FormatError) as refusal:
        compared(text, BUILT_IN)

    assert problem in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('[[criteria]]\nname = "a"\nmet = "a"\n', "criteria[1].met: 'a' is a criterion of this file"),
        ('[[criteria]]\nname = "asas40"\nmet = "basdai < 4"\n', "criteria[1].name: 'asas40' is the name of another"),
        ('[[criteria]]\nname = "a"\n', "criteria[1].met: is missing"),
        ('[who]\nbaseline = ["crp >"]\n', "who.baseline: 'crp >' is not a comparison"),
        ('[who]\nage = "old"\n', "who.age: 'old' is no span of numbers from 0 to 130"),
        (
            '[who]\nwith = ["uveitis"]\nwith_conditions = ["psoriasis"]\n',
            "who.with: says what with_conditions says too",
        ),
        ('[who]\ncriteria = ["mNY"]\nwithout_criteria = ["mNY"]\n', "who.without_criteria: excludes all that"),
    ],
)
def test_a_key_of_who_that_cannot_be_used_is_refused_with_its_place(
    registry: Registry, text: str, problem: str
) -> None:
    with pytest.raises(DefinitionError) as refusal:
        small(registry, text)

    assert any(each.startswith(problem) for each in refusal.value.problems), refusal.value.problems
