"""Responsiveness: a mean change in units of a standard deviation, and whose.

standardised response mean (Liang MH et al. Arthritis Rheum 1985;28:542–7): of the changes themselves
effect size (Kazis LE et al. Med Care 1989;27:S178–89): of the baseline values
Guyatt (Guyatt G et al. J Chronic Dis 1987;40:171–8): of the changes of stable, or placebo, patients

A change is follow-up minus baseline, so that improvement is below 0 wherever a higher value is worse. All are without
unit; a standard deviation has n − 1 below it.
"""

from __future__ import annotations

from projections.statistics.ordering import DECIMALS, Given, constant, differences, doubles
from projections.statistics.results import NOTHING_GIVEN, ONE_VALUE, ZERO_VARIANCE, Estimate


def standardised_response_mean(baseline: Given, followup: Given, *, decimals: int = DECIMALS) -> Estimate:
    """Return the mean change over the SD of the changes; pairs, one row a patient.

    >>> round(standardised_response_mean([6.0, 5.0, 7.0], [4.0, 4.0, 4.0]).value, 6)
    -2.0
    """
    changes = differences(followup, baseline)
    return _in_units_of("standardised response mean", changes, changes, decimals)


def effect_size(baseline: Given, followup: Given, *, decimals: int = DECIMALS) -> Estimate:
    """Return the mean change over the SD of the baseline values (Kazis); pairs, one row a patient."""
    return _in_units_of("effect size", differences(followup, baseline), baseline, decimals)


def guyatt_responsiveness(changes: Given, stable_changes: Given, *, decimals: int = DECIMALS) -> Estimate:
    """Return the mean change over the SD of the changes of stable patients, who are others; n counts the former.

    One change, as a minimal important difference, may stand for the changes.
    """
    return _in_units_of("Guyatt responsiveness", changes, stable_changes, decimals)


def _in_units_of(name: str, changes: Given, spread: Given, decimals: int) -> Estimate:
    blank = Estimate(name, "mean change / SD", len(changes))
    if not len(changes) or not len(spread):
        return blank._replace(reason=NOTHING_GIVEN)
    if len(spread) == 1:
        return blank._replace(reason=ONE_VALUE)
    if constant(spread, decimals=decimals):
        return blank._replace(reason=ZERO_VARIANCE)
    return blank._replace(value=float(doubles(changes).mean() / doubles(spread).std(ddof=1)))
