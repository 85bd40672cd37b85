"""Words of groups compared: chi-squared, Fisher's exact test where it is wanted beside it, standardised differences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from projections.cohort.figures.compared import Compared, Words
from projections.cohort.figures.comparison import FISHER, Comparison, apart_from
from projections.cohort.figures.figures import Figure
from projections.statistics.contingency import chi_squared, least_expected
from projections.statistics.fisher import fisher_exact
from projections.statistics.standardised_difference import standardised_difference_of_counts

FEWEST = 5  # expected of each cell; below it the exact test stands beside (Cochran 1954)


def word_figures(comparison: Comparison, compared: Compared, of: Words) -> Iterator[Figure]:
    """Yield the tests of shares, then the standardised difference of each group from the reference.

    Of yes and no it is above 0 where more of the group say yes; of several words it has no sign.
    """
    counts = [_counts(of, rows.tolist()) for rows in comparison.rows]
    note = comparison.counted([sum(each) for each in counts])
    in_order = sorted(counts)
    yield from comparison.test(compared, chi_squared(in_order), note=note)
    least = least_expected(in_order) if comparison.tests else None
    if least is not None and least < FEWEST:
        for figure in comparison.test(compared, fisher_exact(in_order), note=note):
            yield figure._replace(statistic=f"{figure.statistic}{FISHER}")
    for place, name in comparison.others:
        apart = standardised_difference_of_counts(counts[place], counts[comparison.reference])
        yield comparison.against(compared, apart, statistic=apart_from(compared.statistic), group=name, note=note)


def _counts(of: Words, rows: list[int]) -> list[int]:
    said = Counter(of.words[row] for row in rows)
    return [said[code] for code in of.codes]
