"""A registry of patients with two lines of treatment each, seen, read and asked twice on either."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from registry import Registry
from tests.spec.imaging_criteria.readings import film
from tests.spec.own_measures import with_protocol

BEGIN: Final = date(2002, 3, 1)
PATIENTS: Final = range(2, 8)
ROWS: Final = (0, 1200)  # on which days a row begins
DAYS: Final = (0, 900)  # of its two time points


def after(days: int) -> date:
    return BEGIN + timedelta(days=days)


def crp(number: int, row: int, place: int) -> int:
    """What was measured of a patient in a row at a time point."""
    return (3 * number + 5 * row + 7 * place + number * row * place) % 11


def corners(number: int, row: int, place: int) -> int:
    """How many corners have grade 1."""
    return 1 + (number + row) % 3 + place * ((number * 5 + row) % 4)


def inflamed(number: int, row: int, place: int) -> int:
    """How many places are inflamed."""
    return (number + 3 * row) % 5 + 1 - place * ((number + row) % 2)


def read(registry: Registry, patient: str, on: int, *, corners: int, inflamed: int) -> None:
    study = f"{patient}-{on}"
    registry.record_study(study, patient=patient, performed_on=after(on), modality="MRI", regions="spine")
    grades = {(f"T{n}/{n + 1} anterior", "inflammation"): int(n - 4 <= inflamed) for n in range(5, 12)}
    registry.record_reading(study, reader="R1", method="vu-lesions", grades=grades)
    registry.record_study(f"{study}-film", patient=patient, performed_on=after(on), modality="XR", regions="spine")
    places = [f"L{n}_{side}" for n in range(1, 5) for side in ("upper", "lower")][:corners]
    registry.record_reading(f"{study}-film", reader="R1", method="msasss", grades=film(**dict.fromkeys(places, 1)))


def seen_and_read(registry: Registry) -> Registry:
    """Six patients, each for 1100 days on adalimumab and after that on etanercept, seen and read twice on either."""
    with_protocol(registry)
    for number in PATIENTS:
        patient = f"P-{number}"
        registry.enrol_patient(patient, enrolled_on=BEGIN, sex=["female", "male"][number % 2], birth_year=1960 + number)
        registry.start_treatment(patient, agent="adalimumab", started_on=BEGIN, stopped_on=after(900 + 20 * number))
        registry.start_treatment(patient, agent="etanercept", started_on=after(ROWS[1]))
        for row, begun in enumerate(ROWS):
            for place, day in enumerate(DAYS):
                on, word = begun + day, ["never", "current"][number % 2 * row]
                measures = {"crp": str(crp(number, row, place)), "smoking": word}
                registry.record_visit(patient, visited_on=after(on), measures=measures)
                counts = (corners(number, row, place), inflamed(number, row, place))
                read(registry, patient, on, corners=counts[0], inflamed=counts[1])
        for event in range(number % 4):
            on = 100 + 400 * event
            registry.record_adverse_event(patient, term="rash", started_on=after(on), ended_on=after(on + 30 * number))
        registry.start_treatment(patient, agent="naproxen", started_on=after(-100), stopped_on=after(50 * number))
    registry.record_condition("P-3", condition="uveitis", started_on=after(500))
    return registry
