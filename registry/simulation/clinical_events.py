"""What happens between visits: flares and adverse events."""

from __future__ import annotations

from typing import Final

import numpy as np

from registry.simulation.drawing import Draw, Whole
from registry.simulation.drugs import Drugs
from registry.simulation.people import People
from registry.simulation.reporting_delay import Columns, Plan, Reported, reported

QUARTER: Final = 91  # days; nobody has two flares, or two adverse events, in one
FLARES: Final = 0.05  # share of quarters, and more where the disease is active
ADVERSE_EVENTS: Final = 0.06
TERMS: Final = (
    "injection site reaction",
    "upper respiratory tract infection",
    "uveitis",
    "headache",
    "raised liver enzymes",
    "diarrhoea",
    "herpes zoster",
    "fracture",
)


def flares(draw: Draw, people: People, *, last_day: int) -> Reported:
    """Return every flare."""
    patient, started_on = _quarters(draw, people, FLARES, last_day)
    number = len(patient)
    columns: Columns = {
        "started_on": started_on,
        "basis": draw.whole(0, 3, number),
        "severity": draw.whole(0, 2, number),
        "trigger": draw.whole(0, 4, number),
    }
    return _reported(draw, "flare", columns, patient=patient, people=people, last_day=last_day)


def adverse_events(draw: Draw, people: People, drugs: Drugs, *, last_day: int) -> Reported:
    """Return every adverse event; the suspected drug is the one of the first line, -1 where there was none yet."""
    patient, started_on = _quarters(draw, people, ADVERSE_EVENTS, last_day)
    number = len(patient)
    begun = drugs.line_began_on[patient, 0]
    ended_on = started_on + draw.whole(2, 40, number)
    columns: Columns = {
        "started_on": started_on,
        "term": draw.whole(0, len(TERMS) - 1, number),
        "severity": draw.whole(0, 2, number),
        "serious": draw.one_of((9, 1), number),
        "regimen": np.where((begun >= 0) & (begun <= started_on), drugs.line_agent[patient, 0], -1),
        "ended_on": np.where(ended_on <= people.last_on[patient], ended_on, -1),
    }
    plan = Plan(np.maximum(np.maximum(started_on, columns["ended_on"]), people.reported_on[patient]), last_day, _graver)
    return reported(draw, "adverse-event", columns, patient=patient, clinical_on=started_on, plan=plan)


def _reported(draw: Draw, kind: str, columns: Columns, *, patient: Whole, people: People, last_day: int) -> Reported:
    started_on = columns["started_on"]
    ended_on = started_on + draw.whole(5, 70, len(patient))
    ends = {"ended_on": np.where(ended_on <= people.last_on[patient], ended_on, -1)}
    plan = Plan(np.maximum(started_on, people.reported_on[patient]), last_day, _graver, ends)
    return reported(draw, kind, columns, patient=patient, clinical_on=started_on, plan=plan)


def _graver(columns: Columns) -> Columns:
    return {**columns, "severity": (columns["severity"] + 1) % 3}


def _quarters(draw: Draw, people: People, share: float, last_day: int) -> tuple[Whole, Whole]:
    """Return patients and days on which something began, at most once a quarter of follow-up."""
    quarters = (last_day - int(people.first_on.min())) // QUARTER + 1
    shape = len(people.first_on), quarters
    happens = draw.yes(share + 0.01 * people.active[:, None], shape)
    days = people.first_on[:, None] + np.arange(quarters) * QUARTER + draw.whole(0, 60, shape)
    patient, quarter = np.nonzero(happens & (days <= people.last_on[:, None]))
    return patient, days[patient, quarter]
