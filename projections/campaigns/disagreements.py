"""Which cases go to an adjudicator: those in which two readers differ by more than the campaign's file allows.

Of each headline score, over the readers' first readings: in status, of one study, and in change, between two studies
that follow one another in their unit. Strictly more than the limit; what is yes or no differs where two say otherwise,
whatever the limits. A reading without a value differs from none. The adjudicator gets the whole unit.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from projections.campaigns.exact_values import ExactValues, apart
from projections.campaigns.read_campaigns import ReadCampaign, read_campaigns, values_at
from projections.columns.coded import Rows, Truth, combined
from registry.errors import UnknownCodeError

if TYPE_CHECKING:
    from projections.point_in_time import Facts

Source = Literal["status", "change"]


class Disagreement(NamedTuple):
    """That two readers of a unit differ in a score by so much, which is more than `limit`, in units of the score.

    In change `since` is the earlier study, else None.
    """

    patient: str
    unit: str
    study: str
    since: str | None
    score: str
    source: Source
    difference: Fraction
    limit: Decimal


class _Compared(NamedTuple):
    """Values of a score that are compared, of `studies` since the studies `since`, -1 where it is status."""

    score: str
    source: Source
    studies: Rows
    since: Rows
    values: ExactValues
    limit: Decimal

    @property
    def differ(self) -> Truth:
        return apart(self.values, more_than=self.limit)


def disagreements(facts: Facts, campaign: str) -> list[Disagreement]:
    """Return where readers of a campaign differ by more than it allows, by patient, unit, study and score.

    Raises `UnknownCodeError` for a campaign that there is not.
    """
    if campaign not in facts.campaigns:
        raise UnknownCodeError("campaign", campaign, facts.campaigns)
    found = [each for read in read_campaigns(facts, name=campaign) for each in _disagreements(read)]
    return sorted(found, key=lambda each: (each.patient, each.unit, each.study, each.score, each.source))


def to_adjudicate(read: ReadCampaign) -> Truth:
    """Return the studies of the units in which readers differ by more than the campaign allows."""
    units = combined(read.patients, read.units)
    differing = [compared.studies[compared.differ] for compared in _compared(read)]
    return np.isin(units, units[np.concatenate(differing)]) if differing else np.zeros(len(units), dtype=np.bool_)


def changes_of(values: ExactValues, read: ReadCampaign) -> ExactValues:
    """Return how values of studies × readers changed between studies that follow one another in their unit."""
    before, after = read.consecutive()
    return values.at(after).minus(values.at(before))


def _disagreements(read: ReadCampaign) -> Iterator[Disagreement]:
    patients, units, studies = (each.array().to_pylist() for each in (read.patients, read.units, read.studies))
    for compared in _compared(read):
        scaled = compared.values.alike()
        ranges, _ = scaled.ranges()
        for row in np.flatnonzero(compared.differ).tolist():
            study, since = int(compared.studies[row]), int(compared.since[row])
            yield Disagreement(
                patients[study],
                units[study],
                studies[study],
                None if since < 0 else studies[since],
                compared.score,
                compared.source,
                Fraction(int(ranges[row]), int(scaled.scale[row])),
                compared.limit,
            )


def _compared(read: ReadCampaign) -> Iterator[_Compared]:
    """Yield what is compared of the readers' first readings, score after score; nothing without an adjudicator."""
    rule = read.campaign.adjudicate
    if rule is None:
        return
    found = read.headline_values()
    for column, score in enumerate(read.headlines):
        values = values_at(found, column, read.first[:, : read.n_readers])
        limit = Decimal(0) if score.is_yes_or_no else rule.status
        if limit is not None:
            everyone = np.arange(len(read.gone))
            yield _Compared(score.name, "status", everyone, np.full(len(everyone), -1), values, limit)
        if rule.change is not None and not score.is_yes_or_no:
            before, after = read.consecutive()
            yield _Compared(score.name, "change", after, before, changes_of(values, read), rule.change)
