"""How the section `values` of a cohort file is read: of what an index may be made at a time point."""

from __future__ import annotations

from typing import Final

from projections.clinical.visit_values import STRICT, ValueRule, prorated_names
from projections.observation.durations import Duration, duration
from registry.errors import FormatError
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
    text = keys.text("combine", SAME_DAY)
    try:
        length = duration("combine", text)
    except FormatError as refusal:
        keys.wrong("combine", str(refusal).removeprefix("combine: "))
        return STRICT.combine_days
    if length.months or length.days > LONGEST:
        keys.wrong("combine", f"{text!r} is not within 0 to {LONGEST} days; write days, as '7 days'")
        length = Duration()
    return length.days
