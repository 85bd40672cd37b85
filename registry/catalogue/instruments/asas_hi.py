"""The ASAS Health Index: 17 statements, agreed (1) or not (0), 0-17; higher is worse.

Kiltz U, van der Heijde D, Boonen A, et al. Ann Rheum Dis 2015;74:830-5. The number of statements was verified, the
direction is from memory. Nine statements on the environment are a set of their own and no part of the sum.

Missing answers: the value stands only where all 17 are there. The prorated variant, 17 times the mean of the
answers where at most three are missing, is a convention from memory and not verified. Two statements may be "not
applicable"; that is an unknown answer here.
"""

from __future__ import annotations

from typing import Final

from registry.catalogue.instruments.instrument import PRORATED, Columns, Instrument, mean, numbered, total
from registry.catalogue.instruments.values import Values

ITEMS: Final = numbered("asas_hi", 17)
MAY_BE_MISSING: Final = 3


def asas_hi(columns: Columns) -> Values:
    """Return how many of the 17 statements are agreed with, where all were answered."""
    return total([columns[item] for item in ITEMS])


def asas_hi_prorated(columns: Columns) -> Values:
    """Return 17 times the share of agreed statements among the answered, of which there are 14 or more."""
    return mean([columns[item] for item in ITEMS], required=len(ITEMS) - MAY_BE_MISSING) * len(ITEMS)


INSTRUMENTS: Final = (
    Instrument(
        name="asas_hi",
        edition=1,
        title="ASAS Health Index",
        source="Kiltz et al., Ann Rheum Dis 2015;74:830-5",
        unit="score",
        low=0,
        high=17,
        inputs=ITEMS,
        kernel=asas_hi,
        variants={PRORATED: asas_hi_prorated},
    ),
)
