"""Sustained remission under certolizumab pegol, and the full dose, half of it or none of it afterwards."""

from __future__ import annotations

from random import Random
from typing import Final

from . import effects
from .activity import visit
from .people import Person
from .tables import Tables

WEEKS: Final = (0, 12, 24, 36, 48, 60, 72, 84, 96)
REMISSION: Final = 7 * 48  # day of sustained remission
END: Final = 7 * 96
CALM, FLARING = (0.4, 1.1), (4.5, 6.5)  # activity, between
DOSE: Final = {"agent": "certolizumab pegol", "dose": 200, "dose_unit": "mg", "route": "sc"}


def tapered(draw: Random, tables: Tables, patient: Person, *, dose: str) -> None:
    """One patient in one of the three arms, who flares or does not."""
    flare = None
    if draw.random() >= effects.FLARE_FREE[dose]:
        flare = REMISSION + draw.randint(20, 7 * 48 - 20)
        tables.add(
            "flares", patient=patient.code, started_on=patient.on(flare), basis="criteria",
            trigger="withdrawal" if dose == "withdrawn" else "unknown",
        )  # fmt: skip
    _courses(tables, patient, dose=dose)
    tables.add(
        "conditions", patient=patient.code, condition="sustained-remission", started_on=patient.on(REMISSION),
        basis="clinician",
    )  # fmt: skip
    _visits(draw, tables, patient, dose=dose, flare=flare)


def _courses(tables: Tables, patient: Person, *, dose: str) -> None:
    full, later = "every 2 weeks", {"full": "every 2 weeks", "reduced": "every 4 weeks"}.get(dose)
    first_ends = END if dose == "full" else REMISSION
    reason = {"full": "protocol-end", "reduced": "other", "withdrawn": "remission"}[dose]
    tables.add(
        "treatments", patient=patient.code, started_on=patient.on(0), stopped_on=patient.on(first_ends),
        stop_reason=reason, frequency=full, **DOSE,
    )  # fmt: skip
    if dose == "reduced":
        tables.add(
            "treatments", patient=patient.code, started_on=patient.on(REMISSION), stopped_on=patient.on(END),
            stop_reason="protocol-end", frequency=later, **DOSE,
        )  # fmt: skip


def _visits(draw: Random, tables: Tables, patient: Person, *, dose: str, flare: int | None) -> None:
    before = min(8.5, max(4.5, draw.gauss(6.3, 0.9)))
    calm, flaring = draw.uniform(*CALM), draw.uniform(*FLARING)
    for week in WEEKS:
        day = 7 * week
        activity = before if day == 0 else flaring if flare is not None and day >= flare else calm
        visit(
            draw, tables, patient, on=patient.on(day), label=f"week {week}", activity=activity,
            maintenance_dose=dose if week == 48 else None,
        )  # fmt: skip
