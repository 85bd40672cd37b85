"""One row per agent, criterion and visit label: how many responded, of how many for whom it is known.

Columns: agent, criterion, visit (label), n (responders), n_known (answers that are yes or no), n_open (answers that the
missing values could turn), percent (of n_known, null where nobody is known). Order: agent, criterion, visit labels by
the median day since the baseline visit. An open answer is never counted as no response.
"""

from __future__ import annotations

from collections import defaultdict
from statistics import median
from typing import TYPE_CHECKING

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.arrow import ArrowTable
from projections.stated import visits
from registry.catalogue.agents import AGENTS

if TYPE_CHECKING:
    from projections.point_in_time import Facts


class Responders(msgspec.Struct, frozen=True, kw_only=True):
    """The responders at the visits of one label, by one criterion, to one agent."""

    agent: str
    criterion: str
    visit: str
    n: int
    n_known: int
    n_open: int

    @property
    def percent(self) -> float | None:
        """Responders of those who are known, in percent; None where nobody is."""
        return round(100 * self.n / self.n_known, 1) if self.n_known else None


def of_agent(responses: ArrowTable, facts: Facts, agent: str | None) -> ArrowTable:
    """Return the responses to courses of one agent, all of them where it is None."""
    if agent is None:
        return responses
    courses = [course for course, given in _agents(facts).items() if given == agent]
    return responses.filter(pc.is_in(responses["treatment_id"].cast(pa.string()), pa.array(courses, pa.string())))


def responders(responses: ArrowTable, facts: Facts) -> list[Responders]:
    """Return how many responded, by agent, criterion and visit label."""
    agents = _agents(facts)
    labels = {row["visit_id"]: row["visit"] or "" for row in visits.table(facts).to_pylist()}
    answers: defaultdict[tuple[str, str, str], list[bool | None]] = defaultdict(list)
    since: defaultdict[str, list[int]] = defaultdict(list)
    for row in responses.to_pylist():
        label = labels[row["visit_id"]]
        answers[agents[row["treatment_id"]], row["criterion"], label].append(row["met"])
        since[label].append((row["visited_on"] - row["baseline_on"]).days)
    order = {label: (median(days), label) for label, days in since.items()}
    return [
        Responders(
            agent=agent,
            criterion=criterion,
            visit=label,
            n=met.count(True),
            n_known=len(met) - met.count(None),
            n_open=met.count(None),
        )
        for (agent, criterion, label), met in sorted(
            answers.items(), key=lambda each: (*each[0][:2], order[each[0][2]])
        )
    ]


def courses_not_judged(responses: ArrowTable, facts: Facts, agent: str | None) -> int:
    """Return how many immunomodulating courses, of one agent where it is named, no criterion judged at any visit."""
    judged = set(responses["treatment_id"].to_pylist())
    return sum(
        AGENTS[given].immunomodulating and agent in (None, given) and course not in judged
        for course, given in _agents(facts).items()
    )


def _agents(facts: Facts) -> dict[str, str]:
    courses = facts.of("treatments")
    return dict(zip(courses["fact"].to_pylist(), courses["agent"].to_pylist()))
