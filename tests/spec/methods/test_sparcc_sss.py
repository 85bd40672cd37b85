"""SPARCC's structural score: fat and erosion by quadrant, backfill and ankylosis by half, and no sum of the four."""

from __future__ import annotations

import pytest

from projections.point_in_time import facts_at
from projections.stated.findings import findings
from registry import Registry
from registry.catalogue.methods import methods
from registry.errors import RefusalError
from tests.spec.methods.scored import Scored, everywhere, record, scored, state_of

CODE = "sparcc-sss"
NONE = everywhere(CODE, 0)
QUADRANT = "right slice 1 upper iliac"
HALF = "right slice 1 upper half"


def test_each_joint_has_five_slices_of_four_quadrants_and_two_halves() -> None:
    method = methods()[CODE]
    first = [location for location in method.locations if location.group == "right slice 1"]

    assert [(location.name.removeprefix("right slice 1 "), location.part) for location in first] == [
        ("upper iliac", "quadrant"),
        ("upper sacral", "quadrant"),
        ("lower iliac", "quadrant"),
        ("lower sacral", "quadrant"),
        ("upper half", "half"),
        ("lower half", "half"),
    ]
    assert method.parts == ("quadrant", "half")


def test_fat_and_erosion_are_of_quadrants_and_backfill_and_ankylosis_of_halves() -> None:
    grades = {item.name: (item.grades_in("quadrant"), item.grades_in("half")) for item in methods()[CODE].items}

    assert grades == {
        "fat": ((0, 1), ()),
        "erosion": ((0, 1), ()),
        "backfill": ((), (0, 1)),
        "ankylosis": ((), (0, 1)),
    }


def test_all_that_can_be_graded_is_40_40_20_and_20(enrolled: Registry) -> None:
    found = scored(enrolled, CODE, everywhere(CODE, 1))

    assert {name: found[name] for name in ("fat", "erosion", "backfill", "ankylosis")} == {
        "fat": Scored(40.0, 40, 40),
        "erosion": Scored(40.0, 40, 40),
        "backfill": Scored(20.0, 20, 20),
        "ankylosis": Scored(20.0, 20, 20),
    }
    assert found["erosion:left"] == Scored(20.0, 20, 20)
    assert (found["csds-equal"].value, found["csds-stepwise"].value) == (60, 240)
    assert len(found) == 4 * 3 + 2


def test_a_quadrant_without_a_grade_of_fat_leaves_no_score_of_fat_and_all_others(enrolled: Registry) -> None:
    found = scored(enrolled, CODE, {**NONE, f"{QUADRANT} fat": None, f"{QUADRANT} erosion": 1})

    assert found["fat"] == Scored(None, 39, 40)
    assert found["fat:left"] == Scored(0.0, 20, 20)
    assert found["erosion"] == Scored(1.0, 40, 40)
    assert found["ankylosis"] == Scored(0.0, 20, 20)


def test_erosion_12_backfill_5_and_ankylosis_3_are_damage_of_14_and_by_steps_of_50(enrolled: Registry) -> None:
    lesions = {"erosion": 12, "backfill": 5, "ankylosis": 3}
    graded = {at: 1 for item, n in lesions.items() for at in [each for each in NONE if each.endswith(f" {item}")][:n]}

    found = scored(enrolled, CODE, {**NONE, **graded})

    assert [found[item].value for item in lesions] == [12, 5, 3]
    assert found["csds-equal"] == Scored(14.0, 60, 60)
    assert found["csds-stepwise"] == Scored(50.0, 60, 60)


def test_an_erosion_alone_is_damage_of_half_a_point(enrolled: Registry) -> None:
    assert scored(enrolled, CODE, {**NONE, f"{QUADRANT} erosion": 1})["csds-equal"].value == 0.5


def test_a_quadrant_without_a_grade_of_fat_leaves_the_damage_of_which_fat_is_no_part(enrolled: Registry) -> None:
    assert scored(enrolled, CODE, {**NONE, f"{QUADRANT} fat": None})["csds-equal"] == Scored(0.0, 60, 60)


def test_a_finding_is_there_for_each_item_that_exists_at_its_place(enrolled: Registry) -> None:
    record(enrolled, CODE, NONE)
    rows = findings(facts_at(enrolled))

    assert len(rows) == 120
    of_first = rows[rows["location"].isin([QUADRANT, HALF])]
    assert sorted(zip(of_first["location"], of_first["item"])) == [
        (HALF, "ankylosis"),
        (HALF, "backfill"),
        (QUADRANT, "erosion"),
        (QUADRANT, "fat"),
    ]


@pytest.mark.parametrize(
    ("grades", "place", "state"),
    [
        ({f"{QUADRANT} fat": 1, f"{QUADRANT} erosion": 1}, QUADRANT, "fat-and-erosion"),
        ({f"{QUADRANT} erosion": 1}, QUADRANT, "erosion"),
        ({f"{QUADRANT} fat": None, f"{QUADRANT} erosion": 1}, QUADRANT, None),
        ({f"{HALF} ankylosis": 1}, HALF, "ankylosis"),
        ({}, HALF, "none"),
    ],
)
def test_a_place_says_which_lesions_it_has(
    enrolled: Registry, grades: dict[str, int | None], place: str, state: str | None
) -> None:
    assert state_of(enrolled, CODE, {**NONE, **grades}, place) == state


@pytest.mark.parametrize(
    ("place", "item", "there"),
    [
        (HALF, "fat", "backfill, ankylosis"),
        (HALF, "erosion", "backfill, ankylosis"),
        (QUADRANT, "backfill", "fat, erosion"),
        (QUADRANT, "ankylosis", "fat, erosion"),
    ],
)
def test_an_item_at_a_place_where_it_does_not_exist_is_refused(
    enrolled: Registry, place: str, item: str, there: str
) -> None:
    with pytest.raises(RefusalError, match=f"^item: sparcc-sss does not grade {item} at {place}, but {there}$"):
        record(enrolled, CODE, {**NONE, f"{place} {item}": 0})
