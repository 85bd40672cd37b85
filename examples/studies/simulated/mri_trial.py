"""A trial of adalimumab against placebo with MRI of spine and sacroiliac joints at weeks 0, 12 and 52."""

from __future__ import annotations

from random import Random
from typing import Final

from . import effects
from .activity import visit
from .people import Person
from .tables import Tables

LEVELS: Final = ("T5/6", "T6/7", "T7/8", "T8/9", "L1/2", "L2/3")
SPINE: Final = tuple(f"{level} slice {n}" for level in LEVELS for n in (1, 2, 3))
SIJ: Final = tuple(f"{side} slice {n}" for side in ("right", "left") for n in range(1, 7))
SPINAL: Final = ("upper anterior", "upper posterior", "lower anterior", "lower posterior")
SACROILIAC: Final = ("upper iliac", "upper sacral", "lower iliac", "lower sacral")
WEEKS: Final = {"baseline": 0, "week 12": 84, "week 24": 168, "week 52": 364}
ENDED: Final = 371
READERS: Final = ("R1", "R2")
LEFT: Final = {"adalimumab": 0.45, "placebo": 0.9}  # of the activity, after 12 weeks

Slices = dict[str, dict[str, int]]  # grades of items, by slice


def tried(draw: Random, tables: Tables, patient: Person, *, arm: str) -> None:
    """One patient of the trial, who has adalimumab from week 24 on whatever the arm."""
    _courses(tables, patient, arm=arm)
    before = min(9.0, max(4.5, draw.gauss(6.4, 1.0)))
    for week, day in WEEKS.items():
        left = 1.0 if day == 0 else LEFT["adalimumab" if day > 168 else arm]
        visit(draw, tables, patient, on=patient.on(day), label=week, activity=before * left)
    spine, sij = _slices(draw, SPINE, SPINAL), _slices(draw, SIJ, SACROILIAC)
    _mri(draw, tables, patient, week=0, spine=spine, sij=sij)
    spine12 = _later(draw, spine, SPINAL, arm=arm, resolved=effects.RESOLVED_WEEK_12[arm])
    sij12 = _later(draw, sij, SACROILIAC, arm=arm, resolved=effects.RESOLVED_WEEK_12[arm])
    _mri(draw, tables, patient, week=12, spine=spine12, sij=sij12)
    final = [_later(draw, each, (), arm="adalimumab", resolved=effects.RESOLVED_WEEK_52) for each in (spine, sij)]
    _mri(draw, tables, patient, week=52, spine=final[0], sij=final[1])


def _courses(tables: Tables, patient: Person, *, arm: str) -> None:
    given = [("adalimumab", 0, ENDED)] if arm == "adalimumab" else [("placebo", 0, 168), ("adalimumab", 168, ENDED)]
    for agent, start, stop in given:
        tables.add(
            "treatments", patient=patient.code, agent=agent, started_on=patient.on(start), stopped_on=patient.on(stop),
            stop_reason="protocol-end", dose=40, dose_unit="mg", frequency="every 2 weeks", route="sc",
            arm="ADA" if arm == "adalimumab" else "PBO",
        )  # fmt: skip


def _slices(draw: Random, places: tuple[str, ...], quadrants: tuple[str, ...]) -> Slices:
    active = draw.uniform(0.2, 0.8)
    clear = {item: 0 for item in (*quadrants, "intensity", "depth")}
    return {place: _inflamed(draw, quadrants) if draw.random() < active else clear for place in places}


def _inflamed(draw: Random, quadrants: tuple[str, ...]) -> dict[str, int]:
    first = draw.choice(quadrants)
    found = {item: int(item == first or draw.random() < 0.3) for item in quadrants}
    return {**found, "intensity": int(draw.random() < 0.15), "depth": int(draw.random() < 0.1)}


def _later(draw: Random, slices: Slices, quadrants: tuple[str, ...], *, arm: str, resolved: float) -> Slices:
    """A slice becomes clear as a whole, so that the score falls by the share that is `resolved` on average."""
    new = effects.NEW_UNDER_PLACEBO if arm == "placebo" else 0.0
    later: Slices = {}
    for place, grades in slices.items():
        if not any(grades.values()):
            later[place] = _inflamed(draw, quadrants) if draw.random() < new else grades
        else:
            later[place] = dict.fromkeys(grades, 0) if draw.random() < resolved else grades
    return later


def _mri(draw: Random, tables: Tables, patient: Person, *, week: int, spine: Slices, sij: Slices) -> None:
    study = f"{patient.code}-MR{week}"
    tables.add(
        "imaging", study=study, patient=patient.code, performed_on=patient.on(7 * week), modality="MRI",
        regions="spine;sij", sequences="T1;STIR",
    )  # fmt: skip
    for reader in READERS:
        _read(draw, tables, study=study, reader=reader, method="sparcc-spine-6", slices=spine)
        upper = {place: {**grades, "upper-only": 0} for place, grades in sij.items()}
        _read(draw, tables, study=study, reader=reader, method="sparcc-sij", slices=upper)


def _read(draw: Random, tables: Tables, *, study: str, reader: str, method: str, slices: Slices) -> None:
    """A reader overlooks some slices, as often at each visit, so that shares of a score stay what they are."""
    seconds = draw.randint(240, 700)
    for location, grades in slices.items():
        seen = dict.fromkeys(grades, 0) if draw.random() < effects.OVERLOOKED else grades
        for item, grade in seen.items():
            tables.add(
                "readings", study=study, reader=reader, method=method, seconds=seconds, location=location, item=item,
                grade=grade,
            )  # fmt: skip
