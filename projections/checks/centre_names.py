"""Centres that seem to be one: their names differ by case, blanks, accents, zeros, or by one letter of a long word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from projections.checks.findings import FINDINGS, findings
from projections.checks.spelling import one_name

if TYPE_CHECKING:
    from projections.checks.checked_facts import CheckedFacts


def centres_that_seem_one(checked: CheckedFacts) -> Any:
    """Return the patients of the centre that has fewer of them, of each two whose names seem to be one."""
    patients = checked.patients
    counted = patients["centre"].value_counts().to_pylist()
    sizes = {row["values"]: row["counts"] for row in counted if row["values"] is not None}
    pairs = (sorted(pair, key=lambda name: (sizes[name], pair.index(name))) for pair in one_name(sizes))
    found = [_of_centre(patients, rarer, sizes, beside) for rarer, beside in pairs]
    return pa.concat_tables([FINDINGS.empty_table(), *found])


def _of_centre(patients: Any, rarer: str, sizes: dict[str, int], beside: str) -> Any:
    doubted = patients.filter(pc.equal(patients["centre"], rarer))
    says = f"{rarer!r} of {sizes[rarer]:,}, beside {beside!r} of {sizes[beside]:,}"
    n = doubted.num_rows
    return findings(patient=doubted["patient"], reference=doubted["fact"], on=["centre"] * n, says=[says] * n)
