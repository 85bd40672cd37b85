"""What stands between the groups of a cohort: tests, differences, ratios, standardised differences, of any table.

Means: Welch's test, of two groups his t, and the difference from the reference with its limits. Ranks: Kruskal and
Wallis, of two groups Mann and Whitney. Shares: Pearson's chi-squared, uncorrected, and Fisher's exact test beside it
where fewer than 5 are expected of something. Curves: log-rank with late entries, and Gray's test of one cause among
others. Rates: the exact ratio to the reference and its exact test; of events that can come again also limits by
drawing patients, and the rate of first events. Each group against the reference: standardised differences.

Groups come to a test in an order of what is in them, never of their names: under other names the same doubles result.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from projections.cohort.figures.compared import Compared, Durations, Numbers, Words
from projections.cohort.figures.compared_curves import curve_figures
from projections.cohort.figures.compared_numbers import number_figures
from projections.cohort.figures.compared_rates import rate_figures
from projections.cohort.figures.compared_words import word_figures
from projections.cohort.figures.comparison import Comparison, is_test
from projections.cohort.figures.figures import Figure
from projections.cohort.members.cohort import Cohort

ROW: Final = "groups"
NOBODY: Final = "in none"
TESTS: Final = "tests"


def between_groups(cohort: Cohort, compared: Iterable[Compared], *, tests: bool) -> Iterator[Figure]:
    """Yield how large the groups are, what stands between them, and how many tests that are.

    Without `tests` no p is among them. Raises as `grouped`.
    """
    comparison = Comparison.of(cohort, tests=tests)
    yield from _sizes(cohort, comparison)
    n_tests = 0
    for each in compared:
        for figure in _figures(comparison, each):
            n_tests += is_test(figure)
            yield figure
    yield _number(TESTS, n_tests, "tests between groups of this table; p are not adjusted for their number")


def _figures(comparison: Comparison, each: Compared) -> Iterator[Figure]:
    if isinstance(each.of, Numbers):
        return number_figures(comparison, each, each.of)
    if isinstance(each.of, Words):
        return word_figures(comparison, each, each.of)
    if isinstance(each.of, Durations):
        return curve_figures(comparison, each, each.of)
    return rate_figures(comparison, each, each.of)


def _sizes(cohort: Cohort, comparison: Comparison) -> Iterator[Figure]:
    found = comparison.groups
    for name, n in found.sizes.items():
        yield _number("n", n, f"members of {cohort.n}")._replace(group=name, denominator=cohort.n, numerator=n)
    n = sum(number for number, _ in found.left_out)
    note = "; ".join(f"{number} {why}" for number, why in found.left_out) or "everybody is in a group"
    yield _number(NOBODY, n, note)._replace(denominator=cohort.n, numerator=n)


def _number(statistic: str, n: int, note: str) -> Figure:
    return Figure(ROW, "", statistic, value=n, text=str(n), denominator_note=note, n_patients=None)
