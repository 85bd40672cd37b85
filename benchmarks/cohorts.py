"""Simulated registries to measure on: of one seed, made once, kept in the folder of their scale."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

from benchmarks.measuring import timed
from benchmarks.records import Scale
from registry.simulation import CohortSize, SimulatedCohort, record_simulated, simulated

SEED: Final = 1
YEARS: Final = 10
PATIENTS: Final = 13_300  # of ten years, that have 999,769 events


def cohort(events: int) -> SimulatedCohort:
    """Return a cohort of about so many events."""
    return simulated(CohortSize(max(1, events * PATIENTS // 1_000_000), YEARS, SEED))


def recorded(place: str, events: int) -> tuple[float, int]:
    """Simulate a cohort and record it in a new registry; the answer is the number of its events."""
    run = timed(lambda: record_simulated(cohort(events), place), lambda number: number)
    return run.seconds, run.answer


def registry_of(scale: Scale, events: int | None = None) -> Path:
    """Return the registry of about so many events, by default the scale's, made where it is not there yet."""
    events, folder = events or scale.events, scale.folder
    path = folder / f"registry-{events}.db"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = folder / "unfinished.db"
        remove_registry(unfinished)
        scale.apart(recorded, str(unfinished), events)
        unfinished.rename(path)
    return path


def remove_registry(path: Path) -> None:
    """Remove a registry's file and all that is beside it."""
    for beside in path.parent.glob(f"{path.name}*"):
        shutil.rmtree(beside) if beside.is_dir() else beside.unlink()
