"""An inception cohort without biologics: courses of activity, NSAIDs, and radiographs every two years by two readers."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Final, NamedTuple

from . import effects
from .activity import visit
from .people import Person
from .radiographs import Spine, grown, read, spine
from .tables import Tables

SEEN: Final = (0, 182, 365, 547, 730, 912, 1096)
RADIOGRAPHS: Final = (0, 730, 1461)
USUAL: Final = (0.8, 1.2)  # times the activity of the course, of one patient
THIRD_FILM: Final = 0.6  # how many have the third, after four years


class Intake(NamedTuple):
    """NSAID courses in days after enrolment: how long each lasts, how often one begins, and the dose."""

    agent: str
    dose: int
    often: str
    lasts: int
    every: int


HIGH: Final = (  # index of 50 or more
    Intake("naproxen", 500, "twice daily", 1600, 1600),  # 100
    Intake("etoricoxib", 60, "daily", 1600, 1600),  # 67
    Intake("diclofenac", 75, "twice daily", 292, 365),  # 80
)
LOW: Final = (
    Intake("naproxen", 250, "daily", 1600, 1600),  # 25
    Intake("etoricoxib", 90, "daily", 73, 365),  # 20
    Intake("ibuprofen", 400, "twice daily", 1600, 1600),  # 33
    Intake("celecoxib", 200, "daily", 146, 365),  # 20
)
FULL: Final = {"naproxen": 1000, "etoricoxib": 90, "diclofenac": 150, "ibuprofen": 2400, "celecoxib": 400}  # mg a day


def followed(draw: Random, tables: Tables, patient: Person) -> None:
    """Three years of visits, and four of radiographs for some."""
    high = draw.random() < effects.HIGH_NSAID
    intake = draw.choice(HIGH if high else LOW)
    films = 3 if draw.random() < THIRD_FILM else 2
    last = RADIOGRAPHS[2] if films == 3 else SEEN[-1]
    _nsaids(tables, patient, intake=intake, last=last)
    _visits(draw, tables, patient, index=index(intake), last=last)
    state = spine(draw, radiographic=patient.radiographic)
    for n in range(films):
        if n:
            state = grown(draw, state, mean=effects.growth(patient.sex, patient.radiographic, high))
        _film(draw, tables, patient, number=n, state=state)


def index(intake: Intake, days: int = 730) -> int:
    """Return the ASAS index of NSAID intake over so many days from enrolment on, rounded."""
    times = 2 if intake.often == "twice daily" else 1
    taken = sum(min(intake.lasts, days - start) for start in range(0, days, intake.every))
    return round(100 * intake.dose * times * taken / (FULL[intake.agent] * days))


def _nsaids(tables: Tables, patient: Person, *, intake: Intake, last: int) -> None:
    for start in range(0, last, intake.every):
        stop = start + intake.lasts
        tables.add(
            "treatments", patient=patient.code, agent=intake.agent, started_on=patient.on(start),
            stopped_on=patient.on(stop) if stop < last else None, stop_reason="remission" if stop < last else None,
            dose=intake.dose, dose_unit="mg", frequency=intake.often, route="po",
        )  # fmt: skip


def _visits(draw: Random, tables: Tables, patient: Person, *, index: int, last: int) -> None:
    shares = [share for share, _, _ in effects.COURSES.values()]
    _, first, later = draw.choices(list(effects.COURSES.values()), shares)[0]
    usual = draw.uniform(*USUAL)
    for day in (*SEEN, last) if last > SEEN[-1] else SEEN:
        came = day if day in (0, last) else day + draw.randint(-20, 20)
        activity = usual * (first + (later - first) * min(1.0, day / 365))
        visit(
            draw, tables, patient, on=patient.on(came), label="inclusion" if day == 0 else f"month {round(day / 30.4)}",
            activity=activity, smoking=patient.smoking, bmi=patient.bmi,
            nsaid_index_2y=index if day == 730 else None,
        )  # fmt: skip


def _film(draw: Random, tables: Tables, patient: Person, *, number: int, state: Spine) -> None:
    study = f"{patient.code}-XR{number}"
    on: date = patient.on(RADIOGRAPHS[number] - draw.randint(0, 10) * (number > 0))
    tables.add("imaging", study=study, patient=patient.code, performed_on=on, modality="XR", regions="spine")
    for reader in ("R1", "R2"):
        seconds = draw.randint(150, 420)
        for location, grade in read(draw, state).items():
            tables.add(
                "readings", study=study, reader=reader, method="msasss", seconds=seconds, location=location, grade=grade
            )
