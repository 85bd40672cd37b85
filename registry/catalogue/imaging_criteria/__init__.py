"""Criteria over readings of images, each a declared module in this folder: yes, no, or cannot be said.

Adding one is adding a module here that defines `CRITERIA`; it is found by itself, and the table `reading_criteria`, the
cohorts' tables and the data dictionary follow from the declaration.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from registry.catalogue.declared_modules import declared_in

if TYPE_CHECKING:
    from registry.catalogue.imaging_criteria.criterion import ImagingCriterion


@cache
def imaging_criteria() -> dict[str, ImagingCriterion]:
    """Return every criterion over readings by its name, in the order of the names."""
    declared: list[ImagingCriterion] = declared_in(__name__, __path__, "CRITERIA")
    return {criterion.name: criterion for criterion in sorted(declared, key=lambda criterion: criterion.name)}
