"""Agreement of readers: ICC, kappa of grades, limits of agreement."""

from __future__ import annotations

import numpy as np
import pytest

from projections.statistics.bland_altman import limits_of_agreement
from projections.statistics.category_squares import kappa_of_grades, square_of_grades
from projections.statistics.intraclass import FORMS, Form, icc
from projections.statistics.kappa import NOTHING_READ, ONE_CATEGORY
from projections.statistics.results import (
    NO_LIMITS,
    NOTHING_GIVEN,
    ONE_VALUE,
    PERFECT,
    TOO_FEW,
    ZERO_VARIANCE,
)

SHROUT_FLEISS = [(9, 2, 5, 8), (6, 1, 3, 2), (8, 4, 6, 8), (7, 1, 2, 6), (10, 5, 6, 9), (6, 2, 4, 7)]
TWO_READERS = [(10, 12), (4, 5), (22, 20), (0, 1), (15, 15), (7, 10), (30, 27), (3, 3)]
SQUARE = np.array([[50, 4, 1, 0], [6, 20, 5, 0], [1, 3, 15, 2], [0, 0, 2, 11]])


@pytest.mark.parametrize(("form", "value"), list(zip(FORMS, (0.2898, 0.7148, 0.6201, 0.9093))))
def test_the_icc_of_shrout_and_fleiss(form: Form, value: float) -> None:
    found = icc(np.array(SHROUT_FLEISS), form=form)

    assert found.value == pytest.approx(value, abs=5e-5)
    assert (found.variant, found.n) == (form, 6)


def test_the_icc_of_two_readers_with_and_without_absolute_agreement() -> None:
    values = [icc(np.array(TWO_READERS), form=form).value for form in FORMS[:2]]

    assert values == pytest.approx([0.9811, 0.9788], abs=5e-5)


def test_a_reader_who_is_always_higher_is_consistent_and_does_not_agree() -> None:
    ratings = np.array([(1, 3), (4, 6), (9, 11)])

    assert icc(ratings, form="3,1")[3:] == (1, None, None, "F", PERFECT)
    assert icc(ratings).value == pytest.approx(98 / 3 / (98 / 3 + 4))
    assert icc(ratings).reason == NO_LIMITS


@pytest.mark.parametrize(
    ("ratings", "reason"),
    [
        (np.empty((0, 2)), NOTHING_GIVEN),
        ([(3, 4)], ONE_VALUE),
        ([(3,), (4,)], TOO_FEW),
        ([(3, 3), (3, 3)], ZERO_VARIANCE),
        ([(0.1, 0.1), (0.1, 0.1), (0.1, 0.1)], ZERO_VARIANCE),
    ],
)
@pytest.mark.parametrize("form", FORMS)
def test_ratings_without_an_icc_have_a_reason(form: Form, ratings: list[tuple[float, ...]], reason: str) -> None:
    found = icc(ratings, form=form)

    assert (found.value, found.low, found.high, found.reason) == (None, None, None, reason)


def test_patients_who_do_not_differ_have_a_value_only_where_it_exists() -> None:
    ratings = np.array([(1, 2), (2, 1), (1, 2)])

    assert icc(ratings, form="3,1").value == -1
    assert icc(ratings, form="3,k")[3:] == (None, None, None, "F", ZERO_VARIANCE)


def test_limits_that_rest_on_no_degree_of_freedom_are_not_given() -> None:
    found = icc([(0, 0, 0), (0, 0, 0), (0, 548, -660)])

    assert found.value == pytest.approx(-0.491477, abs=1e-6)
    assert (found.low, found.high, found.reason) == (None, None, NO_LIMITS)


def test_ratings_in_one_row_are_refused() -> None:
    with pytest.raises(ValueError, match="one row a patient"):
        icc([1, 2, 3])


@pytest.mark.parametrize(
    ("weighting", "value"), [("unweighted", 0.705401), ("linear", 0.803823), ("quadratic", 0.884140)]
)
def test_the_kappa_of_two_columns_of_grades(weighting: str, value: float) -> None:
    first, second = np.repeat(np.arange(16), SQUARE.ravel()) // 4, np.repeat(np.arange(16), SQUARE.ravel()) % 4

    found = kappa_of_grades(first, second, n_grades=4, weighting=weighting)  # type: ignore[arg-type]

    assert square_of_grades(first, second, n_grades=4).tolist() == SQUARE.tolist()
    assert found.value == pytest.approx(value, abs=1e-6)
    assert (found.variant, found.n) == (weighting, 120)


def test_grades_without_a_kappa_have_a_reason() -> None:
    none, alike = np.array([], dtype=int), np.array([1, 1])

    assert kappa_of_grades(none, none, n_grades=2).reason == NOTHING_READ
    assert kappa_of_grades(alike, alike, n_grades=2).reason == ONE_CATEGORY


@pytest.mark.parametrize("grade", [-1, 4])
def test_a_grade_out_of_range_is_refused(grade: int) -> None:
    with pytest.raises(ValueError, match="grades have to be from 0 to 3"):
        kappa_of_grades(np.array([grade]), np.array([0]), n_grades=4)


def test_the_limits_of_agreement_have_intervals() -> None:
    found = limits_of_agreement(*zip(*TWO_READERS))

    assert found.bias.value == -0.25
    assert found.sd == pytest.approx(1.982062, abs=1e-6)
    assert (found.lower.value, found.upper.value) == pytest.approx((-4.134771, 3.634771), abs=1e-6)
    assert found.bias[4:6] == pytest.approx((-1.907046, 1.407046), abs=1e-6)
    assert found.upper.low == pytest.approx(0.672819, abs=1e-6)
    assert found.upper.high - found.upper.value == pytest.approx(found.lower.value - found.lower.low)


def test_limits_of_agreement_without_spread_have_a_reason() -> None:
    assert limits_of_agreement([], []).bias.reason == NOTHING_GIVEN
    assert limits_of_agreement([5], [3]).bias.value == 2
    assert limits_of_agreement([5], [3]).upper[3:] == (None, None, None, "t", ONE_VALUE)
    assert limits_of_agreement([5, 4], [3, 2]).upper[3:] == (2, None, None, "t", ZERO_VARIANCE)
