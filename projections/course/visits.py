"""A patient's visits: the indices with their change since the baseline of the treatment, then what was measured.

The baseline of a visit is that of the immunomodulating course that had begun last before it: the last visit at or
before its start, within the window of the table `responses`. Values are rounded half up to two decimals, here only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Final

from projections.course.entry import CourseEntry, Row, day_of, rows_of
from projections.derived.responses import BASELINE_WINDOW_DAYS
from registry.catalogue.agents import AGENTS
from registry.catalogue.measures import MEASURES

if TYPE_CHECKING:
    from projections.point_in_time import Facts

INDICES: Final = {  # in the order in which they are read
    "basdai": "BASDAI",
    "asdas_crp": "ASDAS-CRP",
    "asdas_esr": "ASDAS-ESR",
    "basfi": "BASFI",
    "basmi": "BASMI as reported",
    "basmi_2step": "BASMI 2-step",
    "basmi_10step": "BASMI 10-step",
    "basmi_linear": "BASMI linear",
}
MEASURED: Final = ("visit_id", "measure", "derived", "value", "captured_value", "captured_unit", "comparator")
UNSPOKEN_UNITS: Final = ("nrs", "score", "count")
CENT: Final = Decimal("0.01")


def visits(facts: Facts, patient: str) -> Iterator[CourseEntry]:
    """Yield a patient's visits."""
    indices: dict[object, dict[str, float]] = {}
    captured: dict[object, dict[str, Row]] = {}
    for row in rows_of(facts, "measures", patient, *MEASURED):
        name = str(row["measure"])
        if not row["derived"]:
            captured.setdefault(row["visit_id"], {})[name] = row
        if name in INDICES and isinstance(row["value"], float):
            indices.setdefault(row["visit_id"], {})[name] = row["value"]
    rows = rows_of(facts, "visits", patient)
    starts = [row["started_on"] for row in rows_of(facts, "treatments", patient, "agent", "started_on") if _counts(row)]
    for row in rows:
        before = _baseline(row, rows, [start for start in starts if isinstance(start, date)])
        said = [
            *_indices(indices.get(row["visit_id"], {}), indices.get(before, {})),
            *_captured(captured.get(row["visit_id"], {})),
        ]
        yield CourseEntry(
            on=day_of(row, "visited_on"),
            until=None,
            what="visit",
            which=str(row["visit"] or ""),
            details=", ".join(said),
            reference=str(row["visit_id"]),
        )


def _counts(treatment: Row) -> bool:
    return AGENTS[str(treatment["agent"])].immunomodulating


def _baseline(visit: Row, visits: list[dict[str, object]], starts: list[date]) -> object:
    """Return the baseline visit of the course that had begun last before a visit, None where it has none."""
    on = visit["visited_on"]
    assert isinstance(on, date)
    start = max((start for start in starts if start < on), default=None)
    if start is None:
        return None
    window = start - timedelta(days=BASELINE_WINDOW_DAYS)
    before = [row for row in visits if isinstance(row["visited_on"], date) and window <= row["visited_on"] <= start]
    return before[-1]["visit_id"] if before else None


def _indices(now: Mapping[str, float], baseline: Mapping[str, float]) -> Iterator[str]:
    for name, title in INDICES.items():
        if name in now:
            change = Decimal(repr(now[name])) - Decimal(repr(baseline[name])) if name in baseline else None
            moved = "" if change is None else f" ({change.quantize(CENT, ROUND_HALF_UP):+f})"
            yield f"{title} {Decimal(repr(now[name])).quantize(CENT, ROUND_HALF_UP):f}{moved}"


def _captured(taken: Mapping[str, Row]) -> Iterator[str]:
    """Yield what was measured in the catalogue's order; the items of a questionnaire in one go, a dash for a gap."""
    for series in ("basdai", "basfi"):
        items = [name for name in MEASURES if name.startswith(f"{series}_")]
        if any(name in taken for name in items):
            yield f"{series} items " + " ".join(
                str(taken[name]["captured_value"]) if name in taken else "-" for name in items
            )
    for name in MEASURES:
        if name in taken and name not in INDICES and not name.startswith(("basdai_", "basfi_")):
            row = taken[name]
            unit = "" if row["captured_unit"] in UNSPOKEN_UNITS else f" {row['captured_unit']}"
            yield f"{name} {row['comparator'] or ''}{row['captured_value']}{unit}"
