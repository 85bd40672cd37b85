"""Which headline sums of imaging methods belong to the data set of a cohort: those that its tables are about."""

from __future__ import annotations

from typing import Any

from projections.cohort.definition.table_keys import scored_methods
from projections.cohort.figures.method_totals import MethodTotals, method_totals
from projections.cohort.members.cohort import Cohort
from projections.cohort.members.readings import read_methods


def headline_sums(cohort: Cohort) -> dict[str, MethodTotals]:
    """Return the sums by what tables call them, of the methods of scores, trajectory and progression that were read.

    Raises `CohortError` where the definition does not say which of several readers or sessions counts.
    """
    return {totals.row: totals for method in _methods(cohort) for totals in method_totals(cohort, method)}


def _methods(cohort: Cohort) -> list[str]:
    catalogue = cohort.facts.catalogue
    asked = {each.name: each.asked for each in cohort.definition.tables}
    wanted = {name for table in ("scores", "trajectory", "progression") for name in _named(asked.get(table), "methods")}
    of_criteria = _named(asked.get("progression"), "criteria")
    wanted |= {method for name in of_criteria for method in catalogue.imaging_criteria[name].methods}
    if _all_are_meant(asked):
        wanted |= set(scored_methods(catalogue))
    return [code for code in scored_methods(catalogue) if code in wanted & read_methods(cohort)]


def _all_are_meant(asked: dict[str, Any]) -> bool:
    """Return whether a table is about all that was read, as it names nothing."""
    keys = {"scores": ("methods",), "trajectory": ("methods", "measures")}
    keys["progression"] = ("methods", "measures", "criteria")
    return any(table in asked and not any(_named(asked[table], key) for key in said) for table, said in keys.items())


def _named(request: Any, key: str) -> tuple[str, ...]:
    return tuple(getattr(request, key, ()))
