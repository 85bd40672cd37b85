"""Patients who have had Remicade for years and are changed to Remsima in one year, for no medical reason."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Final

from . import effects
from .activity import visit
from .people import Person
from .tables import Tables

SEEN: Final = (-180, -90, 0, 90, 180, 270, 365, 455)  # days from the switch
SWITCH: Final = 240  # days from enrolment, on average
DOSE: Final = {"agent": "infliximab", "dose": 400, "dose_unit": "mg", "frequency": "every 8 weeks", "route": "iv"}


def switched(draw: Random, tables: Tables, patient: Person) -> None:
    """Two courses of infliximab, and visits around the day on which its product was exchanged."""
    day = SWITCH + draw.randint(-40, 40)
    kept = round(draw.expovariate(effects.hazard(effects.BIOSIMILAR_KEPT)))
    ended = max(1, kept) <= SEEN[-1]
    began = patient.on(day - draw.uniform(3, 10) * 365.25)
    tables.add(
        "treatments", patient=patient.code, product="Remicade", started_on=f"{began:%Y-%m}",
        stopped_on=patient.on(day), stop_reason="non-medical-switch", **DOSE,
    )  # fmt: skip
    tables.add(
        "treatments", patient=patient.code, product="Remsima", started_on=patient.on(day),
        stopped_on=patient.on(day + max(1, kept)) if ended else None,
        stop_reason=draw.choice(("loss-of-efficacy", "adverse-event", "patient-wish")) if ended else None, **DOSE,
    )  # fmt: skip
    usual = min(5.0, max(0.5, draw.gauss(2.6, 0.9)))
    for seen in SEEN:
        came = seen if seen in (0, SEEN[-1]) else seen + draw.randint(-15, 15)
        worse = 1.6 if ended and came > kept else 1.0
        visit(
            draw, tables, patient, on=patient.on(day) + timedelta(days=came), label="", activity=usual * worse,
            smoking=patient.smoking, bmi=patient.bmi,
        )  # fmt: skip
