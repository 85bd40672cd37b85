"""One row per agent, criterion and visit label: how many episodes responded, of how many.

Columns: agent, criterion, visit (label), n (responders), of (the denominator), n_known (answers that are yes or no),
n_open (answers that the missing values could turn), n_incomplete (answers without all inputs, the open ones included),
n_without_value (episodes that are due and have no answer), percent (of the denominator, null where it is nobody).
Order: agent, criterion, visit labels by the median day since the start.

Denominators: `complete` counts answers all of whose inputs are known, `known` those that are yes or no; `all` everybody
who is due, an unknown answer as no response. An episode is due at a label once as many days have passed from its start
to the data cut (`as_of`, else the registry's latest clinical day) as the median visit of that label lies after it.
"""

from __future__ import annotations

from collections import defaultdict
from statistics import median
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, get_args

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from projections.clinical.judged_responses import JudgedEpisodes, Therapy
from projections.columns.arrow import ArrowTable
from projections.columns.coded import day_number
from projections.observation.data_cut import data_cut
from projections.stated import visits

if TYPE_CHECKING:
    from projections.point_in_time import Facts

Denominator = Literal["complete", "known", "all"]

DENOMINATORS: Final[tuple[Denominator, ...]] = get_args(Denominator)


class Responders(msgspec.Struct, frozen=True, kw_only=True):
    """The responders at the visits of one label, by one criterion, to one agent."""

    agent: str
    criterion: str
    visit: str
    n: int
    of: int
    n_known: int
    n_open: int
    n_incomplete: int
    n_without_value: int

    @property
    def percent(self) -> float | None:
        """Responders of the denominator, in percent; None where it is nobody."""
        return round(100 * self.n / self.of, 1) if self.of else None


class _Episode(NamedTuple):
    """Whose an episode is, of which agent, and its first day since 1970."""

    patient: str
    agent: str
    started: int


def of_agent(responses: ArrowTable, facts: Facts, agent: str | None) -> ArrowTable:
    """Return the responses to episodes of one agent, all of them where it is None."""
    if agent is None:
        return responses
    courses = facts.of("treatments")
    given = courses["fact"].filter(pc.equal(courses["agent"].cast(pa.string()), agent))
    return responses.filter(pc.is_in(responses["treatment_id"].cast(pa.string()), given.combine_chunks()))


def responders(
    responses: ArrowTable,
    facts: Facts,
    *,
    denominator: Denominator = "complete",
    therapy: Therapy = "targeted",
    patient: str | None = None,
) -> list[Responders]:
    """Return how many responded, by agent, criterion and visit label.

    With `all` a visit at which nobody on an agent came counts too, where any of them is due there.
    `therapy` is that of the responses, and `patient` the one whose they are, where they are of one alone.
    """
    episodes = _episodes(facts, therapy, patient)
    labels = {row["visit_id"]: row["visit"] or "" for row in visits.table(facts).to_pylist()}
    answers: defaultdict[tuple[str, str, str], list[dict[str, Any]]] = defaultdict(list)
    since: defaultdict[str, list[int]] = defaultdict(list)
    for row in responses.to_pylist():
        label, episode = labels[row["visit_id"]], episodes[row["treatment_id"]]
        answers[episode.agent, row["criterion"], label].append(row)
        since[label].append(day_number(row["visited_on"]) - episode.started)
    order = {label: (median(days), label) for label, days in since.items()}
    cut = data_cut(facts)
    if denominator == "all":
        for agent, criterion in {key[:2] for key in answers}:
            for label in order:
                if _due(episodes, agent, cut - order[label][0]):
                    answers.setdefault((agent, criterion, label), [])
    expected = {name: len(criterion.inputs) for name, criterion in facts.catalogue.criteria.items()}
    return [
        _counted(key, rows, _due(episodes, key[0], cut - order[key[2]][0]), denominator, expected[key[1]])
        for key, rows in sorted(answers.items(), key=lambda each: (*each[0][:2], order[each[0][2]]))
    ]


def episodes_not_judged(responses: ArrowTable, facts: Facts, agent: str | None, therapy: Therapy = "targeted") -> int:
    """Return how many episodes, of one agent where it is named, no criterion judged at any visit."""
    judged = set(responses["treatment_id"].to_pylist())
    episodes = _episodes(facts, therapy, None).items()
    return sum(agent in (None, each.agent) and reference not in judged for reference, each in episodes)


def _counted(
    key: tuple[str, str, str], rows: list[dict[str, Any]], due: set[str], denominator: Denominator, expected: int
) -> Responders:
    """Return the responders of an agent by a criterion, which has so many inputs, at a visit label."""
    agent, criterion, visit = key
    complete = [row for row in rows if row["n_known"] == expected]
    n_open = sum(row["met"] is None for row in rows)
    without_value = len(due - {row["treatment_id"] for row in rows})
    counted = complete if denominator == "complete" else rows
    of = {"complete": len(complete), "known": len(rows) - n_open, "all": len(rows) + without_value}[denominator]
    return Responders(
        agent=agent,
        criterion=criterion,
        visit=visit,
        n=sum(row["met"] is True for row in counted),
        of=of,
        n_known=len(rows) - n_open,
        n_open=n_open,
        n_incomplete=len(rows) - len(complete),
        n_without_value=without_value,
    )


def _due(episodes: dict[str, _Episode], agent: str, by: float) -> set[str]:
    """Return the episodes of an agent that had begun by a day."""
    return {reference for reference, each in episodes.items() if each.agent == agent and each.started <= by}


def _episodes(facts: Facts, therapy: Therapy, wanted: str | None) -> dict[str, _Episode]:
    """Return the episodes that may be judged, of all patients or of one, by the reference of the first course."""
    courses = facts.of("treatments")
    agents = dict(zip(courses["fact"].to_pylist(), courses["agent"].to_pylist()))
    found = JudgedEpisodes.of(facts, therapy)
    columns = (found.treatment.array().to_pylist(), found.patient.array().to_pylist(), found.started.tolist())
    return {
        reference: _Episode(patient, agents[reference], started)
        for reference, patient, started in zip(*columns)
        if wanted in (None, patient)
    }
