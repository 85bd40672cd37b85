"""The Maastricht Ankylosing Spondylitis Enthesitis Score: 13 entheses, tender (1) or not (0), 0-13.

Heuft-Dorenbosch L, Spoorenberg A, van Tubergen A, et al. Ann Rheum Dis 2003;62:127-32. Sites and range were verified.

Missing sites: the value stands only where all 13 were examined. The variant `assessed` counts the tender ones among
those that were; it says nothing without `n_present`.
"""

from __future__ import annotations

from typing import Final

from registry.catalogue.instruments.instrument import Columns, Instrument, how_many_known, partial_total, total
from registry.catalogue.instruments.values import Values

PAIRED: Final = (
    "costochondral_1",
    "costochondral_7",
    "posterior_superior_iliac_spine",
    "anterior_superior_iliac_spine",
    "iliac_crest",
    "achilles_insertion",
)
SITES: Final = (*(f"mases_{site}_{side}" for site in PAIRED for side in ("right", "left")), "mases_spinous_process_l5")
ASSESSED: Final = "assessed"


def mases(columns: Columns) -> Values:
    """Return how many of the 13 sites are tender, where all were examined."""
    return total([columns[site] for site in SITES])


def mases_assessed(columns: Columns) -> Values:
    """Return how many of the examined sites are tender, where there was one."""
    sites = [columns[site] for site in SITES]
    return partial_total(sites).where(how_many_known(sites) > 0)


INSTRUMENTS: Final = (
    Instrument(
        name="mases",
        edition=1,
        title="MASES",
        source="Heuft-Dorenbosch et al., Ann Rheum Dis 2003;62:127-32",
        unit="score",
        low=0,
        high=13,
        inputs=SITES,
        kernel=mases,
        variants={ASSESSED: mases_assessed},
    ),
)
