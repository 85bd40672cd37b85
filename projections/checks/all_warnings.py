"""One row per warning: everything implausible at a point in time, from all rules, to be looked at by a person.

Columns: rule, patient, reference (of the visit or the study), on (what is doubted: a measure, a location), says. In the
order of these. Nothing is changed or left out of any table because of a warning.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from projections.checks import implausible, reading_contradictions
from registry.domain.references import reference

if TYPE_CHECKING:
    from projections.point_in_time import Facts


RULES: Final = (*implausible.RULES, *(rule.name for rule in reading_contradictions.RULES))


class Warned(msgspec.Struct, frozen=True, order=True):
    """One warning: the rule, the patient, the fact, what of it is doubted, and why."""

    rule: str
    patient: str
    reference: str
    on: str
    says: str


def all_warnings(facts: Facts) -> list[Warned]:
    """Return every warning at a point in time, by rule."""
    values = (
        Warned(
            row["rule"],
            row["patient"],
            row["visit_id"],
            row["measure"],
            f"{row['value']:.6g} {row['unit']}; {row['limit']}",
        )
        for row in implausible.table(facts).to_pylist()
    )
    readings = (
        Warned(
            row["rule"],
            row["patient"],
            reference("imaging", row["study"]),
            row["location"],
            f"{row['values']} ({row['reader']}{', ' if row['session'] else ''}{row['session']})",
        )
        for row in reading_contradictions.table(facts).to_pylist()
    )
    return sorted((*values, *readings))
