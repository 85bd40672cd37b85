"""What is measured at a visit, from an activity between 0 and 10 that nobody sees."""

from __future__ import annotations

import math
from datetime import date
from random import Random
from typing import Final

from . import effects
from .people import Person
from .tables import Row, Tables

MISSING: Final = 0.03  # that an answer or CRP was not taken
SPREAD: Final = 0.2  # standard deviation of an answer, times the activity
CRP_SPREAD: Final = 0.4  # standard deviation of ln(CRP + 1)


def visit(draw: Random, tables: Tables, patient: Person, *, on: date, label: str, activity: float, **more: object) -> None:
    """Add a visit with all answers; `more` are measures of the protocol."""
    answers: Row = {f"basdai_{n}": _answer(draw, activity) for n in range(1, 7)}
    answers["basfi"] = _answer(draw, 0.8 * activity)
    answers["patient_global"] = round(10 * _answer(draw, activity))
    answers["total_back_pain"] = round(10 * _answer(draw, activity))
    answers["crp"] = round(max(0.1, math.exp(draw.gauss(effects.log_crp(activity), CRP_SPREAD)) - 1), 1)
    kept = {name: None if draw.random() < MISSING else value for name, value in answers.items()}
    tables.add("visits", patient=patient.code, visited_on=on, visit=label, **kept, **more)


def _answer(draw: Random, activity: float) -> float:
    return round(min(10.0, max(0.0, draw.gauss(activity, SPREAD * activity))), 1)
