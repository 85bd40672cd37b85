"""The Bath Ankylosing Spondylitis Functional Index: the mean of ten answers, 0 (easy) to 10 (impossible).

Calin A, Garrett S, Whitelock H, Kennedy LG, O'Hea J, Mallorie P, Jenkinson T. J Rheumatol 1994;21:2281-5. Eight
activities of daily life and two questions on coping with it. Questions and formula were verified in secondary sources.

Missing answers: the value stands only where all ten are there. The prorated variant, the mean of the answers where at
most two are missing, is a convention from memory and not verified.
"""

from __future__ import annotations

from typing import Final

from registry.catalogue.instruments.instrument import PRORATED, Columns, Instrument, mean, numbered
from registry.catalogue.instruments.values import Values

ITEMS: Final = numbered("basfi", 10)
MAY_BE_MISSING: Final = 2


def basfi(columns: Columns) -> Values:
    """Return the BASFI of each visit with all ten answers."""
    return mean([columns[item] for item in ITEMS], required=len(ITEMS))


def basfi_prorated(columns: Columns) -> Values:
    """Return the mean of the answers of each visit with eight or more."""
    return mean([columns[item] for item in ITEMS], required=len(ITEMS) - MAY_BE_MISSING)


INSTRUMENTS: Final = (
    Instrument(
        name="basfi",
        edition=1,
        title="BASFI",
        source="Calin et al., J Rheumatol 1994;21:2281-5",
        unit="score",
        low=0,
        high=10,
        inputs=ITEMS,
        kernel=basfi,
        variants={PRORATED: basfi_prorated},
    ),
)
