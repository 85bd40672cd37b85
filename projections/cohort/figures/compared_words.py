"""Words of groups compared: chi-squared, Fisher's exact test where it is wanted beside it, standardised differences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from projections.cohort.figures.compared import Compared, Words
from projections.cohort.figures.comparison import FISHER, Comparison, apart_from
from projections.cohort.figures.figures import Figure
from projections.columns.coded import Rows
from projections.statistics.contingency import chi_squared, least_expected
from projections.statistics.fisher import fisher_exact
from projections.statistics.standardised_difference import standardised_difference_of_counts

FEWEST = 5  # expected of each cell; below it the exact test stands beside (Cochran 1954)


def word_figures(comparison: Comparison, compared: Compared, of: Words) -> Iterator[Figure]:
    """Yield the tests of shares, then the standardised difference of each group from the reference.

    Of yes and no it is above 0 where more of the group say yes; of several words it has no sign.
    """
    counts = _counts(of, comparison.rows)
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


def _counts(of: Words, groups: Sequence[Rows]) -> list[list[int]]:
    """Return by group how many of its members have each of the words."""
    places: dict[str | None, int] = {code: place for place, code in enumerate(of.codes)}
    nothing = len(places)
    said = np.array([places.get(word, nothing) for word in of.words], dtype=np.int64)
    return [np.bincount(said[rows], minlength=nothing + 1)[:nothing].tolist() for rows in groups]
