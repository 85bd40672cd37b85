"""Which two studies, read side by side, stand for a member at two time points.

The earlier study stands for the first time point and the later one for the second, each within its window. Of several
such pairs the one counts whose earlier study the first time point prefers, then whose later one the second prefers: a
member has one pair, so that no lesion counts twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa

from projections.cohort.members.cohort import Cohort
from projections.cohort.members.visit_windows import Candidates, Dated
from projections.columns.arrow import ArrowTable
from projections.columns.coded import coded, day_numbers
from projections.lesions.paired_verdicts import PAIR

EARLIER: Final = ("baseline_study", "baseline_on")
LATER: Final = ("followup_study", "performed_on")


class StudyPair(NamedTuple):
    """Two studies of a patient that were read side by side, the earlier first."""

    earlier: str
    later: str


def pairs_between(cohort: Cohort, verdicts: ArrowTable, time_points: tuple[str, str]) -> frozenset[StudyPair]:
    """Return for each member the pair of studies that stands for two time points, of those that have verdicts."""
    first, second = (
        _preference(cohort, verdicts.select(["patient", *columns]), name)
        for columns, name in zip((EARLIER, LATER), time_points)
    )
    chosen: dict[int, tuple[tuple[int, int], StudyPair]] = {}
    for _, *studies in set(zip(*(verdicts[name].to_pylist() for name in PAIR))):
        pair = StudyPair(*studies)
        later = second.get(pair.later, {})
        for member, place in first.get(pair.earlier, {}).items():
            if member in later and (member not in chosen or (place, later[member]) < chosen[member][0]):
                chosen[member] = (place, later[member]), pair
    return frozenset(pair for _, pair in chosen.values())


def _preference(cohort: Cohort, studies: ArrowTable, time_point: str) -> Mapping[str, Mapping[int, int]]:
    """Return the studies that may stand at a time point, each by member with its place in the order of preference."""
    named = studies.rename_columns(["patient", "study", "day"])
    distinct = named.group_by(named.column_names).aggregate([]).sort_by("study")
    point = cohort.definition.time_points[cohort.definition.place(time_point)]
    patients, days = coded(distinct["patient"]), day_numbers(distinct["day"]).astype(np.int64)
    dated = Dated.of(cohort.admitted, patients, days)
    candidates = Candidates.of(dated, [point], cohort.admitted.anchors([point]))
    places: dict[str, dict[int, int]] = {}
    codes = distinct["study"].take(pa.array(candidates.row)).to_pylist()
    for place, (study, member) in enumerate(zip(codes, candidates.member.tolist())):
        places.setdefault(study, {})[member] = place
    return places
