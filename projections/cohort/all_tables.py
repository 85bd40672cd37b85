"""All tables of a cohort, figure by figure, in the order in which the definition asks for them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from importlib import import_module
from typing import Any

from projections.cohort.figures.figures import Placed, statistics_table
from projections.cohort.members.cohort import Cohort


def figures(cohort: Cohort, *, only: Collection[str] = ()) -> Iterator[Placed]:
    """Yield every figure of the tables that the definition wants, of those named in `only` where any are.

    Who is in the cohort does not depend on `only`. Raises `CohortError` where the definition does not say whose
    readings count, `UnknownCodeError` for a reader or session that nobody has.
    """
    for wanted in cohort.definition.tables:
        if only and wanted.name not in only:
            continue
        table = import_module(f"projections.cohort.tables.{wanted.name}")
        yield from (Placed(wanted.name, figure) for figure in table.figures(cohort, wanted))


def cohort_statistics(cohort: Cohort) -> Any:
    """Return the table `cohort_statistics`: one row a figure, by cohort, table, row, timepoint, statistic."""
    return statistics_table(cohort.definition.name, figures(cohort), cohort.facts.at)
