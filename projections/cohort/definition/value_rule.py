"""How the section `values` of a cohort file is read: of what an index may be made at a time point."""

from __future__ import annotations

from typing import Final

from projections.clinical.visit_values import STRICT, ValueRule, prorated_names
from projections.cohort.definition.spans import length_in_days
from registry.toml_keys import Keys

LONGEST: Final = 92  # days; what lies further apart is of two time points
SAME_DAY: Final = "0 days"


def read_value_rule(keys: Keys) -> ValueRule:
    """Return how far apart values may lie of which an index is made, and what is prorated."""
    rule = ValueRule(
        _combined(keys), keys.words("prorate", prorated_names(keys.catalogue)) if keys.there("prorate") else ()
    )
    keys.end()
    return rule


def _combined(keys: Keys) -> int:
    if not keys.there("combine"):
        return STRICT.combine_days
    return length_in_days(keys, "combine", SAME_DAY, longest=LONGEST)
