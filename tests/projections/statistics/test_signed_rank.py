"""The signed-rank test: zeros, ties, corrections, exact and normal, and the p-values of the anakinra study."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import product

import pytest

from projections.statistics.ordering import differences
from projections.statistics.results import NO_DIFFERENCE, NOTHING_GIVEN, TOO_MANY
from projections.statistics.signed_rank import PS_FROM, ZERO_HANDLINGS, PFrom, ZeroHandling, signed_rank

TIED = [4, 0, 5, -1, 2, 5, 0, 5, -1, 6]
UNTIED = [Decimal(text) for text in ["3.1", "-0.4", "2.2", "1.7", "5.0", "0.9", "-1.2", "4.4", "2.9"]]


def p(found: object) -> float:
    """The p of a test that has one."""
    value = getattr(found, "p", None)
    assert value is not None
    return float(value)


def test_five_variants_of_one_sample_lie_on_both_sides_of_5_percent() -> None:
    assert p(signed_rank(TIED)) == pytest.approx(0.034566, abs=1e-6)
    assert p(signed_rank(TIED, correction=True)) == pytest.approx(0.041056, abs=1e-6)
    assert p(signed_rank(TIED, p_from="exact")) == 0.0390625
    assert p(signed_rank(TIED, zeros="pratt")) == pytest.approx(0.050488, abs=1e-6)


def test_a_sample_without_ties() -> None:
    assert signed_rank(UNTIED).statistic == 4
    assert p(signed_rank(UNTIED, p_from="exact")) == pytest.approx(0.027344, abs=1e-6)
    assert p(signed_rank(UNTIED)) == pytest.approx(0.028402, abs=1e-6)
    assert p(signed_rank(UNTIED, correction=True)) == pytest.approx(0.032969, abs=1e-6)


@pytest.mark.parametrize(
    ("n", "t", "printed"),
    [
        (9, 0, 0.008),
        (9, 1, 0.011),
        (9, 3, 0.021),
        (9, 4, 0.028),
        (9, 5, 0.038),
        (8, 0, 0.012),
        (8, 3, 0.036),
        (7, 6, 0.176),
    ],
)
def test_the_p_values_of_the_anakinra_study_are_normal_without_correction(n: int, t: int, printed: float) -> None:
    fell = [rank if rank != t else -rank for rank in range(1, n + 1)]

    found = signed_rank(fell)

    assert found.statistic == t
    assert round(p(found), 3) == printed


def test_the_result_says_what_was_dropped_and_what_was_tied() -> None:
    found = signed_rank(TIED, correction=True)

    assert (found.test, found.variant) == ("Wilcoxon signed-rank", "wilcox, normal, continuity-corrected")
    assert (found.n, found.n_used, found.zeros, found.ties, found.statistic) == (10, 8, 2, 5, 3)


def test_an_exact_p_has_no_correction_and_does_not_claim_one() -> None:
    assert signed_rank(TIED, correction=True, p_from="exact") == signed_rank(TIED, p_from="exact")


@pytest.mark.parametrize("zeros", ZERO_HANDLINGS)
def test_the_exact_p_is_that_of_all_signs_listed(zeros: ZeroHandling) -> None:
    ranks = {"wilcox": [5, 1.5, 3], "pratt": [6, 2.5, 4], "zsplit": [6, 2.5, 4]}[zeros] + [
        {"wilcox": 1.5, "pratt": 2.5, "zsplit": 2.5}[zeros],
        {"wilcox": 4, "pratt": 5, "zsplit": 5}[zeros],
    ]
    sums = [sum(rank for rank, sign in zip(ranks, signs) if sign) for signs in product((0, 1), repeat=5)]
    observed = sum(ranks[1:2])

    found = signed_rank([9, -1, 2, 1, 5, 0], zeros=zeros, p_from="exact")

    assert p(found) == 2 * sum(total <= observed for total in sums) / 32
    assert found.statistic == observed + (0.5 if zeros == "zsplit" else 0)


def test_the_noise_of_doubles_breaks_no_tie() -> None:
    before, after = [5.8, 2.0, 3.3, 6.1], [5.6, 1.8, 3.5, 6.0]
    exact = differences([Decimal(str(value)) for value in before], [Decimal(str(value)) for value in after])

    found = signed_rank(differences(before, after))

    assert found == signed_rank(exact)
    assert found.ties == 3


def test_fractions_that_differ_by_less_than_any_double_are_no_tie() -> None:
    assert signed_rank([Fraction(1, 3), Fraction(10**20 + 1, 3 * 10**20)]).ties == 0
    assert signed_rank([1 / 3, 1 / 3 + 1e-12]).ties == 2


@pytest.mark.parametrize(("zeros", "p_from"), list(product(ZERO_HANDLINGS, PS_FROM)))
def test_differences_that_are_all_0_have_a_p_of_1_with_the_reason(zeros: ZeroHandling, p_from: PFrom) -> None:
    found = signed_rank([0, 0, 0], zeros=zeros, p_from=p_from)

    assert (found.zeros, found.statistic, found.p, found.reason) == (3, 0, 1, NO_DIFFERENCE)


@pytest.mark.parametrize(("zeros", "p_from"), list(product(ZERO_HANDLINGS, PS_FROM)))
def test_no_patient_has_no_p_and_one_patient_a_p_of_no_use(zeros: ZeroHandling, p_from: PFrom) -> None:
    assert signed_rank([], zeros=zeros, p_from=p_from)[-4:] == (None, None, None, NOTHING_GIVEN)
    assert p(signed_rank([-3], zeros=zeros, p_from=p_from)) == pytest.approx({"normal": 0.3173105, "exact": 1}[p_from])


def test_too_many_differences_for_an_exact_p_are_said() -> None:
    found = signed_rank(list(range(1, 1002)), p_from="exact")

    assert (found.statistic, found.p, found.reason) == (0, None, TOO_MANY)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e200])
def test_what_is_no_measurement_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="leave incomplete patients out"):
        signed_rank([1.0, value])


def test_pairs_of_which_one_is_missing_are_refused() -> None:
    with pytest.raises(ValueError, match="one length, and have 2 and 1"):
        differences([1, 2], [1])
