"""What is read: the MRI that every cohort has, and radiographs and CT that come with their readings."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from registry.catalogue.codes import MODALITIES
from registry.simulation.drawing import Draw, Floats, Whole, Yes
from registry.simulation.imaging import Studies
from registry.simulation.people import People
from registry.simulation.reporting_delay import Columns, Plan, Reported, reported

FIRST: Final = 10, 60  # days from enrolment to the first film
TWO_YEARS: Final = 730  # days between two films
JITTER: Final = 30  # days before or after
HAVE: Final = {"XR": 1.0, "CT": 0.2}  # share of patients who are examined so


class Examined(NamedTuple):
    """Studies that are read, by their numbers: whose, when performed, when reported and whether late.

    `since` is the time since the patient's enrolment, in periods of two years.
    """

    study: Whole
    patient: Whole
    performed_on: Whole
    since: Floats
    reported_on: Whole
    is_late: Yes


def of_sacroiliac_joints(studies: Studies, people: People) -> Examined:
    """Return the MRI studies that show the sacroiliac joints."""
    shown = np.flatnonzero(studies.reported.columns["with_sij"][: len(studies.patient)])
    return _examined(studies.reported, shown, studies.patient, studies.performed_on, people)


def of_the_spine(studies: Studies, people: People) -> Examined:
    """Return all MRI studies; each shows the spine."""
    return _examined(studies.reported, np.arange(len(studies.patient)), studies.patient, studies.performed_on, people)


def films(draw: Draw, people: People, modality: str, *, last_day: int) -> tuple[Reported, Examined]:
    """Return radiographs, or CT, of spine and pelvis every two years, as they are reported and as they are read."""
    number = len(people.first_on)
    most = (last_day - int(people.first_on.min())) // TWO_YEARS + 1
    days = people.first_on[:, None] + draw.whole(*FIRST, (number, 1)) + TWO_YEARS * np.arange(most)
    days[:, 1:] += draw.whole(-JITTER, JITTER, (number, most - 1))
    has = draw.yes(HAVE[modality], (number, 1))
    patient, turn = np.nonzero(has & (days <= people.last_on[:, None]))
    performed_on = days[patient, turn]
    columns: Columns = {
        "study": np.arange(len(patient)),
        "performed_on": performed_on,
        "with_sij": np.ones(len(patient), np.int64),
        "noted": np.zeros(len(patient), np.int64),
        "modality": np.full(len(patient), MODALITIES.index(modality)),
    }
    plan = Plan(np.maximum(performed_on, people.reported_on[patient]), last_day, _noted, retracted=False)
    known = reported(draw, "imaging", columns, patient=patient, clinical_on=performed_on, plan=plan)
    return known, _examined(known, np.arange(len(patient)), patient, performed_on, people)


def _examined(known: Reported, rows: Whole, patient: Whole, performed_on: Whole, people: People) -> Examined:
    since = (performed_on - people.first_on[patient])[rows] / TWO_YEARS
    return Examined(rows, patient[rows], performed_on[rows], since, known.reported_on[rows], known.is_late[rows])


def _noted(columns: Columns) -> Columns:
    return {**columns, "noted": 1 - columns["noted"]}
