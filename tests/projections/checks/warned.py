"""What one rule warns of."""

from __future__ import annotations

from projections import facts_at
from projections.checks.all_warnings import table
from registry import Registry


def warned(registry: Registry, rule: str) -> list[tuple[str, str]]:
    """Return what a rule doubts: the reference of each fact, and what of it."""
    rows = table(facts_at(registry), rules=[rule]).to_pylist()
    return [(row["reference"], row["on"]) for row in rows]


def says(registry: Registry, rule: str) -> list[str]:
    """Return what a rule says of each fact that it doubts."""
    texts: list[str] = table(facts_at(registry), rules=[rule])["says"].to_pylist()
    return texts
