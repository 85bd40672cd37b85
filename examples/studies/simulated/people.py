"""Who a simulated patient is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from . import effects
from .tables import Tables


@dataclass(frozen=True)
class Person:
    """One patient, with what is true of him whether or not the registry knows it."""

    code: str
    sex: str
    radiographic: bool
    positive: bool  # of HLA-B27
    enrolled_on: date
    smoking: str
    bmi: float

    @property
    def hla_b27(self) -> str:
        return "positive" if self.positive else "negative"

    def on(self, day: float) -> date:
        """The date so many days after enrolment."""
        return self.enrolled_on + timedelta(days=round(day))


class Enrolment(NamedTuple):
    """Under which code, where and between which days a patient is enrolled, whether with symptoms for three years at most,
    and whether with radiographic disease alone.
    """

    code: str
    centre: str
    between: tuple[date, date]
    early: bool
    radiographic: bool


def person(draw: Random, tables: Tables, who: Enrolment) -> Person:
    """Draw a patient and add the enrolment."""
    sex = "female" if draw.random() < effects.WOMEN else "male"
    radiographic = draw.random() < effects.RADIOGRAPHIC[sex] or who.radiographic
    first, last = who.between
    drawn = Person(
        code=who.code,
        sex=sex,
        radiographic=radiographic,
        positive=draw.random() < effects.HLA_B27[radiographic],
        enrolled_on=first + timedelta(days=draw.randrange((last - first).days)),
        smoking=draw.choices(("never", "former", "current"), (45, 25, 30))[0],
        bmi=round(min(45.0, max(17.0, draw.gauss(26, 4))), 1),
    )
    _enrol(draw, tables, drawn, centre=who.centre, early=who.early)
    return drawn


def _enrol(draw: Random, tables: Tables, drawn: Person, *, centre: str, early: bool) -> None:
    years = draw.uniform(0.5, 3) if early else draw.uniform(3, 25)
    onset = drawn.on(-365.25 * years)
    tables.add(
        "patients",
        patient=drawn.code,
        enrolled_on=drawn.enrolled_on,
        centre=centre,
        sex=drawn.sex,
        birth_year=onset.year - draw.randint(18, 34),
        symptom_onset=f"{onset:%Y-%m}",
        diagnosed_on=f"{drawn.on(-365.25 * years * draw.uniform(0.1, 0.7)):%Y-%m}",
        criteria="mNY" if drawn.radiographic else "ASAS-axSpA",
        hla_b27="unknown" if draw.random() < effects.HLA_B27_UNKNOWN else drawn.hla_b27,
        consented_on=drawn.enrolled_on,
    )
