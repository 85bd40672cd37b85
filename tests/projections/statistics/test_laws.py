"""What holds of every sample: p within 0 and 1, symmetry, and no dependence on the order of patients."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.statistics.bland_altman import limits_of_agreement
from projections.statistics.cluster_bootstrap import cluster_bootstrap, reduction
from projections.statistics.cumulative_incidence import cumulative_incidence
from projections.statistics.goodness_of_fit import goodness_of_fit
from projections.statistics.intraclass import FORMS, Form, icc
from projections.statistics.kaplan_meier import kaplan_meier
from projections.statistics.mann_whitney import mann_whitney
from projections.statistics.mcnemar import VARIANTS, Variant, mcnemar
from projections.statistics.ordering import differences
from projections.statistics.proportion_intervals import METHODS, Method, proportion
from projections.statistics.results import REASONS, Estimate, Outcome
from projections.statistics.signed_rank import PS_FROM, ZERO_HANDLINGS, PFrom, ZeroHandling, signed_rank
from projections.statistics.spearman import spearman, spearman_interval
from projections.statistics.t_intervals import paired_t, paired_t_interval, t_interval
from registry.catalogue.instruments.values import Values

SCORES = st.integers(-30, 30).map(lambda tenths: tenths / 10)
MEASURED = st.floats(-1e6, 1e6, allow_subnormal=False)
SAMPLES = st.lists(SCORES, max_size=14) | st.lists(MEASURED, max_size=14)
PAIRS = st.lists(st.tuples(SCORES, SCORES) | st.tuples(MEASURED, MEASURED), max_size=14)
FOLLOWED = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 3)), max_size=25)


def assert_answered(found: Outcome | Estimate) -> None:
    """Assert that a result holds numbers, or a reason for having none."""
    assert not any(isinstance(value, float) and not math.isfinite(value) for value in found)
    assert found.reason is None or found.reason in REASONS
    if isinstance(found, Outcome):
        assert (found.p is None) <= (found.reason is not None)
        assert found.p is None or 0 <= found.p <= 1
        assert 0 <= found.n_used <= found.n
    elif found.low is not None and found.high is not None and found.value is not None:
        assert found.low - 1e-9 * abs(found.low) <= found.value <= found.high + 1e-9 * abs(found.high)


@given(st.integers(0, 40), st.integers(0, 40), st.sampled_from(VARIANTS))
def test_mcnemar(b: int, c: int, variant: Variant) -> None:
    found = mcnemar(b, c, variant=variant)

    assert_answered(found)
    assert found == mcnemar(c, b, variant=variant)


@given(st.integers(0, 40), st.integers(1, 40))
def test_mcnemar_corrected_and_exact_are_the_cautious_variants(b: int, c: int) -> None:
    p = {variant: mcnemar(b, c, variant=variant).p or 0.0 for variant in VARIANTS}

    assert p["uncorrected"] <= p["corrected"]
    assert p["mid-p"] <= p["exact"]


@given(SAMPLES, st.sampled_from(ZERO_HANDLINGS), st.sampled_from(PS_FROM), st.booleans(), st.randoms())
def test_signed_rank(
    sample: list[float], zeros: ZeroHandling, p_from: PFrom, correction: bool, random: np.random.Generator
) -> None:
    found = signed_rank(sample, zeros=zeros, p_from=p_from, correction=correction)
    shuffled = sample.copy()
    random.shuffle(shuffled)

    assert_answered(found)
    assert found == signed_rank([-value for value in sample], zeros=zeros, p_from=p_from, correction=correction)
    assert found == signed_rank(shuffled, zeros=zeros, p_from=p_from, correction=correction)


@given(st.lists(st.integers(-20, 20), max_size=14), st.sampled_from(PS_FROM))
def test_a_signed_rank_test_of_whole_numbers_does_not_depend_on_their_type(sample: list[int], p_from: PFrom) -> None:
    expected = signed_rank(sample, p_from=p_from)

    assert expected == signed_rank([Fraction(value, 7) for value in sample], p_from=p_from)
    assert expected == signed_rank(np.array(sample, dtype=int), p_from=p_from)
    assert expected == signed_rank(np.array(sample, dtype=float), p_from=p_from)


@given(SAMPLES, SAMPLES, st.sampled_from(PS_FROM), st.booleans())
def test_mann_whitney(first: list[float], second: list[float], p_from: PFrom, correction: bool) -> None:
    one = mann_whitney(first, second, p_from=p_from, correction=correction)
    other = mann_whitney(second, first, p_from=p_from, correction=correction)

    assert_answered(one)
    assert one.p == pytest.approx(other.p)
    if one.statistic is not None and other.statistic is not None:
        assert one.statistic + other.statistic == len(first) * len(second)


@given(PAIRS)
def test_paired_t(pairs: list[tuple[float, float]]) -> None:
    first, second = [one for one, _ in pairs], [other for _, other in pairs]

    one, other = paired_t(first, second), paired_t(second, first)

    assert_answered(one)
    assert one.p == pytest.approx(other.p)
    assert_answered(t_interval(first))
    for found in limits_of_agreement(first, second)[:3]:
        assert_answered(found)


@given(PAIRS)
def test_spearman(pairs: list[tuple[float, float]]) -> None:
    first, second = [one for one, _ in pairs], [other for _, other in pairs]

    found = spearman(first, second)

    assert_answered(found)
    assert_answered(spearman_interval(first, second))
    assert found.statistic == spearman(second, first).statistic
    assert found.statistic is None or -1 <= found.statistic <= 1
    assert spearman(first, [-value for value in second]).p == pytest.approx(found.p)


@given(st.integers(0, 60), st.integers(0, 60), st.sampled_from(METHODS))
def test_an_interval_of_a_proportion_lies_within_0_and_1(n: int, more: int, method: Method) -> None:
    found, rest = proportion(n, n + more, method=method), proportion(more, n + more, method=method)

    assert_answered(found)
    if found.low is not None and found.high is not None and rest.high is not None:
        assert 0 <= found.low <= found.high <= 1
        assert found.low == pytest.approx(1 - rest.high, abs=1e-12)


@given(st.lists(st.integers(0, 50), max_size=8))
def test_goodness_of_fit(counts: list[int]) -> None:
    found = goodness_of_fit(counts)

    assert_answered(found)
    assert found.p == pytest.approx(goodness_of_fit(counts[::-1]).p)


@given(st.lists(st.lists(SCORES | MEASURED, min_size=3, max_size=3), max_size=12), st.sampled_from(FORMS))
def test_icc(ratings: list[list[float]], form: Form) -> None:
    found = icc(np.array(ratings).reshape(-1, 3), form=form)

    assert_answered(found)
    if found.value is not None:
        assert found.value <= 1
        assert icc([row[::-1] for row in ratings[::-1]], form=form).value == pytest.approx(
            found.value, rel=1e-6, abs=1e-6
        )


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=9))
def test_cluster_bootstrap(rows: list[tuple[int, int]]) -> None:
    given_rows = np.array(rows, dtype=float).reshape(-1, 2)

    found = cluster_bootstrap(given_rows, reduction, resamples=500)

    assert_answered(found._replace(value=None))
    assert found == cluster_bootstrap(given_rows[::-1], reduction, resamples=500)


@given(FOLLOWED)
def test_survival_falls_and_causes_add_up(patients: list[tuple[int, int]]) -> None:
    times, causes = [time for time, _ in patients], np.array([cause for _, cause in patients], dtype=int)

    curve = kaplan_meier(times, causes > 0)
    found = cumulative_incidence(times, causes, n_causes=3)

    assert np.all(np.diff(curve.survival, prepend=1.0) <= 0)
    np.testing.assert_allclose(found.incidence.sum(axis=0), 1 - curve.survival, atol=1e-12)
    assert curve.risk.all_events.sum() + curve.risk.censored.sum() == len(patients)
    for time in range(11):
        assert_answered(curve.at(time))
        assert_answered(found.at(2, time))
    assert_answered(curve.quantile())


@given(FOLLOWED, st.integers(0, 25))
def test_pooled_events_are_those_of_the_parts(patients: list[tuple[int, int]], cut: int) -> None:
    whole, one, other = (
        kaplan_meier([time for time, _ in part], np.array([cause > 0 for _, cause in part], dtype=bool)).risk
        for part in (patients, patients[:cut], patients[cut:])
    )

    assert whole.all_events.sum() == one.all_events.sum() + other.all_events.sum()
    assert whole.censored.sum() == one.censored.sum() + other.censored.sum()


def test_differences_of_whole_numbers_as_arrays_are_those_of_exact_fractions() -> None:
    one, other = np.array([5, -3, 2**53, 0]), np.array([7, -3, -(2**53), 1])

    assert list(differences(one, other)) == [Fraction(int(a)) - int(b) for a, b in zip(one, other)]
    assert differences(one[2:3] + 1, other[2:3]) == [Fraction(2**54 + 1)]


@given(st.lists(st.tuples(*[st.fractions(-100, 100, max_denominator=60)] * 2), max_size=14))
def test_a_column_of_exact_numbers_is_worth_its_fractions(pairs: list[tuple[Fraction, Fraction]]) -> None:
    first, second = [one for one, _ in pairs], [other for _, other in pairs]
    apart = differences(Values.of(first), Values.of(second))

    assert isinstance(apart, Values)
    assert apart.fractions() == [one - other for one, other in pairs]
    assert t_interval(Values.of(first)) == t_interval(first)
    assert paired_t_interval(Values.of(first), Values.of(second)) == paired_t_interval(first, second)
    assert signed_rank(Values.of(first)) == signed_rank(first)


def test_an_unknown_value_in_a_column_is_refused() -> None:
    with pytest.raises(ValueError, match="a value is missing"):
        t_interval(Values.of(["2.5", None]))
