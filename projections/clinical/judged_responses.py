"""Which visits are judged against which baselines, and what the response criteria say of them.

The rules are those of the table `responses`: judged are episodes, so that a row for each dose is one treatment. The
baseline of an episode is its own, the last visit in a window at or before its start that has all the inputs of the
criterion, or, where none has all, the last of those that have most. Followed are the visits after the start until the
next episode of targeted therapy begins, the day on which it begins included: what was found on that day was found
before the first dose. What is given beside a targeted therapy neither begins nor ends it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, get_args

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from projections.clinical.judged_visits import JudgedVisits, with_most
from projections.clinical.visit_values import CriterionInputs, VisitValues
from projections.columns.arrow import ArrowArray, ArrowTable
from projections.columns.clinical_days import day_column
from projections.columns.coded import Coded, Rows, Truth, coded, coded_alike, day_numbers, in_order, moments
from projections.columns.partial_days import FOREVER, Days
from projections.therapy.drug_courses import drug_courses
from projections.therapy.treatment_episodes import episodes_of
from registry.catalogue.criteria.criterion import BASELINE, Criterion
from registry.catalogue.instruments.truths import INDETERMINATE
from registry.catalogue.instruments.values import ABOVE, BELOW, Values

if TYPE_CHECKING:
    from projections.point_in_time import Facts

Therapy = Literal["targeted", "immunomodulating"]

THERAPIES: Final[tuple[Therapy, ...]] = get_args(Therapy)
LIMITS: Final = ("<", "<>", ">")
COMPARATOR: Final = Coded(np.array([*range(len(LIMITS)), -1], dtype=np.int32), pa.array(LIMITS))  # the last for none


def judged_responses(facts: Facts, baseline_window_days: int, therapy: Therapy = "targeted") -> dict[str, ArrowArray]:
    """Return what every response criterion says, as arrays by column of the table `responses`, in its order.

    `therapy` says whose episodes are judged: those of targeted therapy, or of all immunomodulating agents.
    """
    inputs = JudgedVisits(CriterionInputs(VisitValues(facts)))
    episodes = JudgedEpisodes.of(facts, therapy)
    followed = Followed.of(episodes, inputs.visits, baseline_window_days)
    known = facts.catalogue.response_criteria.values()
    judged = [_judged(criterion, followed.judged_by(criterion, inputs), inputs) for criterion in known]
    responses = Judged(*map(np.concatenate, zip(*judged)))
    criterion = np.repeat(np.arange(len(judged)), [len(each.visit) for each in judged])
    days = day_numbers(inputs.visits["visited_on"])
    order = in_order(responses.episode, days[responses.visit], criterion, responses.visit)
    responses, criterion = Judged(*(column[order] for column in responses)), criterion[order]
    visits = coded(inputs.visits["fact"])
    return {
        "patient": episodes.patient.take(responses.episode).array(),
        "treatment_id": episodes.treatment.take(responses.episode).array(),
        "visited_on": day_column(days[responses.visit]),
        "criterion": coded(pa.array([each.name for each in known])).take(criterion).array(),
        "baseline_visit_id": visits.take(responses.baseline).array(),
        "visit_id": visits.take(responses.visit).array(),
        "baseline_on": day_column(days[responses.baseline]),
        "met": pa.array(responses.met == 1, mask=responses.met == INDETERMINATE),
        "n_improved": pa.array(responses.n_improved),
        "n_known": pa.array(responses.n_known),
        "rule": coded(pa.array([each.rule for each in known])).take(criterion).array(),
        "baseline_window_days": pa.array(np.full(len(criterion), baseline_window_days, dtype=np.int16)),
        "comparator": COMPARATOR.take(responses.limits).array(),
    }


class JudgedEpisodes(NamedTuple):
    """Episodes by patient and reference of the first course, `treatment`; days since 1970.

    `until` is the day on which the patient's next episode of targeted therapy starts, FOREVER where none does.
    """

    patient: Coded
    treatment: Coded
    started: Days
    until: Days

    @classmethod
    def of(cls, facts: Facts, therapy: Therapy = "targeted") -> JudgedEpisodes:
        """Return the episodes that are judged."""
        lines = _begun(facts, facts.catalogue.targeted)
        begun = lines if therapy == "targeted" else _begun(facts, facts.catalogue.immunomodulating)
        patient, whose = coded_alike(begun.patient, lines.patient)
        starts = np.sort(moments(whose, lines.started))
        at, end = moments(patient, begun.started), moments(patient, np.full(len(patient), FOREVER))
        following = np.append(starts, np.iinfo(np.int64).max)[np.searchsorted(starts, at, side="right")]
        until = np.where(following < end, begun.started + following - at, FOREVER)
        return cls(coded(begun.patient), coded(begun.treatment), begun.started, until)


class _Begun(NamedTuple):
    """Whose episodes are, the references of their first courses, and their starts."""

    patient: ArrowArray
    treatment: ArrowArray
    started: Days


def _begun(facts: Facts, agents: tuple[str, ...]) -> _Begun:
    courses = drug_courses(facts, agents)
    first = courses.take(episodes_of(courses).first)
    first = first.take(in_order(first.patient, first.reference))
    return _Begun(first.facts["patient"], first.facts["fact"], first.started)


class Pairs(NamedTuple):
    """Visits to be judged against their baselines, as rows of the visits, and the episode of each."""

    episode: Rows
    baseline: Rows
    visit: Rows


class Judged(NamedTuple):
    """Pairs, and what a criterion says of each."""

    episode: npt.NDArray[Any]
    baseline: npt.NDArray[Any]
    visit: npt.NDArray[Any]
    met: npt.NDArray[Any]
    n_improved: npt.NDArray[Any]
    n_known: npt.NDArray[Any]
    limits: npt.NDArray[Any]


class Followed(NamedTuple):
    """The visits of episodes: each `baseline` may be that of an episode, the latest first; `visit` follows one."""

    of_baseline: Rows
    baseline: Rows
    episode: Rows
    visit: Rows

    @classmethod
    def of(cls, episodes: JudgedEpisodes, visits: ArrowTable, window: int) -> Followed:
        """Return the visits of each episode, from the window before its start until the next line starts."""
        visited, patient = coded_alike(visits["patient"], episodes.patient.array())
        day = day_numbers(visits["visited_on"])
        at = moments(visited, day)
        opens, starts, until = (
            moments(patient, days) for days in (episodes.started - window, episodes.started, episodes.until)
        )
        after = np.searchsorted(at, starts, side="right")
        before, baseline = _ranges(np.searchsorted(at, opens), after)
        episode, visit = _ranges(after, np.searchsorted(at, until, side="right"))
        latest_first = in_order(-day[baseline].astype(np.int64), baseline)
        return cls(before[latest_first], baseline[latest_first], episode, visit)

    def judged_by(self, criterion: Criterion, inputs: JudgedVisits) -> Pairs:
        """Return the visits that a criterion can judge, each with the baseline that has most to judge it by."""
        with_baseline, rows = with_most(self.of_baseline, self.baseline, inputs.n_known(criterion.inputs))
        place = np.searchsorted(with_baseline, self.episode)
        found = np.append(with_baseline, -1)[place] == self.episode
        judged: Truth = found & inputs.some_own(criterion.inputs)[self.visit]
        return Pairs(self.episode[judged], rows[place[judged]], self.visit[judged])


def _ranges(first: Rows, end: Rows) -> tuple[Rows, Rows]:
    """Return the place of each range, and each of its numbers, from `first` up to and without `end`."""
    sizes = np.maximum(end - first, 0)
    places = np.repeat(np.arange(len(sizes)), sizes)
    return places, np.arange(len(places)) + np.repeat(first - (np.cumsum(sizes) - sizes), sizes)


def _judged(criterion: Criterion, pairs: Pairs, inputs: JudgedVisits) -> Judged:
    now, before = (
        {name: inputs[name].take(rows) for name in criterion.inputs} for rows in (pairs.visit, pairs.baseline)
    )
    said = criterion.over(now, before=before)
    looked_at = [*now.values(), *(before.values() if criterion.against == BASELINE else ())]
    return Judged(*pairs, said.met.codes(), said.n_improved, said.n_known, _limits(looked_at))


def _limits(looked_at: list[Values]) -> npt.NDArray[np.intp]:
    """Return the place in `COMPARATOR` of the marks of some values, -1 where none has one."""
    marks = np.array([column.marks for column in looked_at])
    below, above = np.any(marks == BELOW, axis=0), np.any(marks == ABOVE, axis=0)
    return np.select([below & above, below, above], [LIMITS.index("<>"), LIMITS.index("<"), LIMITS.index(">")], -1)
