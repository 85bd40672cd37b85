"""The modified New York and the ASAS criteria; all of their vectors are used."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.catalogue.codes import CLASSIFICATION_CRITERIA
from registry.catalogue.criteria import classifications
from registry.catalogue.criteria.asas_axspa import (
    ENTRY,
    FEATURES,
    IBP_PARAMETERS,
    OTHER_FEATURES,
    chronic_back_pain_before_45,
    inflammatory_back_pain,
)
from registry.catalogue.criteria.modified_new_york import radiographic_sacroiliitis
from registry.catalogue.instruments.truths import Truths
from tests.spec.criteria.judging import classified, one
from tests.spec.instruments.columns import Cell, law

RADIOGRAPHIC = "radiographic_sacroiliitis"


@pytest.mark.parametrize(
    ("left", "right", "answer"),
    [
        (2, 2, True),
        (2, 1, False),
        (3, 0, True),
        (2, None, None),
        (None, 3, True),
        (0, None, None),
        (None, None, None),
        (4, 4, True),
        (0, 0, False),
        (1, 2, False),
    ],
)
def test_radiographic_sacroiliitis_is_grade_2_on_both_sides_or_3_on_one(
    left: Cell, right: Cell, answer: bool | None
) -> None:
    assert radiographic_sacroiliitis(one(left), one(right)).answers() == [answer]


def test_modified_new_york_wants_the_radiographs_and_one_clinical_criterion() -> None:
    assert classified("mNY", RADIOGRAPHIC, "low_back_pain") is True
    assert classified("mNY", RADIOGRAPHIC, "limited_chest_expansion") is True
    assert classified("mNY", RADIOGRAPHIC) is False
    assert classified("mNY", "low_back_pain", "limited_lumbar_motion", "limited_chest_expansion") is False
    assert classified("mNY", RADIOGRAPHIC, limited_lumbar_motion=None) is None
    assert classified("mNY", limited_lumbar_motion=None) is False


@pytest.mark.parametrize(
    ("months", "age", "answer"),
    [("4", 44, True), ("3", 44, True), ("2.9", 44, False), ("4", 45, False), (None, 45, False), (None, 44, None)],
)
def test_back_pain_has_to_last_3_months_and_to_begin_before_45(months: Cell, age: Cell, answer: bool | None) -> None:
    assert chronic_back_pain_before_45(one(months), one(age)).answers() == [answer]


@pytest.mark.parametrize(
    ("present", "axspa", "arm"),
    [
        (("sacroiliitis_mri", "hla_b27"), True, "ASAS-imaging"),
        (("sacroiliitis_mri",), False, None),
        ((RADIOGRAPHIC, "uveitis"), True, "ASAS-imaging"),
        (("hla_b27", "inflammatory_back_pain"), False, None),
        (("hla_b27", "inflammatory_back_pain", "elevated_crp"), True, "ASAS-clinical"),
        (("inflammatory_back_pain", "elevated_crp", "uveitis"), False, None),
        (("hla_b27",), False, None),
        ((), False, None),
    ],
)
def test_either_arm_classifies_and_hla_b27_is_no_other_feature(
    present: tuple[str, ...], axspa: bool, arm: str | None
) -> None:
    assert classified("ASAS-axSpA", ENTRY, *present) is axspa
    assert [name for name in ("ASAS-imaging", "ASAS-clinical") if classified(name, ENTRY, *present)] == [
        name for name in (arm,) if name
    ]


def test_nothing_classifies_without_the_entry_criterion() -> None:
    assert classified("ASAS-axSpA", "sacroiliitis_mri", RADIOGRAPHIC, *FEATURES) is False


def test_radiographic_disease_and_non_radiographic_disease_divide_those_who_are_classified() -> None:
    assert classified("r-axSpA", ENTRY, RADIOGRAPHIC, "uveitis") is True
    assert classified("nr-axSpA", ENTRY, RADIOGRAPHIC, "uveitis") is False
    assert classified("nr-axSpA", ENTRY, "sacroiliitis_mri", "uveitis") is True
    assert classified("nr-axSpA", ENTRY, "sacroiliitis_mri", "uveitis", radiographic_sacroiliitis=None) is None
    assert classified("nr-axSpA", ENTRY, "uveitis", radiographic_sacroiliitis=None) is False


@pytest.mark.parametrize(("present", "answer"), [(3, False), (4, True), (5, True)])
def test_inflammatory_back_pain_is_four_of_five(present: int, answer: bool) -> None:
    parameters = {name: Truths.of([place < present]) for place, name in enumerate(IBP_PARAMETERS)}

    assert inflammatory_back_pain(parameters).answers() == [answer]


def test_the_classifications_have_the_names_under_which_they_are_recorded() -> None:
    assert set(CLASSIFICATION_CRITERIA) <= set(classifications())
    assert len(FEATURES) == 11
    assert len(OTHER_FEATURES) == 10


@pytest.mark.parametrize("name", classifications())
@law
@given(drawn=st.data())
def test_a_classification_is_open_only_where_the_completions_of_open_features_differ(
    name: str, drawn: st.DataObject
) -> None:
    features = classifications()[name].features
    open_ones = drawn.draw(st.sets(st.sampled_from(features), max_size=3))
    present = drawn.draw(st.sets(st.sampled_from(features)))

    completed = {
        classified(name, *(present - open_ones), **dict(zip(open_ones, answers)))
        for answers in product((True, False), repeat=len(open_ones))
    }

    expected = completed.pop() if len(completed) == 1 else None
    assert classified(name, *(present - open_ones), **dict.fromkeys(open_ones)) is expected
