"""ASspiMRI-a and its Berlin modification: the published vectors, and that neither is had from the other."""

from __future__ import annotations

from registry import Registry
from tests.spec.methods.scored import Scored, everywhere, scored

VECTOR = {"C5/6": 1, "T7/8": 4, "T8/9": 6, "T12/L1": 2, "L2/3": 5, "L5/S1": 3}


def test_the_activity_score_of_the_vector_is_21_and_by_segment_1_10_10(enrolled: Registry) -> None:
    found = scored(enrolled, "asspimri", {**everywhere("asspimri", 0), **VECTOR})

    assert found == {
        "total": Scored(21.0, 23, 23),
        "cervical": Scored(1.0, 6, 6),
        "thoracic": Scored(10.0, 11, 11),
        "lumbar": Scored(10.0, 6, 6),
    }


def test_its_berlin_score_lies_between_9_and_15_by_what_a_grade_of_erosion_leaves_open(enrolled: Registry) -> None:
    values = [
        scored(
            enrolled,
            "berlin",
            {**everywhere("berlin", 0), **{at: extent if n > 3 else n for at, n in VECTOR.items()}},
        )["total"].value
        for extent in (1, 3)
    ]

    assert values == [9.0, 15.0]


def test_the_highest_grade_of_every_unit_is_138_and_69(enrolled: Registry) -> None:
    assert scored(enrolled, "asspimri", everywhere("asspimri", 6))["total"].value == 138
    assert scored(enrolled, "berlin", everywhere("berlin", 3))["total"].value == 69
