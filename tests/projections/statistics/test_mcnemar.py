"""McNemar's test: which variant gives which p, and what nothing to test gives."""

from __future__ import annotations

import numpy as np
import pytest

from projections.statistics.mcnemar import VARIANTS, PairedAnswers, Variant, mcnemar, paired_answers
from projections.statistics.results import NO_DISCORDANCE, NOTHING_GIVEN


@pytest.mark.parametrize(
    ("b", "c", "variant", "statistic", "p"),
    [
        (9, 0, "uncorrected", 9.0, 0.002700),
        (9, 0, "corrected", 7.1111, 0.007661),
        (9, 0, "exact", 0, 0.003906),
        (9, 0, "mid-p", 0, 0.001953),
        (8, 0, "uncorrected", 8.0, 0.004678),
        (8, 0, "corrected", 6.125, 0.013328),
        (8, 0, "exact", 0, 0.007812),
        (8, 0, "mid-p", 0, 0.003906),
        (10, 3, "uncorrected", 3.7692, 0.052204),
        (10, 3, "corrected", 2.7692, 0.096092),
        (10, 3, "exact", 3, 0.092285),
        (10, 3, "mid-p", 3, 0.057373),
    ],
)
def test_each_variant_has_its_own_p(b: int, c: int, variant: Variant, statistic: float, p: float) -> None:
    found = mcnemar(b, c, variant=variant)

    assert (found.statistic, found.p) == (pytest.approx(statistic, abs=5e-5), pytest.approx(p, abs=1e-6))
    assert found.variant == variant


def test_the_uncorrected_test_is_the_default() -> None:
    assert mcnemar(9, 0) == mcnemar(9, 0, variant="uncorrected")


def test_the_direction_of_change_makes_no_difference() -> None:
    assert all(mcnemar(3, 10, variant=variant) == mcnemar(10, 3, variant=variant) for variant in VARIANTS)


def test_as_many_gains_as_losses_give_a_mid_p_below_1() -> None:
    assert mcnemar(5, 5, variant="mid-p").p == pytest.approx(1 - 252 / 1024 / 2)
    assert mcnemar(5, 5, variant="exact").p == 1


@pytest.mark.parametrize("variant", VARIANTS)
def test_pairs_that_all_agree_have_a_p_of_1_with_the_reason(variant: Variant) -> None:
    found = mcnemar(0, 0, concordant=22, variant=variant)

    assert (found.n, found.n_used, found.zeros) == (22, 0, 22)
    assert (found.statistic, found.p, found.reason) == (None, 1.0, NO_DISCORDANCE)


@pytest.mark.parametrize("variant", VARIANTS)
def test_no_pairs_have_no_p(variant: Variant) -> None:
    assert mcnemar(0, 0, variant=variant)[-4:] == (None, None, None, NOTHING_GIVEN)


def test_pairs_are_counted_from_two_columns() -> None:
    before, after = np.array([True, True, True, False, False]), np.array([True, False, False, True, False])

    assert paired_answers(before, after) == PairedAnswers(b=2, c=1, concordant=2)


def test_columns_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="one length, and have 2 and 3"):
        paired_answers(np.zeros(2, dtype=bool), np.zeros(3, dtype=bool))
