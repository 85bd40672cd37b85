"""SPARCC of the spine: 18 points a level, of all 23 levels or of six that the reader selects."""

from __future__ import annotations

import pytest

from projections.derived.lesion_states import lesion_states
from projections.point_in_time import facts_at
from projections.stated.findings import findings
from projections.stated.readings import readings
from registry import Registry
from registry.catalogue.methods import methods
from registry.errors import RefusalError
from tests.spec.methods.scored import Scored, everywhere, record, scored

ALL_LEVELS, SIX_LEVELS = "sparcc-spine-23", "sparcc-spine-6"
QUADRANTS = ("upper anterior", "upper posterior", "lower anterior", "lower posterior")
ITEMS = (*QUADRANTS, "intensity", "depth")
AFFECTED = ("T5/6", "T6/7", "T7/8", "T12/L1", "L1/2", "L5/S1")
HIGHEST = everywhere(ALL_LEVELS, 1)


def levels(*units: str, grade: int = 1) -> dict[str, int | None]:
    """A grade of every item on the three slices of some levels."""
    return {f"{unit} slice {n} {item}": grade for unit in units for n in (1, 2, 3) for item in ITEMS}


def unassessed(*slices: str) -> dict[str, int | None]:
    """No grade of any item on some slices."""
    return {f"{place} {item}": None for place in slices for item in ITEMS}


@pytest.mark.parametrize("code", [ALL_LEVELS, SIX_LEVELS])
def test_each_of_23_levels_has_three_slices_with_four_quadrants_and_two_bonus_points(code: str) -> None:
    method = methods()[code]

    assert [location.name for location in method.locations[:4]] == [
        "C2/3 slice 1",
        "C2/3 slice 2",
        "C2/3 slice 3",
        "C3/4 slice 1",
    ]
    assert (method.groups[0], method.groups[17], method.groups[-1]) == ("C2/3", "T12/L1", "L5/S1")
    assert [item.name for item in method.items] == list(ITEMS)
    assert {item.grades for item in method.items} == {(0, 1)}


def test_t12_l1_is_thoracic_to_the_canadian_readers() -> None:
    segments = {location.group: location.segment for location in methods()[ALL_LEVELS].locations}

    assert (segments["T11/12"], segments["T12/L1"], segments["L1/2"]) == ("thoracic", "thoracic", "lumbar")


def test_all_that_can_be_graded_is_18_a_level_and_414(enrolled: Registry) -> None:
    found = scored(enrolled, ALL_LEVELS, HIGHEST)

    assert found["total"] == Scored(414.0, 69, 69)
    assert {found[f"total:{unit}"].value for unit in methods()[ALL_LEVELS].groups} == {18.0}
    assert [found[f"total:{segment}"].value for segment in ("cervical", "thoracic", "lumbar")] == [108, 216, 90]


def test_a_slice_that_could_not_be_assessed_leaves_no_total_of_its_level_and_one_in_proportion(
    enrolled: Registry,
) -> None:
    found = scored(enrolled, ALL_LEVELS, {**everywhere(ALL_LEVELS, 0), **levels("T7/8"), **unassessed("T9/10 slice 2")})

    assert found["total"] == Scored(None, 68, 69)
    assert found["total:T9/10"] == Scored(None, 2, 3)
    assert found["total:T7/8"] == Scored(18.0, 3, 3)
    assert found["total-prorated"] == Scored(18 * 69 / 68, 68, 69, 1)


@pytest.mark.parametrize(("missing", "value"), [(9, 60 * 6 * 69 / 60), (10, None)])
def test_a_total_in_proportion_needs_60_of_the_69_slices(enrolled: Registry, missing: int, value: float | None) -> None:
    slices = [location.name for location in methods()[ALL_LEVELS].locations[:missing]]

    found = scored(enrolled, ALL_LEVELS, {**HIGHEST, **unassessed(*slices)})

    assert found["total-prorated"] == Scored(value, 69 - missing, 69, missing if value else 0)


def test_six_levels_are_108_at_most_and_the_others_no_part_of_the_reading(enrolled: Registry) -> None:
    assert scored(enrolled, SIX_LEVELS, levels(*AFFECTED)) == {"total": Scored(108.0, 18, 18)}

    facts = facts_at(enrolled)
    assert list(dict.fromkeys(findings(facts)["location"].str.split().str[0])) == list(AFFECTED)
    assert len(findings(facts)) == 108
    assert len(lesion_states(facts)) == 18
    [(expected, assessed, complete)] = readings(facts)[["n_expected", "n_assessed", "complete"]].to_numpy().tolist()
    assert (expected, assessed, complete) == (18, 18, True)


def test_levels_that_are_not_affected_are_named_with_0(enrolled: Registry) -> None:
    found = scored(enrolled, SIX_LEVELS, {**levels(*AFFECTED, grade=0), "T5/6 slice 1 upper anterior": 1})

    assert found["total"] == Scored(1.0, 18, 18)


def test_a_slice_of_a_selected_level_that_could_not_be_assessed_leaves_no_total(enrolled: Registry) -> None:
    found = scored(enrolled, SIX_LEVELS, {**levels(*AFFECTED), **unassessed("L1/2 slice 3")})

    assert found["total"] == Scored(None, 17, 18)


@pytest.mark.parametrize(
    ("named", "told"),
    [
        (AFFECTED[1:], "5: T6/7, T7/8, T12/L1, L1/2, L5/S1"),
        (("C2/3", *AFFECTED), "7: C2/3, T5/6, T6/7, T7/8, T12/L1, L1/2, L5/S1"),
    ],
)
def test_five_or_seven_levels_are_refused(enrolled: Registry, named: tuple[str, ...], told: str) -> None:
    with pytest.raises(RefusalError) as refused:
        record(enrolled, SIX_LEVELS, levels(*named))

    assert str(refused.value) == (
        f"grade: sparcc-spine-6 is of exactly 6 levels, and the reading has grades of {told}; "
        "name 6, those that are not affected with 0"
    )


@pytest.mark.parametrize("bonus", ["intensity", "depth"])
def test_a_bonus_on_another_slice_than_the_lesion_is_refused(enrolled: Registry, bonus: str) -> None:
    grades = {**everywhere(ALL_LEVELS, 0), "T7/8 slice 1 upper anterior": 1, f"T7/8 slice 2 {bonus}": 1}

    with pytest.raises(RefusalError, match=f"^grade: T7/8 slice 2 {bonus}: intensity and depth above 0 only where "):
        record(enrolled, ALL_LEVELS, grades)
