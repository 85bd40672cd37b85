"""The tables of a cohort: each a module in this folder, named as the paper's table, that declares `TABLE`.

Adding a table is adding one module here; it is found by itself, and definition files, figures, exports and the printed
layout follow from the declaration. Only the tables that are wanted are imported.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, Final

from projections.cohort.table import CohortTable

PAPER_ORDER: Final = (
    "characteristics",
    "lesions",
    "scores",
    "clinical",
    "responders",
    "verdicts",
    "survival",
    "rates",
    "medication",
    "safety",
    "agreement",
)


@cache
def table_names() -> tuple[str, ...]:
    """Return the tables that there are in the order of a paper; those that have no place in it follow by name."""
    others = sorted(module.name for module in iter_modules(__path__) if module.name not in PAPER_ORDER)
    return (*PAPER_ORDER, *others)


def cohort_table(name: str) -> CohortTable[Any]:
    """Return a table, one of `table_names`."""
    table: CohortTable[Any] = import_module(f"{__name__}.{name}").TABLE
    return table
