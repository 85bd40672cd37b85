"""What the patients are treated with: an NSAID, then up to four lines of biologics or JAK inhibitors.

Nobody is given a drug before it was in use: a line waits for its drug, and naproxen stands in for a later NSAID.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from registry.catalogue.first_approvals import in_use_from
from registry.simulation.drawing import Draw, Whole
from registry.simulation.people import People
from registry.simulation.reporting_delay import Columns, Plan, Reported, began_on, reported

REGIMENS: Final = (  # agent, dose, unit, frequency, route; the first four are NSAIDs
    ("naproxen", "500", "mg", "twice daily", "po"),
    ("diclofenac", "75", "mg", "twice daily", "po"),
    ("etoricoxib", "90", "mg", "daily", "po"),
    ("celecoxib", "200", "mg", "daily", "po"),
    ("adalimumab", "40", "mg", "every 2 weeks", "sc"),
    ("etanercept", "50", "mg", "weekly", "sc"),
    ("infliximab", "5", "mg/kg", "every 6 weeks", "iv"),
    ("golimumab", "50", "mg", "monthly", "sc"),
    ("secukinumab", "150", "mg", "monthly", "sc"),
    ("ixekizumab", "80", "mg", "every 4 weeks", "sc"),
    ("upadacitinib", "15", "mg", "daily", "po"),
)
NSAIDS: Final = 4
IN_USE_FROM: Final = np.array(  # by regimen: the first day, since 1970, on which anybody can have been given the agent
    [np.datetime64(f"{in_use_from(agent) or 1}-01-01").astype(int) for agent, *_ in REGIMENS]
)
LINES: Final = 4
STOPS: Final = ("lack-of-efficacy", "loss-of-efficacy", "adverse-event", "remission", "patient-wish", "other")


class Drugs(NamedTuple):
    """The courses, and for each patient and line (patients x lines) the days of the first and last dose.

    A line that was never begun has -1 as its first day.
    """

    reported: Reported
    line_began_on: Whole
    line_ended_on: Whole
    line_agent: Whole


def drugs(draw: Draw, people: People, *, last_day: int) -> Drugs:
    """Return every patient's courses: one NSAID from before enrolment on, lines of other drugs one after the other."""
    number = len(people.first_on)
    first_on, ended_on = np.full((number, LINES), -1), np.full((number, LINES), -1)
    agent = np.zeros((number, LINES), np.int64)
    needed = people.active > 2.5
    before, used = people.first_on + draw.whole(0, 400, number), draw.whole(0, 6, number)
    for line in range(LINES):
        agent[:, line] = NSAIDS + (used + 3 * line) % (len(REGIMENS) - NSAIDS)
        before = np.maximum(before, IN_USE_FROM[agent[:, line]])
        begins = needed & (before <= people.last_on)
        kept = np.where(draw.yes(0.45, number), 90 + draw.whole(0, 500, number), 100_000)
        stops_on = before + kept
        first_on[:, line] = np.where(begins, before, -1)
        ended_on[:, line] = np.where(begins & (stops_on <= people.last_on), stops_on, -1)
        needed = begins & (stops_on <= people.last_on)
        before = stops_on + draw.whole(14, 120, number)
    return Drugs(_reported(draw, people, (first_on, ended_on, agent), last_day), first_on, ended_on, agent)


def _reported(draw: Draw, people: People, lines: tuple[Whole, Whole, Whole], last_day: int) -> Reported:
    first_on, ended_on, agent = lines
    patient, line = np.nonzero(first_on >= 0)
    everyone = np.arange(len(people.first_on))
    nsaid_on = people.first_on - draw.whole(30, 2000, len(everyone))
    started_on = np.concatenate([nsaid_on, first_on[patient, line]])
    stopped_on = np.concatenate([np.full(len(everyone), -1), ended_on[patient, line]])
    whose = np.concatenate([everyone, patient])
    nsaid = draw.whole(0, NSAIDS - 1, len(everyone))
    nsaid = np.where(IN_USE_FROM[nsaid] <= began_on(nsaid_on, np.zeros_like(nsaid)), nsaid, 0)
    regimen = np.concatenate([nsaid, agent[patient, line]])
    number = len(whose)
    precision = np.where(regimen < NSAIDS, draw.one_of((2, 5, 3), number), 2)
    started_on = began_on(started_on, precision)
    columns: Columns = {
        "regimen": regimen,
        "started_on": started_on,
        "precision": precision,
        "halved": np.zeros(number, np.int64),
    }
    ends = {"stopped_on": stopped_on, "stop_reason": np.where(stopped_on >= 0, draw.whole(0, 5, number), -1)}

    def corrected(columns: Columns) -> Columns:
        return {**columns, "halved": 1 - columns["halved"]}

    known_from = np.maximum(started_on, people.reported_on[whose])
    plan = Plan(known_from, last_day, corrected, ends)
    return reported(draw, "treatment", columns, patient=whose, clinical_on=started_on, plan=plan)
