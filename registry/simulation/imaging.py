"""Examinations by MRI every year or two, two readers' readings by every method, and paired verdicts on lesions.

What a reader sees of a study is drawn once, and the grades of every method follow from it: two readers may disagree, no
reader contradicts himself. A correction of a reading says that a place could not be assessed, for the same reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np

from registry.simulation.drawing import Draw, Floats, Whole
from registry.simulation.people import People
from registry.simulation.reporting_delay import Columns, Plan, Reported, reported

FIRST: Final = 5, 40  # days from enrolment to the first study
BETWEEN: Final = 365, 730  # days between two
METHODS: Final = ("vu-lesions", "asspimri", "berlin")
READERS: Final = ("R1", "R2")
VERDICT_READERS: Final = (*READERS, "consensus")
UNITS: Final = 23
LESIONS_AT_MOST: Final = 3  # in a pair of studies
DISAGREES: Final = 0.04  # share of places that a reader sees otherwise
UNASSESSED: Final = 0.01


class Studies(NamedTuple):
    """The studies by number: how they were reported, whose each is, and when it was performed.

    `inflamed` and `eroded` (studies x 46 places) and `extent` (studies x 23 units, 1-3) are what is there to be seen;
    `reported_on` is by study.
    """

    reported: Reported
    patient: Whole
    performed_on: Whole
    inflamed: np.ndarray
    eroded: np.ndarray
    extent: np.ndarray
    reported_on: Whole


class Seen(NamedTuple):
    """What one reader sees of each study: `inflamed` and `eroded` by place, `extent` of what is inflamed by unit."""

    inflamed: np.ndarray
    eroded: np.ndarray
    extent: np.ndarray


def studies(draw: Draw, people: People, *, last_day: int) -> Studies:
    """Return every study, in the order of the patients and then of the days."""
    number = len(people.first_on)
    most = (last_day - int(people.first_on.min())) // BETWEEN[0] + 1
    days = people.first_on[:, None] + draw.whole(*FIRST, (number, 1)) + np.zeros((number, most), np.int64)
    days[:, 1:] += np.cumsum(draw.whole(*BETWEEN, (number, most - 1)), axis=1)
    patient, turn = np.nonzero(days <= people.last_on[:, None])
    performed_on = days[patient, turn]
    columns: Columns = {
        "study": np.arange(len(patient)),
        "performed_on": performed_on,
        "with_sij": draw.whole(0, 1, len(patient)),
        "noted": np.zeros(len(patient), np.int64),
    }
    plan = Plan(np.maximum(performed_on, people.reported_on[patient]), last_day, _noted, retracted=False)
    known = reported(draw, "imaging", columns, patient=patient, clinical_on=performed_on, plan=plan)
    prone = draw.even((number, 2 * UNITS))
    inflamed = 0.7 * prone[patient] + 0.3 * draw.even((len(patient), 2 * UNITS)) < _share(people.active[patient])
    eroded = 0.5 * prone[patient] + 0.5 * draw.even((number, 2 * UNITS))[patient] < 0.12
    extent = draw.whole(1, 3, (len(patient), UNITS)).astype(np.int8)
    return Studies(known, patient, performed_on, inflamed, eroded, extent, known.reported_on[: len(patient)])


def readings(
    draw: Draw, studies: Studies, *, last_day: int, methods: tuple[str, ...] = METHODS, session: str = ""
) -> Iterator[Reported]:
    """Yield the readings of each method by each reader; `grades` (readings x grades) has -1 for places not assessed."""
    seen = [_seen(draw, studies) for _ in READERS]
    for method in map(METHODS.index, methods):
        for reader in range(len(READERS)):
            number = len(studies.patient)
            columns: Columns = {
                "study": np.arange(number),
                "method": np.full(number, method),
                "reader": np.full(number, reader),
                "session": np.full(number, session),
                "read_on": studies.performed_on + draw.whole(3, 40, number),
                "seconds": draw.whole(120, 900, number),
                "grades": _grades(draw, seen[reader], method),
            }
            known_from = np.maximum(columns["read_on"], studies.reported_on)
            plan = Plan(known_from, last_day, _regraded, rests_on_late=studies.reported.is_late)
            yield reported(
                draw, "reading", columns, patient=studies.patient, clinical_on=studies.performed_on, plan=plan
            )


def lesions(draw: Draw, studies: Studies, *, last_day: int) -> Reported:
    """Return the verdicts of two readers, and their consensus, on the lesions of each two studies in succession."""
    followup = np.flatnonzero(studies.patient[1:] == studies.patient[:-1]) + 1
    counts = draw.whole(0, LESIONS_AT_MOST, len(followup))
    pair = np.repeat(np.arange(len(followup)), counts)
    lesion = np.arange(len(pair)) - np.repeat(np.cumsum(counts) - counts, counts)
    true, kind = draw.one_of((30, 30, 25, 8, 7), len(pair)), draw.whole(0, 3, len(pair))
    each = np.repeat(np.arange(len(pair)), len(VERDICT_READERS))
    study, number = followup[pair[each]], len(each)
    columns: Columns = {
        "study": study,
        "reader": np.tile(np.arange(len(VERDICT_READERS)), len(pair)),
        "lesion": lesion[each] + 1,
        "kind": kind[each],
        "unit": ((pair * 7 + lesion * 5) % UNITS)[each],
        "verdict": np.where(draw.yes(0.15, number), draw.whole(0, 4, number), true[each]),
        "read_on": studies.performed_on[study] + draw.whole(3, 40, number),
    }
    known_from = np.maximum(np.maximum(columns["read_on"], studies.reported_on[study]), studies.reported_on[study - 1])
    late = studies.reported.is_late[study] | studies.reported.is_late[study - 1]
    plan = Plan(known_from, last_day, _judged_anew, rests_on_late=late)
    patient, clinical_on = studies.patient[study], studies.performed_on[study]
    return reported(draw, "lesion", columns, patient=patient, clinical_on=clinical_on, plan=plan)


def _share(active: Floats) -> Floats:
    return (0.1 + 0.035 * active)[:, None]


def _seen(draw: Draw, studies: Studies) -> Seen:
    return Seen(
        studies.inflamed ^ draw.yes(DISAGREES, studies.inflamed.shape),
        studies.eroded ^ draw.yes(DISAGREES / 2, studies.eroded.shape),
        np.where(
            draw.yes(DISAGREES, studies.extent.shape), draw.whole(1, 3, studies.extent.shape), studies.extent
        ).astype(np.int8),
    )


def _grades(draw: Draw, seen: Seen, method: int) -> np.ndarray:
    """Return what one reader sees, as grades of a method: two items at 46 places, or one at 23 units."""
    if METHODS[method] == "vu-lesions":
        grades = np.concatenate([seen.inflamed, seen.eroded], axis=1).astype(np.int8)
    else:
        grades = seen.extent * _of_units(seen.inflamed)
        if METHODS[method] == "asspimri":
            grades = grades + np.int8(3) * _of_units(seen.inflamed & seen.eroded)
    return np.where(draw.yes(UNASSESSED, grades.shape), np.int8(-1), grades)


def _of_units(places: np.ndarray) -> np.ndarray:
    """Return which units have something in their anterior or posterior part."""
    units: np.ndarray = places[:, ::2] | places[:, 1::2]
    return units


def _noted(columns: Columns) -> Columns:
    return {**columns, "noted": 1 - columns["noted"]}


def _regraded(columns: Columns) -> Columns:
    """Return readings whose first assessed place could not be assessed after all."""
    grades = columns["grades"].copy()
    grades[np.arange(len(grades)), (grades >= 0).argmax(axis=1)] = -1
    return {**columns, "grades": grades}


def _judged_anew(columns: Columns) -> Columns:
    return {**columns, "verdict": (columns["verdict"] + 1) % 5}
