"""What the patients have or had beside the spine: manifestations, illnesses, events."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from registry.catalogue.codes import CONDITION_BASES, SIDES
from registry.simulation.drawing import Draw, Whole
from registry.simulation.people import People
from registry.simulation.reporting_delay import Columns, Plan, Reported, began_on, reported

UNKNOWN: Final = np.iinfo(np.int64).min  # the day of what began nobody knows when
BEGIN: Final = -4900, 2500  # days after enrolment: the first and the last on which conditions begin
PRECISIONS: Final = (2, 4, 3, 1)  # weights of a start known to the year, the month, the day, and not at all
NEITHER_SIDE: Final = len(SIDES)


class Frequent(NamedTuple):
    """A condition: how many of a hundred patients have it, how many days it lasts at most, 0 where it stays."""

    name: str
    percent: int
    lasts: int = 0
    of_women: bool = False
    has_side: bool = False


class Onsets(NamedTuple):
    """Conditions that begin: whose, which of those that are frequent, and when."""

    patient: Whole
    condition: Whole
    day: Whole


FREQUENT: Final = (
    Frequent("uveitis", 26, lasts=90, has_side=True),
    Frequent("psoriasis", 9),
    Frequent("crohns-disease", 5),
    Frequent("ulcerative-colitis", 3),
    Frequent("hypertension", 22),
    Frequent("depression", 10, lasts=900),
    Frequent("osteoporosis", 11),
    Frequent("joint-replacement", 4, has_side=True),
    Frequent("pregnancy", 12, lasts=280, of_women=True),
)


def conditions(draw: Draw, people: People, *, last_day: int, frequent: tuple[Frequent, ...] = FREQUENT) -> Reported:
    """Return every condition of those that are frequent; nobody has one twice."""
    number = len(people.first_on)
    shares = np.array([each.percent for each in frequent]) / 100
    has = draw.yes(shares, (number, len(frequent)))
    days = people.first_on[:, None] + draw.whole(*BEGIN, has.shape)
    women = people.reported.columns["sex"][:number] == 1
    has &= (days <= people.last_on[:, None]) & (women[:, None] | ~np.array([each.of_women for each in frequent]))
    patient, condition = np.nonzero(has)
    return _reported(draw, people, Onsets(patient, condition, days[has]), frequent, last_day=last_day)


def _reported(draw: Draw, people: People, onsets: Onsets, frequent: tuple[Frequent, ...], *, last_day: int) -> Reported:
    patient, condition, day = onsets
    number = len(patient)
    precision = draw.one_of(PRECISIONS, number)
    lasts = np.array([each.lasts for each in frequent])[condition]
    ended_on = day + draw.whole(lasts // 4, lasts, number)
    has_side = np.array([each.has_side for each in frequent])[condition]
    started_on = np.where(precision == len(PRECISIONS) - 1, UNKNOWN, began_on(day, precision))
    columns: Columns = {
        "condition": condition,
        "started_on": started_on,
        "precision": precision,
        "basis": draw.whole(0, len(CONDITION_BASES) - 1, number),
        "side": np.where(has_side, draw.whole(0, len(SIDES) - 1, number), NEITHER_SIDE),
    }
    ends = {"ended_on": np.where((lasts > 0) & (ended_on <= people.last_on[patient]), ended_on, -1)}

    def corrected(columns: Columns) -> Columns:
        return {**columns, "basis": (columns["basis"] + 1) % len(CONDITION_BASES)}

    plan = Plan(np.maximum(day, people.reported_on[patient]), last_day, corrected, ends)
    return reported(draw, "condition", columns, patient=patient, clinical_on=started_on, plan=plan)
