"""The table of responses: each episode of targeted therapy, judged at the visits that follow it."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from tests.answers import criteria
from tests.answers.choosing import before_start, chosen_visit, inputs_at
from tests.answers.facts import Facts, of_patient
from tests.answers.observation import Observation
from tests.answers.therapy import dated_courses, lines


class Response(NamedTuple):
    """One answer: of which episode, at which visit, against which baseline."""

    patient: str
    treatment: str
    criterion: str
    baseline: str
    visit: str
    visited_on: date
    met: bool | None
    n_known: int
    marks: frozenset[str]


def responses(facts: Facts, chosen: Observation, *, window_days: int = 90, same_visit: str = "day") -> list[Response]:
    """Return every answer, by patient, treatment, visit and criterion.

    Followed are the visits after the start of an episode, also after its stop, up to the day on which the next line
    begins. A row has to know something of the criterion, and so has its baseline.
    """
    found = []
    for patient in facts.patients:
        if chosen.as_of is not None and facts.enrolment(patient).enrolled_on > chosen.as_of:
            continue
        rows = [
            row for row in of_patient(facts.visits, patient) if chosen.as_of is None or row.visited_on <= chosen.as_of
        ]
        dated = dated_courses(facts, patient, as_of=chosen.as_of, partial=chosen.partial)
        followed = lines(dated)
        for number, line in enumerate(followed):
            until = min((each.start for each in followed[number + 1 :] if each.start > line.start), default=date.max)
            for criterion in criteria.INPUTS:
                first = chosen_visit(rows, criterion, line.start, before_start(window_days), same_visit=same_visit)
                if first is None:
                    continue
                for row in rows:
                    now = inputs_at(row, rows, criterion, same_visit="row")
                    if not line.start < row.visited_on <= until or now.n_known == 0:
                        continue
                    now = inputs_at(row, rows, criterion, same_visit=same_visit)
                    found.append(
                        Response(
                            patient,
                            line.reference,
                            criterion,
                            first.row.reference,
                            row.reference,
                            row.visited_on,
                            criteria.answer(criterion, first.known, now.known),
                            criteria.n_known(criterion, first.known, now.known),
                            first.marks | now.marks,
                        )
                    )
    return sorted(found, key=lambda each: (each.patient, each.treatment, each.visited_on, each.visit, each.criterion))
