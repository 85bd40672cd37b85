"""All tables of a cohort, figure by figure, in the order in which the definition asks for them."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from projections.cohort.figures.figures import Placed, statistics_table
from projections.cohort.members.cohort import Cohort
from projections.cohort.tables import cohort_table
from projections.columns.arrow import ArrowTable


def figures(cohort: Cohort, *, only: Collection[str] = ()) -> Iterator[Placed]:
    """Yield every figure of the tables that the definition wants, of those named in `only` where any are.

    Who is in the cohort does not depend on `only`. Raises `CohortError` where the definition does not say whose
    readings count, `UnknownCodeError` for a reader or session that nobody has.
    """
    for name, request in cohort.definition.tables:
        if not only or name in only:
            yield from (Placed(name, figure) for figure in cohort_table(name).figures(cohort, request))


def cohort_statistics(cohort: Cohort) -> ArrowTable:
    """Return the table `cohort_statistics`: one row a figure, by cohort, table, row, timepoint, statistic."""
    return statistics_table(cohort.definition.name, figures(cohort), cohort.facts.at)
