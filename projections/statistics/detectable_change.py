"""The smallest detectable change (SDC): how much must a score change to be more than error of reading?

Bruynesteyn K et al. Ann Rheum Dis 2005;64:179–82. Two ways, which give different numbers and are named:

from change: z SD / (sqrt(2) sqrt(k)), SD that of the differences between two readers' change scores, k the number of
readers whose mean is reported. The one to use where the time points were read together.
from status: z sqrt(2) SEM / sqrt(k) with SEM = SD / sqrt(2), SD that of the differences between two readers' scores at
one time point. It takes both readings of a patient as independent.

z is 1.96 for the usual 95%, 1.28 for 80%: `sdc/loa-95` and `sdc/loa-80`. The limits of an SDC are those of its SD, by
chi-squared with n − 1 degrees of freedom, which takes the differences as normal.
"""

from __future__ import annotations

import math
from typing import Final

from projections.statistics.ordering import DECIMALS, Given, constant, differences, doubles
from projections.statistics.results import LEVEL, NOTHING_GIVEN, ONE_VALUE, ZERO_VARIANCE, Estimate

FORMULAS: Final = {"sdc/loa-95": 0.95, "sdc/loa-80": 0.8}  # the share of differences by error that stays below


def sdc_from_change(
    first: Given, second: Given, *, readers: int = 1, level: float = LEVEL, decimals: int = DECIMALS
) -> Estimate:
    """Return the SDC from two readers' change scores, one row a patient, in the unit of the score.

    >>> one, other = [-4, 0, -6, -1, -10, 2, -3, 0, -7, -2], [-3, 0, -8, 0, -9, 1, -4, -1, -5, -2]
    >>> round(sdc_from_change(one, other).value, 4), round(sdc_from_change(one, other, readers=2).value, 4)
    (1.7285, 1.2223)
    """
    blank = _blank("change", len(first), readers, level)
    return _detectable(blank, differences(first, second), _z(level) / math.sqrt(2 * readers), decimals)


def sdc_from_status(
    first: Given, second: Given, *, readers: int = 1, level: float = LEVEL, decimals: int = DECIMALS
) -> Estimate:
    """Return the SDC from two readers' scores at one time point, one row a patient, in the unit of the score."""
    blank = _blank("status", len(first), readers, level)
    return _detectable(blank, differences(first, second), _z(level) / math.sqrt(readers), decimals)


def sdc_with_limits(sdc: Estimate, *, level: float = LEVEL) -> Estimate:
    """Return an SDC with its limits; without them where there is no SDC, or no difference varies."""
    if not sdc.value:
        return sdc if sdc.value is None else sdc._replace(reason=ZERO_VARIANCE)
    from scipy.special import chdtri

    freedom = sdc.n - 1
    low, high = (math.sqrt(freedom / float(chdtri(freedom, tail))) for tail in ((1 - level) / 2, (1 + level) / 2))
    return sdc._replace(low=sdc.value * low, high=sdc.value * high, interval="chi-squared")


def _blank(source: str, n: int, readers: int, level: float) -> Estimate:
    if readers < 1:
        raise ValueError(f"readers has to be 1 or more, and is {readers}")
    whose = "one reader" if readers == 1 else f"mean of {readers} readers"
    return Estimate("smallest detectable change", f"from {source}, {whose}, {100 * level:g}%", n)


def _z(level: float) -> float:
    from scipy.special import ndtri

    return float(ndtri((1 + level) / 2))


def _detectable(blank: Estimate, differing: Given, factor: float, decimals: int) -> Estimate:
    if blank.n < 2:
        return blank._replace(reason=ONE_VALUE if blank.n else NOTHING_GIVEN)
    sd = 0.0 if constant(differing, decimals=decimals) else float(doubles(differing).std(ddof=1))
    return blank._replace(value=factor * sd)
