"""Imaging methods: published scoring systems, each a declared module in this folder.

Adding a method is adding one module here that defines `METHOD`; it is found by itself, and intake,
refusals, findings, states, courses, scores and the data dictionary follow from the declaration.
"""

from __future__ import annotations

from functools import cache

from registry.catalogue.declared_modules import modules_in
from registry.catalogue.imaging.method import Method


@cache
def methods() -> dict[str, Method]:
    """Return every method by its code, in the order of the codes."""
    declared: list[Method] = [module.METHOD for module in modules_in(__name__, __path__)]
    return {method.code: method for method in sorted(declared, key=lambda method: method.code)}
