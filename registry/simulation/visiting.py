"""What is measured at visits: every instrument's items, laboratory values, joints and quality of life."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from registry.simulation.drawing import Draw, Floats, Whole, Yes
from registry.simulation.drugs import Drugs
from registry.simulation.own_measures import UNTAKEN, OwnMeasure, Visited, give_reasons, take
from registry.simulation.people import People
from registry.simulation.reporting_delay import Columns, Plan, Reported, reported

MONTHS: Final = (0, 3, 6, 12)  # of the first visits; then every half year
DAYS_A_MONTH: Final = 30
USUAL: Final = -1  # in place of a scheduled visit
MISSED: Final = 0.08  # share of visits that do not take place


class VisitDays(NamedTuple):
    """Visits: whose, when, which scheduled visit each is or `USUAL`, and of one that recurs the how manieth."""

    patient: Whole
    visited_on: Whole
    occasion: Whole
    number: Whole


class Course(NamedTuple):
    """How a measure follows the disease: base + activity x active (0-10) + damage x damaged (0-10) ± scatter.

    In the measure's unit, from 0 to `high`; taken in tenths where `tenths`.
    """

    base: float
    activity: float
    damage: float
    scatter: float
    high: float
    tenths: bool = False


NRS: Final = Course(0.2, 0.95, 0.0, 1.2, 10)
FUNCTION: Final = Course(0.0, 0.5, 0.45, 1.1, 10)
VAS: Final = Course(3.0, 9.0, 0.0, 12.0, 100)
COURSES: Final = {
    **{f"basdai_{item}": NRS for item in range(1, 7)},
    **{f"basfi_{item}": FUNCTION for item in range(1, 11)},
    "tragus_to_wall": Course(10.5, 0.0, 1.1, 1.5, 40, tenths=True),
    "lateral_lumbar_flexion": Course(19.0, -0.2, -1.4, 2.5, 30, tenths=True),
    "lumbar_flexion": Course(6.5, -0.1, -0.5, 0.9, 10, tenths=True),
    "intermalleolar_distance": Course(120.0, -1.0, -5.0, 9.0, 160, tenths=True),
    "cervical_rotation": Course(82.0, -1.0, -5.0, 9.0, 95),
    "chest_expansion": Course(5.8, -0.1, -0.3, 1.0, 12, tenths=True),
    "crp": Course(-4.0, 3.2, 0.0, 9.0, 250, tenths=True),
    "esr": Course(2.0, 3.8, 0.0, 9.0, 120),
    "patient_global": VAS,
    "physician_global": Course(1.0, 8.0, 0.5, 10.0, 100),
    "total_back_pain": VAS,
    "night_back_pain": Course(0.0, 8.5, 0.0, 14.0, 100),
    "morning_stiffness": Course(0.0, 11.0, 0.0, 20.0, 180),
    "asqol": Course(0.0, 1.4, 0.3, 2.2, 18),
    "asas_hi": Course(0.5, 1.1, 0.3, 2.0, 17),
    "mases": Course(-1.0, 0.8, 0.0, 2.0, 13),
    "swollen_joints_44": Course(-1.5, 0.5, 0.0, 1.6, 44),
    "tender_joints_68": Course(-1.5, 1.1, 0.0, 3.0, 68),
    "swollen_joints_66": Course(-1.5, 0.6, 0.0, 1.8, 66),
    "bas_g_week": NRS,
    "bas_g_6months": NRS,
}


class Own(NamedTuple):
    """What a protocol adds to visits: its draw, its measures, when each is asked for, and how many reasons there are.

    `asked` has a row a measure and a column a scheduled visit. `days` are the visits after its schedule, None where it
    has none and people come in the usual rhythm.
    """

    draw: Draw
    measures: tuple[OwnMeasure, ...]
    asked: list[Yes]
    reasons: int
    days: VisitDays | None


def visits(draw: Draw, people: People, drugs: Drugs, *, last_day: int, own: Own | None = None) -> Reported:
    """Return every visit; `measures` has a row a visit and a column a measure of `COURSES`, -1 where it is empty.

    Values are whole numbers of the measure's unit, or of tenths of it. A protocol's `own` measures are columns more.
    """
    days = own.days if own is not None and own.days is not None else _usual_days(draw, people, last_day)
    patient, visited_on = days.patient, days.visited_on
    treated = _treated(drugs, patient, visited_on)
    number = len(patient)
    active = people.active[patient] * np.where(treated, 0.5, 1.0) + 0.8 * draw.bell(number)
    damaged = np.clip((visited_on - people.first_on[patient]) / 3650 + people.active[patient] * 0.4, 0, 10)
    values = np.empty((number, len(COURSES) + len(own.measures if own else ())), np.int16)
    _measure(draw, active, damaged, into=values)
    if own is not None:
        _measure_own(own, days, np.clip(active, 0, 10), values, patients=len(people.first_on))
    columns: Columns = {"visited_on": visited_on, "number": days.number, "measures": values}
    if own is not None:
        columns["occasion"] = days.occasion
    plan = Plan(np.maximum(visited_on, people.reported_on[patient]), last_day, _corrected)
    return reported(draw, "visit", columns, patient=patient, clinical_on=visited_on, plan=plan)


def _usual_days(draw: Draw, people: People, last_day: int) -> VisitDays:
    """Return the visits of a registry without a schedule; `number` is the month."""
    years = (last_day - int(people.first_on.min())) // 365 + 1
    months = np.array([*MONTHS, *range(18, 12 * years, 6)])
    patient, place = (indices.ravel() for indices in np.indices((len(people.first_on), len(months))))
    number, months = len(patient), months[place]
    jitter = np.where(months > 0, draw.whole(-14, 14, number), 0)
    visited_on = people.first_on[patient] + months * DAYS_A_MONTH + jitter
    takes_place = (visited_on <= people.last_on[patient]) & ~(draw.yes(MISSED, number) & (months > 0))
    usual = np.full(int(takes_place.sum()), USUAL)
    return VisitDays(patient[takes_place], visited_on[takes_place], usual, months[takes_place])


def _treated(drugs: Drugs, patient: Whole, day: Whole) -> Yes:
    begun, ended = drugs.line_began_on[patient], drugs.line_ended_on[patient]
    under = (begun >= 0) & (begun <= day[:, None]) & ((ended < 0) | (ended >= day[:, None]))
    treated: Yes = np.logical_or.reduce(under, axis=1)
    return treated


def _measure(draw: Draw, active: Floats, damaged: Floats, *, into: NDArray[np.int16]) -> None:
    """Write the built-in measures into the first columns of the values of visits."""
    for column, course in enumerate(COURSES.values()):
        value = course.base + course.activity * active + course.damage * damaged
        value = np.clip(value + course.scatter * draw.bell(len(active)), 0, course.high)
        taken = np.floor(value * (10 if course.tenths else 1) + 0.5).astype(np.int16)
        into[:, column] = np.where(draw.yes(UNTAKEN, len(active)), -1, taken)


def _measure_own(own: Own, days: VisitDays, active: Floats, values: NDArray[np.int16], *, patients: int) -> None:
    """Write a protocol's measures into the last columns, and into all of them reasons why there is no value."""
    everywhere = np.ones(len(active), bool)
    visited = Visited(days.patient, days.visited_on, active)
    if own.reasons:
        for column in range(len(COURSES)):
            give_reasons(own.draw, values[:, column], everywhere, own.reasons)
    for column, (measure, asked_at) in enumerate(zip(own.measures, own.asked), len(COURSES)):
        asked = everywhere if own.days is None else asked_at[days.occasion]
        values[:, column] = take(own.draw, measure, visited, asked, patients)
        if own.reasons:
            give_reasons(own.draw, values[:, column], asked, own.reasons)


def _corrected(columns: Columns) -> Columns:
    measures = columns["measures"].copy()
    for name in ("esr", "patient_global"):
        column = list(COURSES).index(name)
        measures[:, column] = (np.maximum(measures[:, column], 0) + 7) % 100
    return {**columns, "measures": measures}
