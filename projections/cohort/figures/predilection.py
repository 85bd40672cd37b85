"""Predilection: are the locations with a lesion spread over the spine as the assessed locations are?

Pearson's chi-squared of goodness of fit on the counts of each segment (`segments p`) and of each part of a unit, as
anterior and posterior (`parts p`), against the number of locations assessed there. Locations of one patient are not
independent, so that a small p says less than it seems to; a large one says that no predilection was seen.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from projections.cohort.figures.comparing import of_test
from projections.cohort.figures.figures import Figure
from projections.cohort.figures.location_counts import LocationCounts
from projections.statistics.goodness_of_fit import goodness_of_fit, smallest_expected
from projections.statistics.results import NO_LIMITS
from projections.statistics.rounding import half_up
from registry.catalogue.imaging.places import Location

FEWEST: Final = 5  # expected of a group; below it the test is a rough one (Cochran 1954)


def spread(locations: Sequence[Location], at: tuple[str, str], counts: LocationCounts) -> Iterator[Figure]:
    """Yield the tests of a count at a time point; `locations` are all of the method's, in its order.

    Nothing is yielded for a count over some of the locations, nor where all are of one segment, or have no parts.
    """
    if counts.added.shape[2] != len(locations):
        return
    for name, groups in (
        ("segments", [location.segment for location in locations]),
        ("parts", [location.name.rpartition(" ")[2] for location in locations]),
    ):
        if 1 < len(set(groups)) < len(groups):
            yield _test((*at, f"{name} p"), counts, groups)


def _test(at: tuple[str, str, str], counts: LocationCounts, groups: Sequence[str]) -> Figure:
    names = list(dict.fromkeys(groups))
    places = [np.flatnonzero([group == name for group in groups]) for name in names]
    by_group = [counts.over(place) for place in places]
    totals = [group.total for group in by_group]
    assessed = [int(group.assessed.sum()) for group in by_group]
    counted = ", ".join(f"{name} {half_up(n, 1)} of {of}" for name, n, of in zip(names, totals, assessed))
    variant = "Pearson chi-squared: against the assessed locations"
    if any(total.denominator != 1 for total in totals):
        return Figure(*at, denominator_note=counted, variant=variant, reason=NO_LIMITS)
    whole = [int(total) for total in totals]
    test = goodness_of_fit(whole, shares=assessed)
    rough = test.p is not None and smallest_expected(sum(whole), assessed) < FEWEST
    note = f"{counted}; fewer than {FEWEST} expected of one" if rough else counted
    return of_test(at, test, note=note)._replace(variant=variant, n_patients=len(counts.members))
