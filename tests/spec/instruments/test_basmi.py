"""The three BASMI versions, with the computed examples; all of their vectors are used.

The ten-step table is recalled, and checked here by the one printed example that was found: 30 degrees of rotation
scores 1 in the 2-step and 7 in the 10-step version.
"""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.spec.instruments.columns import rounded, score

VERSIONS = ("basmi_2step", "basmi_10step", "basmi_linear")
BEST = ("22", "9", "7.5", "130", "90")  # flexion to the side, tragus to wall, Schober, malleoli, rotation
WORST = ("0", "40", "0", "0", "0")


def with_movement(place: int, value: str) -> tuple[str, ...]:
    return (*BEST[:place], value, *BEST[place + 1 :])


@pytest.mark.parametrize(
    ("movements", "two_step", "ten_step", "linear"),
    [
        (("12.5", "14.0", "3.2", "95", "55"), "3", "3.8", "3.8161"),
        (("22", "9", "7.5", "130", "90"), "0", "0", "0.0667"),
        (("1.0", "40", "0.3", "25", "5"), "10", "10", "9.8878"),
        (("7.14", "18.5", "2.06", "82.0", "30.0"), "5", "5.8", "5.8005"),
    ],
)
def test_the_same_movements_give_three_different_figures(
    movements: tuple[str, ...], two_step: str, ten_step: str, linear: str
) -> None:
    assert score("basmi_2step", movements) == Fraction(two_step)
    assert score("basmi_10step", movements) == Fraction(ten_step)
    assert rounded(score("basmi_linear", movements)) == linear


def test_the_lowest_and_the_highest_scores() -> None:
    assert [score(version, ("22", "8", "7.5", "130", "90")) for version in VERSIONS] == [0, 0, 0]
    assert [score(version, WORST) for version in VERSIONS] == [10, 10, 10]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("place", range(5))
def test_without_a_movement_there_is_no_basmi(version: str, place: int) -> None:
    assert score(version, (*BEST[:place], None, *BEST[place + 1 :])) is None


@pytest.mark.parametrize(
    ("place", "value", "points"),
    [
        *((0, value, points) for value, points in (("10.1", 0), ("10", 1), ("5", 1), ("4.9", 2))),
        *((1, value, points) for value, points in (("14.9", 0), ("15", 1), ("30", 1), ("30.1", 2))),
        *((2, value, points) for value, points in (("4.1", 0), ("4", 1), ("2", 1), ("1.9", 2))),
        *((3, value, points) for value, points in (("100.1", 0), ("100", 1), ("70", 1), ("69.9", 2))),
        *((4, value, points) for value, points in (("70.1", 0), ("70", 1), ("20", 1), ("19.9", 2))),
    ],
)
def test_a_movement_at_either_limit_of_the_2_step_table_scores_1(place: int, value: str, points: int) -> None:
    assert score("basmi_2step", with_movement(place, value)) == points


@pytest.mark.parametrize(
    ("place", "limits"),
    [
        (0, ("20", "18", "15.9", "13.8", "11.7", "9.6", "7.5", "5.4", "3.3", "1.2")),
        (2, ("7.0", "6.4", "5.7", "5.0", "4.3", "3.6", "2.9", "2.2", "1.5", "0.8")),
        (3, ("120", "110", "100", "90", "80", "70", "60", "50", "40", "30")),
        (4, ("85", "76.6", "68.1", "59.6", "51.1", "42.6", "34.1", "25.6", "17.1", "8.6")),
    ],
)
def test_a_limit_of_the_10_step_table_belongs_to_the_better_score(place: int, limits: tuple[str, ...]) -> None:
    for points, limit in enumerate(limits):
        below = str(Fraction(limit) - Fraction(1, 10))

        assert score("basmi_10step", with_movement(place, limit)) == Fraction(points, 5)
        assert score("basmi_10step", with_movement(place, below)) == Fraction(points + 1, 5)


@pytest.mark.parametrize(
    ("distance", "points"),
    [("10", 0), ("10.1", 1), ("12.9", 1), ("13", 2), ("15.9", 2), ("16", 3), ("36.9", 9), ("37", 10)],
)
def test_a_limit_of_the_tragus_to_wall_distance_belongs_to_the_worse_score(distance: str, points: int) -> None:
    assert score("basmi_10step", with_movement(1, distance)) == Fraction(points, 5)


def test_30_degrees_of_rotation_score_1_of_2_and_7_of_10() -> None:
    assert score("basmi_2step", with_movement(4, "30")) == 1
    assert score("basmi_10step", with_movement(4, "30")) == Fraction(7, 5)


@pytest.mark.parametrize(
    ("place", "zero", "ten"), [(0, "21.1", "0.1"), (1, "8", "38"), (2, "7.4", "0.4"), (3, "124.5", "24.5")]
)
def test_a_movement_of_the_linear_version_scores_from_0_to_10_and_no_further(place: int, zero: str, ten: str) -> None:
    others = ("22", "8", "7.5", "130", "90")
    scores = [
        score("basmi_linear", (*others[:place], value, *others[place + 1 :]))
        for value in (zero, ten, "0" if place != 1 else "99")
    ]

    assert scores == [0, 2, 2]
