"""The ASAS 5/6 improvement criterion: at least 20% better in five of six domains.

Brandt J, Listing J, Sieper J, Rudwaleit M, van der Heijde D, Braun J. Ann Rheum Dis 2004;63:1438-44. Verified in
publications that print it. The domains are the four of ASAS20, C-reactive protein, and spinal mobility by lateral
lumbar flexion, of which more is better. No condition in units and none on the remaining domain; the percentage of CRP
is plain, without subtracting an upper limit of normal.

A CRP given as below or above a limit stands for every value beyond it: the domain has improved where all of them
would say so, and is open where they differ. Mobility that was 0 improves by any rise.
"""

from __future__ import annotations

from typing import Final

from registry.catalogue.criteria.asas_response import DOMAINS
from registry.catalogue.criteria.change import improved, paired
from registry.catalogue.criteria.criterion import BASELINE, Criterion
from registry.catalogue.instruments.instrument import Columns
from registry.catalogue.instruments.truths import Truths, at_least
from registry.catalogue.instruments.values import ABOVE, BELOW, Values

PERCENT: Final = 20
WANTED: Final = 5


def asas_5_of_6(before: Columns, now: Columns) -> tuple[Truths, list[Truths]]:
    """Return whether five domains improved, and whether each of the six did."""
    gains = [
        *(improved(before[name], now[name], percent=PERCENT) for name in DOMAINS),
        crp_improved(before["crp"], now["crp"]),
        mobility_improved(before["lateral_lumbar_flexion"], now["lateral_lumbar_flexion"]),
    ]
    return at_least(WANTED, gains), gains


def crp_improved(before: Values, now: Values) -> Truths:
    """Return whether CRP fell by 20%, open where a value below or above a limit leaves it so."""
    before, now = paired(before, now)
    from_below, from_above = before.bound == BELOW, before.bound == ABOVE
    to_below, to_above = now.bound == BELOW, now.bound == ABOVE
    at_worst = improved(before.otherwise(0, from_below), now, percent=PERCENT)
    lowest = now.otherwise(0, to_below)
    at_best = improved(before, lowest, percent=PERCENT)
    beyond = before * (100 - PERCENT) > lowest * 100  # the limit itself is not among the values beyond it
    strict = from_below | to_above
    return Truths(
        at_worst.certain & ~to_above,
        from_above | (at_best.possible & (beyond.possible | ~strict)),
    )


def mobility_improved(before: Values, now: Values) -> Truths:
    """Return whether lateral lumbar flexion rose by 20%."""
    rise = now - before
    return (rise > 0) & (rise * 100 >= before * PERCENT)


CRITERIA: Final = (
    Criterion(
        name="asas-5-of-6",
        rule="asas-5-of-6/1",
        title="ASAS 5/6",
        source="Brandt et al., Ann Rheum Dis 2004;63:1438-44",
        against=BASELINE,
        inputs=(*DOMAINS, "crp", "lateral_lumbar_flexion"),
        kernel=asas_5_of_6,
    ),
)
