"""All tables of a cohort, figure by figure, in the order in which the definition asks for them.

Where members are in groups, a table has its figures of all of them, unless the definition leaves these out, then those
of each group, then what stands between the groups.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, Final

from projections.cohort.figures.between_groups import between_groups
from projections.cohort.figures.dependent_rows import of_dependent_rows
from projections.cohort.figures.figures import Figure, Placed, statistics_table
from projections.cohort.members.cohort import Cohort
from projections.cohort.members.groups import grouped, of_group
from projections.cohort.table import CohortTable
from projections.cohort.tables import cohort_table
from projections.columns.arrow import ArrowTable
from projections.columns.partial_days import Partial

BOUNDS: Final[tuple[Partial, ...]] = ("shortest", "longest")


def figures(cohort: Cohort, *, only: Collection[str] = ()) -> Iterator[Placed]:
    """Yield every figure of the tables that the definition wants, of those named in `only` where any are.

    Who is in the cohort does not depend on `only`. Raises `CohortError` where the definition does not say whose
    readings count, `UnknownCodeError` for a reader or session that nobody has.
    """
    for name, request in cohort.definition.tables:
        if not only or name in only:
            yield from (Placed(name, figure) for figure in _figures_of(cohort, cohort_table(name), request))


def cohort_statistics(cohort: Cohort) -> ArrowTable:
    """Return the table `cohort_statistics`: one row a figure, by cohort, table, row, timepoint, statistic, group."""
    return statistics_table(cohort.definition.name, figures(cohort), cohort.facts.at)


def _figures_of(cohort: Cohort, table: CohortTable[Any], request: tuple[Any, ...]) -> Iterator[Figure]:
    """Yield the figures of a table; where bounds of partial days are asked for, of both, each named at its time."""
    if not (cohort.definition.observed.bounds and table.rests_on_time):
        yield from _columns(cohort, table, request)
        return
    for bound in BOUNDS:
        bounded = cohort.with_partial_days(bound)
        for figure in _columns(bounded, table, request):
            yield figure._replace(timepoint=", ".join(filter(None, (figure.timepoint, bound))))


def _columns(cohort: Cohort, table: CohortTable[Any], request: tuple[Any, ...]) -> Iterator[Figure]:
    """Yield the figures of a table of all members, and of each group."""
    groups = None if table.of_all else cohort.definition.groups
    if groups is None or groups.overall:
        found = table.figures(cohort, request)
        yield from found if table.clustered else of_dependent_rows(found, cohort)
    if groups is None:
        return
    for name in grouped(cohort).names:
        members = of_group(cohort, name)
        for figure in of_dependent_rows(table.figures(members, request), members):
            yield figure._replace(group=name)
    tests = table.tested if groups.tests is None else groups.tests
    compared = between_groups(cohort, table.compared(cohort, request), tests=tests)
    yield from of_dependent_rows(compared, cohort)
