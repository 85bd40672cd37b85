"""LUNDEX: of all patients who started a drug, the share who are still on it and respond.

Kristensen LE et al. Arthritis Rheum 2006;54:600–6: the fraction still on the drug at a time × the fraction of those
seen then who respond. Whether the first factor is crude or by Kaplan–Meier has to be said, as is done here. Where
patients enter late it can only be Kaplan–Meier's, with their entries.
"""

from __future__ import annotations

from typing import Literal

from projections.statistics.proportions import Proportion
from projections.statistics.results import NOTHING_GIVEN, Estimate

Retention = Literal["crude", "kaplan-meier"]


def lundex(retained: float | Estimate | None, responders: Proportion, *, retention: Retention, n: int) -> Estimate:
    """Return the LUNDEX, from 0 to 1, of n patients who started; None where a factor is unknown.

    `retained` is the fraction still on the drug; `responders` counts those who respond of those on it and seen. From an
    estimate of the fraction that has no value, as where the risk set was emptied, the LUNDEX takes the reason.

    >>> round(lundex(0.74, Proportion(62, 100), retention="kaplan-meier", n=135).value, 4)
    0.4588

    Raises:
        ValueError: where the fraction is not from 0 to 1.
    """
    blank = Estimate("LUNDEX", f"retention {retention}", n)
    if isinstance(retained, Estimate):
        if retained.value is None:
            return blank._replace(reason=retained.reason)
        retained = retained.value
    if retained is None or not responders.of:
        return blank._replace(reason=NOTHING_GIVEN)
    if not 0 <= retained <= 1:
        raise ValueError(f"the fraction still on the drug has to be from 0 to 1, and is {retained}")
    return blank._replace(value=retained * responders.n / responders.of)
