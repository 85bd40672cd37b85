"""The Berlin score of the sacroiliac joints: thirds of each of eight quadrants."""

from __future__ import annotations

import pytest

from registry import Registry
from registry.catalogue.methods import methods
from registry.errors import GradeError
from tests.spec.methods.scored import Scored, everywhere, record, scored, state_of


def test_each_joint_has_four_quadrants() -> None:
    method = methods()["berlin-sij"]

    assert [location.name for location in method.locations if location.group == "left"] == [
        "left upper iliac",
        "left upper sacral",
        "left lower iliac",
        "left lower sacral",
    ]
    assert [item.grades for item in method.items] == [(0, 1, 2, 3)]
    assert method.regions == ("sij",)


def test_it_is_another_method_than_the_score_of_the_spine_of_the_same_name() -> None:
    assert methods()["berlin"].locations != methods()["berlin-sij"].locations


def test_everything_inflamed_is_12_a_joint_and_24(enrolled: Registry) -> None:
    found = scored(enrolled, "berlin-sij", everywhere("berlin-sij", 3))

    assert found == {"total": Scored(24.0, 8, 8), "right": Scored(12.0, 4, 4), "left": Scored(12.0, 4, 4)}


def test_a_quadrant_that_could_not_be_assessed_leaves_the_total_of_the_other_joint(enrolled: Registry) -> None:
    found = scored(enrolled, "berlin-sij", {**everywhere("berlin-sij", 2), "left upper iliac": None})

    assert found == {"total": Scored(None, 7, 8), "right": Scored(8.0, 4, 4), "left": Scored(None, 3, 4)}


def test_the_state_of_a_quadrant_is_its_grade(enrolled: Registry) -> None:
    assert state_of(enrolled, "berlin-sij", {"left upper iliac": 2}, "left upper iliac") == "2"


def test_a_grade_of_4_is_refused(enrolled: Registry) -> None:
    with pytest.raises(GradeError, match="right upper iliac"):
        record(enrolled, "berlin-sij", {"right upper iliac": 4})
