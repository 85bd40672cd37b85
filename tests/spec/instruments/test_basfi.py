"""The BASFI, with the computed examples; all of its vectors are used."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.spec.instruments.columns import Cell, score

FIRST: tuple[Cell, ...] = (6, 5, 7, 4, 6, 8, 3, 5, 9, 6)
TWO_MISSING: tuple[Cell, ...] = (2, 3, None, 4, 1, 0, 5, None, 6, 2)


@pytest.mark.parametrize(("answers", "basfi"), [(FIRST, "5.90"), ((0,) * 10, "0"), ((10,) * 10, "10")])
def test_the_basfi_is_the_mean_of_ten_answers(answers: tuple[Cell, ...], basfi: str) -> None:
    assert score("basfi", answers) == Fraction(basfi)


@pytest.mark.parametrize("place", range(10))
def test_without_an_answer_there_is_no_basfi(place: int) -> None:
    assert score("basfi", (*FIRST[:place], None, *FIRST[place + 1 :])) is None


def test_prorated_two_answers_may_be_missing() -> None:
    assert score("basfi", TWO_MISSING) is None
    assert score("basfi", TWO_MISSING, variant="prorated") == Fraction("2.875")
    assert score("basfi", (None, *FIRST[1:]), variant="prorated") == Fraction(53, 9)


def test_prorated_three_answers_may_not_be_missing() -> None:
    assert score("basfi", (None, *TWO_MISSING[1:]), variant="prorated") is None
