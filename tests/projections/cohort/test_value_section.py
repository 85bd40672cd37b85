"""The section `values` of a cohort file: of what an index may be made, and how that is told."""

from __future__ import annotations

import pytest

from projections.clinical.visit_values import STRICT, ValueRule
from projections.cohort.definition_file import parsed
from registry.toml_keys import DefinitionError

USUAL = 'cohort = "all"\n[[time_points]]\nname = "baseline"\nday = 0\n[tables.clinical]\n'


def rule_of(section: str) -> ValueRule:
    return parsed(f"{USUAL}{section}".encode()).values


def test_without_the_section_values_of_one_day_make_an_index_and_nothing_is_prorated() -> None:
    assert rule_of("") == STRICT == ValueRule(combine_days=0, prorate=())


def test_days_that_are_joined_and_what_is_prorated_are_named() -> None:
    assert rule_of('[values]\ncombine = "10 days"\nprorate = ["basfi"]') == ValueRule(10, ("basfi",))


@pytest.mark.parametrize(
    ("section", "problem"),
    [
        ('combine = "93 days"', r"values\.combine: '93 days' is not within 0 to 92 days; write days, as '7 days'"),
        ('combine = "2 months"', r"values\.combine: '2 months' is not within 0 to 92 days; write days, as '7 days'"),
        ('combine = "soon"', r"values\.combine: 'soon' is not a length of time"),
        ('prorate = ["asdas_crp"]', r"values\.prorate: 'asdas_crp' is not one of"),
        ('combined = "7 days"', r"values\.combined: is not a key here; did you mean 'combine'\?"),
    ],
)
def test_a_choice_that_cannot_be_is_refused_with_its_key(section: str, problem: str) -> None:
    with pytest.raises(DefinitionError, match=problem):
        rule_of(f"[values]\n{section}")
