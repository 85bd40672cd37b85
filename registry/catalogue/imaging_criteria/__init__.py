"""Criteria over readings of images, each a declared module in this folder: yes, no, or cannot be said.

Adding one is adding a module here that defines `CRITERIA`; it is found by itself, and the table `reading_criteria`, the
cohorts' tables and the data dictionary follow from the declaration.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from registry.catalogue.imaging_criteria.criterion import ImagingCriterion


@cache
def imaging_criteria() -> dict[str, ImagingCriterion]:
    """Return every criterion over readings by its name, in the order of the names."""
    modules = (import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__))
    declared: list[ImagingCriterion] = [one for module in modules for one in getattr(module, "CRITERIA", ())]
    return {criterion.name: criterion for criterion in sorted(declared, key=lambda criterion: criterion.name)}
