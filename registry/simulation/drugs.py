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

Regimen = tuple[str, str, str, str, str]

REGIMENS: Final[tuple[Regimen, ...]] = (  # agent, dose, unit, frequency, route; the first four are NSAIDs
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
LINES: Final = 4
NAMED_FIRST: Final = 0.5  # share of patients whose first line is a regimen that the protocol names
BOXES_TOLD: Final = 0.7  # share of courses with the product, of an agent of which the protocol has products
STOPS: Final = ("lack-of-efficacy", "loss-of-efficacy", "adverse-event", "remission", "patient-wish", "other")


class Therapies(NamedTuple):
    """What can be given: regimens, the NSAIDs first, the products of each, which are named, arms of a trial."""

    regimens: tuple[Regimen, ...]
    products: tuple[tuple[str, ...], ...]
    named: tuple[int, ...] = ()
    arms: tuple[str, ...] = ()

    @property
    def in_use_from(self) -> Whole:
        """The first day, since 1970, on which anybody can have been given each agent."""
        years = [in_use_from(agent) or 1 for agent, *_ in self.regimens]
        return np.array([np.datetime64(f"{year:04}-01-01").astype(int) for year in years])


BUILT_IN_THERAPIES: Final = Therapies(REGIMENS, ((),) * len(REGIMENS))


class Lines(NamedTuple):
    """Lines of other drugs than NSAIDs (patients x lines): first day, last day, regimen."""

    began_on: Whole
    ended_on: Whole
    regimen: Whole


class Drugs(NamedTuple):
    """The courses, and for each patient and line (patients x lines) the days of the first and last dose.

    A line that was never begun has -1 as its first day.
    """

    reported: Reported
    line_began_on: Whole
    line_ended_on: Whole
    line_agent: Whole


def drugs(
    draw: Draw, people: People, *, last_day: int, given: Therapies = BUILT_IN_THERAPIES, own: Draw | None = None
) -> Drugs:
    """Return every patient's courses: one NSAID from before enrolment on, lines of other drugs one after the other.

    `own` draws what only a protocol has: who is given first what it names, products, arms.
    """
    number = len(people.first_on)
    first_on, ended_on = np.full((number, LINES), -1), np.full((number, LINES), -1)
    agent = np.zeros((number, LINES), np.int64)
    needed, others = people.active > 2.5, len(given.regimens) - NSAIDS
    before, used = people.first_on + draw.whole(0, 400, number), draw.whole(0, others - 1, number)
    for line in range(LINES):
        agent[:, line] = NSAIDS + (used + 3 * line) % others
        if own is not None and given.named and line == 0:
            named = np.array(given.named)[own.whole(0, len(given.named) - 1, number)]
            agent[:, line] = np.where(own.yes(NAMED_FIRST, number), named, agent[:, line])
        before = np.maximum(before, given.in_use_from[agent[:, line]])
        begins = needed & (before <= people.last_on)
        kept = np.where(draw.yes(0.45, number), 90 + draw.whole(0, 500, number), 100_000)
        stops_on = before + kept
        first_on[:, line] = np.where(begins, before, -1)
        ended_on[:, line] = np.where(begins & (stops_on <= people.last_on), stops_on, -1)
        needed = begins & (stops_on <= people.last_on)
        before = stops_on + draw.whole(14, 120, number)
    lines = Lines(first_on, ended_on, agent)
    return Drugs(_reported(draw, people, lines, given, own, last_day=last_day), *lines)


def _reported(
    draw: Draw, people: People, lines: Lines, given: Therapies, own: Draw | None, *, last_day: int
) -> Reported:
    first_on, ended_on, agent = lines
    patient, line = np.nonzero(first_on >= 0)
    everyone = np.arange(len(people.first_on))
    nsaid_on = people.first_on - draw.whole(30, 2000, len(everyone))
    started_on = np.concatenate([nsaid_on, first_on[patient, line]])
    stopped_on = np.concatenate([np.full(len(everyone), -1), ended_on[patient, line]])
    whose = np.concatenate([everyone, patient])
    nsaid = draw.whole(0, NSAIDS - 1, len(everyone))
    nsaid = np.where(given.in_use_from[nsaid] <= began_on(nsaid_on, np.zeros_like(nsaid)), nsaid, 0)
    regimen = np.concatenate([nsaid, agent[patient, line]])
    number = len(whose)
    precision = np.where(regimen < NSAIDS, draw.one_of((2, 5, 3), number), 2)
    started_on = began_on(started_on, precision)
    columns: Columns = {
        "regimen": regimen,
        "started_on": started_on,
        "precision": precision,
        "halved": np.zeros(number, np.int64),
        **_boxes_and_arms(own, given, regimen, whose, np.concatenate([np.full(len(everyone), LINES), line])),
    }
    ends = {"stopped_on": stopped_on, "stop_reason": np.where(stopped_on >= 0, draw.whole(0, 5, number), -1)}

    def corrected(columns: Columns) -> Columns:
        return {**columns, "halved": 1 - columns["halved"]}

    known_from = np.maximum(started_on, people.reported_on[whose])
    plan = Plan(known_from, last_day, corrected, ends)
    return reported(draw, "treatment", columns, patient=whose, clinical_on=started_on, plan=plan)


def _boxes_and_arms(own: Draw | None, given: Therapies, regimen: Whole, patient: Whole, line: Whole) -> Columns:
    """Return the product of each course by its place among those of the regimen, and the arm, -1 where none is told.

    Without a protocol there is nothing to tell. A patient is allotted to one arm, with the first line.
    """
    if own is None:
        return {}
    boxes = np.array([len(products) for products in given.products])[regimen]
    told = (boxes > 0) & own.yes(BOXES_TOLD, len(regimen))
    product = own.whole(0, np.maximum(boxes - 1, 0), len(regimen))
    arms = own.whole(0, max(len(given.arms) - 1, 0), int(patient.max()) + 1)
    return {
        "product": np.where(told, product, -1),
        "arm": np.where((line == 0) & bool(given.arms), arms[patient], -1),
    }
