"""Figures of tests and intervals: the statistics' answers with all that they name, as rows of a cohort's tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from projections.cohort.definition.statistical_options import StatisticalOptions
from projections.cohort.figures.address import ARROW
from projections.cohort.figures.figures import At, Figure
from projections.columns.coded import Truth
from projections.statistics.mcnemar import mcnemar, paired_answers
from projections.statistics.ordering import Numbers, differences, over_one_denominator
from projections.statistics.proportion_intervals import proportion
from projections.statistics.results import Estimate, Outcome
from projections.statistics.rounding import decimals_of, fixed, from_to, p_text
from projections.statistics.signed_rank import signed_rank
from projections.statistics.spearman import spearman, spearman_interval
from projections.statistics.t_intervals import paired_t_interval

Incomplete = Sequence[Fraction | None]  # None where there is no value


def between(pair: tuple[str, str]) -> str:
    """Return two time points as the `timepoint` of a comparison."""
    return ARROW.join(pair)


def of_test(at: At, test: Outcome, *, note: str | None = None) -> Figure:
    """Return a test as a figure; `at` is its row, time point and statistic, `note` what was left out and why."""
    return Figure(
        *at,
        value=test.statistic,
        text=p_text(test.p),
        denominator=test.n,
        denominator_note=note,
        variant=f"{test.test}: {test.variant}",
        p_value=test.p,
        n_patients=test.n,
        n_used=test.n_used,
        zeros=test.zeros,
        ties=test.ties,
        reason=test.reason,
    )


def of_estimate(at: At, estimate: Estimate, *, unit: str = "", decimals: int = 1, scale: int = 1) -> Figure:
    """Return an estimate with its limits as a figure; `scale` turns a share into a percentage.

    The text has so many decimals; an estimate without a value or without limits says why in `reason`.
    """
    own = (estimate.value, estimate.low, estimate.high)
    value, low, high = (None if each is None else each * scale for each in own)
    limits = "" if low is None else f" ({limits_text(low, high, decimals)})"
    return Figure(
        *at,
        value=value,
        text=None if value is None else fixed(value, decimals) + limits,
        variant=f"{estimate.name}: {estimate.variant}",
        ci_low=low,
        ci_high=high,
        ci_method=estimate.interval if limits else None,
        n_patients=estimate.n,
        unit=unit,
        reason=estimate.reason,
    )


def limits_text(low: float, high: float | None, decimals: int) -> str:
    """Return limits as papers print them: as `from_to` does; an upper one that is None was not reached.

    >>> limits_text(1.04, 2.5, 1), limits_text(-1, 2, 0), limits_text(409, None, 0)
    ('1.0–2.5', '-1 to 2', '409–not reached')
    """
    return from_to(fixed(low, decimals), "not reached" if high is None else fixed(high, decimals))


def share(at: At, n: int, of: int, options: StatisticalOptions, *, note: str, decimals: int = 1) -> Figure:
    """Return n of `of` as a percentage with its interval; the text is as `16 of 22 (72.7%)`."""
    estimate = proportion(n, of, method=options.proportion, level=options.level)
    figure = of_estimate(at, estimate, unit="%", scale=100)
    percent = "" if not of else f" ({fixed(Fraction(100 * n, of), decimals)}%)"
    return figure._replace(
        text=f"{n} of {of}{percent}",
        numerator=n,
        denominator=of,
        denominator_note=note,
        ci_method=figure.ci_method and f"{figure.ci_method}, {100 * options.level:g}%",
        n_patients=None,
    )


def counted_share(at: At, n: int, of: int, options: StatisticalOptions, *, note: str) -> Figure:
    """Return n of `of` as a count, with the denominator of which it is a share and without an interval."""
    figure = share(at, n, of, options, note=note)
    return figure._replace(value=n, unit="", ci_low=None, ci_high=None, ci_method=None)


def rank_test(at: At, before: Numbers, after: Numbers, options: StatisticalOptions, *, note: str) -> Figure:
    """Return the signed-rank test of paired values, complete pairs only; `note` says who was left out."""
    return change_test(at, differences(after, before), options, note=note)


def change_test(at: At, changes: Numbers, options: StatisticalOptions, *, note: str) -> Figure:
    """Return the signed-rank test of paired changes; `note` says who was left out."""
    test = signed_rank(changes, zeros=options.zeros, correction=options.correction, p_from=options.signed_rank)
    return of_test(at, test, note=note)


def proportion_test(at: At, before: Truth, after: Truth, options: StatisticalOptions, *, note: str) -> Figure:
    """Return McNemar's test of a feature that patients had before and after, complete pairs only."""
    b, c, concordant = paired_answers(before, after)
    return of_test(at, mcnemar(b, c, concordant=concordant, variant=options.mcnemar), note=note)


def mean_difference(at: At, before: Numbers, after: Numbers, options: StatisticalOptions, *, unit: str = "") -> Figure:
    """Return the mean of before − after with its t interval: a fall is above 0, as papers print it."""
    estimate = paired_t_interval(before, after, level=options.level)
    figure = of_estimate(at, estimate, unit=unit, decimals=decimals_of(unit))
    return figure._replace(
        variant=f"{figure.variant}, earlier minus later",
        ci_method=figure.ci_method and f"{figure.ci_method}, {100 * options.level:g}%",
    )


def correlation(
    at: tuple[str, str], first: Incomplete, second: Incomplete, options: StatisticalOptions
) -> Iterator[Figure]:
    """Yield Spearman's rho of two columns over the members with its interval, and its p; complete pairs only."""
    one, two = complete(first, second)
    note = left_out(len(first) - len(one), len(first), "without both values")
    interval = spearman_interval(one, two, variant=options.spearman, level=options.level)
    yield of_estimate((*at, "rho"), interval, decimals=3)._replace(denominator_note=note)
    yield of_test((*at, "p"), spearman(one, two, variant=options.spearman), note=note)


def complete(before: Incomplete, after: Incomplete) -> tuple[list[Fraction], list[Fraction]]:
    """Return the pairs of which both sides are known, by their differences.

    In that order sums of doubles, and so the last digit of a figure, do not depend on the patients' pseudonyms.
    """
    pairs = [(one, two) for one, two in zip(before, after, strict=True) if one is not None and two is not None]
    whole, _ = over_one_denominator([value for pair in pairs for value in pair])
    keys = [(later - earlier, earlier) for earlier, later in zip(whole[::2], whole[1::2], strict=True)]
    ordered = [pairs[row] for row in sorted(range(len(pairs)), key=keys.__getitem__)]
    return [one for one, _ in ordered], [two for _, two in ordered]


def left_out(n: int, of: int, why: str) -> str:
    """Return how many patients were left out and why; nobody is said to be nobody.

    >>> left_out(2, 22, "not read at both time points"), left_out(0, 22, "")
    ('20 of 22 patients; 2 not read at both time points', '22 of 22 patients')
    """
    return left_out_for(of, [(n, why)])


def left_out_for(of: int, reasons: Sequence[tuple[int, str]]) -> str:
    """Return how many patients were left out for each of several reasons, in their order.

    >>> left_out_for(9, [(0, "without a visit"), (1, "without a value"), (2, "open")])
    '6 of 9 patients; 1 without a value; 2 open'
    """
    n = of - sum(number for number, _ in reasons)
    said = f"{n} of {of} {'patient' if of == 1 else 'patients'}"
    return "; ".join([said, *(f"{number} {why}" for number, why in reasons if number)])
