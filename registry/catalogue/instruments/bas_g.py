"""The Bath Ankylosing Spondylitis Patient Global Score: two questions, 0-10 each, that are never added.

Jones SD, Steiner A, Garrett SL, Calin A. Br J Rheumatol 1996;35:66-71: the effect of the disease on well-being in
the last week and in the last six months. Verified as two separate scales; some users average them, which is
not offered. It is not the patient's global assessment of disease activity.
"""

from __future__ import annotations

from functools import partial
from typing import Final

from registry.catalogue.instruments.instrument import Columns, Instrument
from registry.catalogue.instruments.values import Values

PERIODS: Final = {"bas_g_week": "last week", "bas_g_6months": "last six months"}


def answered(columns: Columns, *, question: str) -> Values:
    """Return the answer to one of the two questions, which is its own score."""
    return columns[question]


INSTRUMENTS: Final = tuple(
    Instrument(
        name=name,
        edition=1,
        title=f"BAS-G, {period}",
        source="Jones et al., Br J Rheumatol 1996;35:66-71",
        unit="nrs",
        low=0,
        high=10,
        inputs=(name,),
        kernel=partial(answered, question=name),
    )
    for name, period in PERIODS.items()
)
