"""The studies of a campaign that stand for the members of a cohort where final scores count."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from projections.campaigns.final_scores import FinalScores, finals
from projections.campaigns.read_campaigns import ReadCampaign, read_campaigns
from projections.cohort.members.cohort import Cohort
from projections.cohort.members.visit_windows import Candidates, Dated
from projections.columns.coded import Rows


class FinalReadings(NamedTuple):
    """A campaign with its final scores by name, and which of its studies stand for the members.

    `places` is members × time points: the preferred study that all have read to whom it was given; -1 where none is.
    """

    read: ReadCampaign
    scores: dict[str, FinalScores]
    places: Rows

    @property
    def told(self) -> str:
        """Whose final scores they are, and by which rule, as figures say it."""
        return f"final scores of {self.read.campaign.campaign}, {self.read.campaign.final}"

    def days_between(self, before: Rows, after: Rows) -> npt.NDArray[np.int64]:
        """Return how many days some studies lie after others."""
        days = self.read.days.astype(np.int64)
        return np.asarray(days[after] - days[before])


def final_readings(cohort: Cohort) -> FinalReadings:
    """Return what stands for the members in the campaign that the definition names; it is one that was started."""
    return cohort.once(("final readings",), lambda: _final_readings(cohort))


def _final_readings(cohort: Cohort) -> FinalReadings:
    name = cohort.definition.imaging.campaign
    (read,) = read_campaigns(cohort.facts, name=name)
    days = Dated.of(cohort.admitted, read.patients, read.days.astype(np.int64))
    points = cohort.definition.time_points
    candidates = Candidates.of(days, points, cohort.admitted.anchors(points))
    return FinalReadings(read, {final.score: final for final in finals(read)}, candidates.chosen(read.is_whole))
