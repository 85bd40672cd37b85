"""Response criteria, flare definitions and classification criteria, each a declared module in this folder.

    judged = criteria()["asas20"].over(at_week_12, before=at_baseline)
    judged.met.answers(), judged.n_improved, judged.n_known, judged.rule

Adding one is adding a module here that defines `CRITERIA` or `CLASSIFICATIONS`; it is found by itself. Nothing is
imported before it is asked for: the rules run on NumPy columns, and a start of the command line needs none.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from registry.catalogue.declared_modules import declared_in

if TYPE_CHECKING:
    from registry.catalogue.criteria.classification import Classification
    from registry.catalogue.criteria.criterion import Criterion


@cache
def criteria() -> dict[str, Criterion]:
    """Return every response criterion and flare definition by its name, in the order of the names."""
    declared: list[Criterion] = declared_in(__name__, __path__, "CRITERIA")
    return {criterion.name: criterion for criterion in sorted(declared, key=lambda criterion: criterion.name)}


@cache
def classifications() -> dict[str, Classification]:
    """Return every set of classification criteria by its name, in the order of the names."""
    declared: list[Classification] = declared_in(__name__, __path__, "CLASSIFICATIONS")
    return {one.name: one for one in sorted(declared, key=lambda one: one.name)}
