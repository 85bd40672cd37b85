"""Readings by hand, and what the criteria say of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from projections import facts_at, project
from registry import Registry
from registry.catalogue.methods import methods
from tests.spec.given import PATIENT

CERVICAL: Final = [
    "C2 lower", "C3 upper", "C3 lower", "C4 upper", "C4 lower", "C5 upper", "C5 lower", "C6 upper", "C6 lower",
    "C7 upper", "C7 lower", "T1 upper",
]  # fmt: skip
LUMBAR: Final = [
    "T12 lower", "L1 upper", "L1 lower", "L2 upper", "L2 lower", "L3 upper", "L3 lower", "L4 upper", "L4 lower",
    "L5 upper", "L5 lower", "S1 upper",
]  # fmt: skip
Grades = Mapping[str, int | None]


class Said(NamedTuple):
    """What a criterion says: the answer, the number that it judges, and how many locations were made up."""

    met: bool | None
    value: float | None
    n_imputed: int


def read(registry: Registry, method: str, grades: Grades, *, on: str = "2002-06-03", **cells: str) -> None:
    """Have R1 read a study of the day, which is recorded where it is new."""
    study = f"S-{on}"
    modality, region = (("XR" if "XR" in methods()[method].modalities else "MRI"), methods()[method].regions[0])
    if study not in {row["study"] for row in project("imaging", facts_at(registry)).to_pylist()}:
        registry.record_study(study, patient=PATIENT, performed_on=on, modality=modality, regions=region)
    registry.record_reading(study, **{"reader": "R1", "method": method, "grades": dict(grades), **cells})  # type: ignore[arg-type]


def said(registry: Registry, criterion: str) -> Said:
    """What a criterion says of the only reading, or the only two, that it is about."""
    (only,) = all_said(registry, criterion)
    return Said(only["met"], only["value"], only["n_imputed"])


def all_said(registry: Registry, criterion: str) -> list[dict[str, Any]]:
    """Every row of a criterion."""
    rows: list[dict[str, Any]] = project("reading_criteria", facts_at(registry)).to_pylist()
    return [row for row in rows if row["criterion"] == criterion]


def film(**grades: int | None) -> dict[str, int | None]:
    """A complete film with grade 0 but at some corners, written as `C2_lower`."""
    corners: dict[str, int | None] = dict.fromkeys([*CERVICAL, *LUMBAR], 0)
    return corners | {name.replace("_", " "): grade for name, grade in grades.items()}


def joints(**grades: int | None) -> dict[str, int | None]:
    """Both sacroiliac joints by SPARCC without inflammation but at some places, as `right_1_upper_iliac`."""
    items = ("upper iliac", "upper sacral", "lower iliac", "lower sacral", "intensity", "depth", "upper-only")
    places: dict[str, int | None] = {
        f"{side} slice {number} {item}": 0 for side in ("right", "left") for number in range(1, 7) for item in items
    }
    return places | {_place(name): grade for name, grade in grades.items()}


def structure(**grades: int | None) -> dict[str, int | None]:
    """Both joints by the structural score without a lesion but at some places, as `right_1_upper_iliac_fat`."""
    places: dict[str, int | None] = {
        f"{side} slice {number} {part} {lesion}": 0
        for side in ("right", "left")
        for number in range(1, 6)
        for parts, lesions in (
            (("upper iliac", "upper sacral", "lower iliac", "lower sacral"), ("fat", "erosion")),
            (("upper half", "lower half"), ("backfill", "ankylosis")),
        )
        for part in parts
        for lesion in lesions
    }
    return places | {_place(name): grade for name, grade in grades.items()}


def _place(name: str) -> str:
    side, number, rest = name.split("_", 2)
    return f"{side} slice {number} {rest.replace('_', ' ').replace('upper only', 'upper-only')}"
