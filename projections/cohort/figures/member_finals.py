"""The final scores of the definition's campaign that stand for each member of a cohort at each time point."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from projections.campaigns.final_scores import FinalScores, finals
from projections.campaigns.read_campaigns import ReadCampaign, read_campaigns
from projections.cohort.members.cohort import Cohort
from projections.cohort.members.day_zero import member_rows
from projections.cohort.members.visit_windows import Candidates, Dated
from projections.columns.coded import Rows


class MemberFinals(NamedTuple):
    """Final scores by the name of the score, and which of the campaign's studies stands: time points × members.

    It is the preferred study in the window that all have read to whom it was given, -1 where there is none.
    """

    read: ReadCampaign
    scores: dict[str, FinalScores]
    stands: Rows

    @property
    def told(self) -> str:
        """Return which campaign's values they are, by which rule."""
        return f"final scores of {self.read.campaign.campaign}, {self.read.campaign.final}"


def member_finals(cohort: Cohort) -> MemberFinals:
    """Return the final scores that stand for the members; only where `finals_of` says that there are some."""
    return cohort.once(("final scores",), lambda: _found(cohort))


def _found(cohort: Cohort) -> MemberFinals:
    name = cohort.definition.imaging.campaign
    (read,) = (each for each in read_campaigns(cohort.facts) if each.campaign.campaign == name)
    days = Dated(member_rows(read.patients, cohort.members), read.days.astype(np.int64))
    points = cohort.definition.time_points
    candidates = Candidates.of(days, points, cohort.admitted.anchors(points))
    return MemberFinals(read, {each.score: each for each in finals(read)}, candidates.chosen(read.is_whole).T)
