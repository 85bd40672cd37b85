"""The Ankylosing Spondylitis Quality of Life questionnaire: 18 statements, true (1) or not (0), 0-18; higher is worse.

Doward LC, Spoorenberg A, Cook SA, et al. Ann Rheum Dis 2003;62:20-6. Range and direction were verified.

Missing answers: the value stands only where all 18 are there. The prorated variant, 18 times the mean of the
answers where at most three are missing, is a convention from memory and not verified.
"""

from __future__ import annotations

from typing import Final

from registry.catalogue.instruments.instrument import PRORATED, Columns, Instrument, mean, numbered, total
from registry.catalogue.instruments.values import Values

ITEMS: Final = numbered("asqol", 18)
MAY_BE_MISSING: Final = 3


def asqol(columns: Columns) -> Values:
    """Return how many of the 18 statements are true, where all were answered."""
    return total([columns[item] for item in ITEMS])


def asqol_prorated(columns: Columns) -> Values:
    """Return 18 times the share of true statements among the answered, of which there are 15 or more."""
    return mean([columns[item] for item in ITEMS], required=len(ITEMS) - MAY_BE_MISSING) * len(ITEMS)


INSTRUMENTS: Final = (
    Instrument(
        name="asqol",
        edition=1,
        title="ASQoL",
        source="Doward et al., Ann Rheum Dis 2003;62:20-6",
        unit="score",
        low=0,
        high=18,
        inputs=ITEMS,
        kernel=asqol,
        variants={PRORATED: asqol_prorated},
    ),
)
