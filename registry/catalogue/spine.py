"""The 23 vertebral units from C2/3 to L5/S1.

A vertebral unit is the region between two virtual lines through the middle of two neighbouring
vertebrae, with the disc between them (Baraliakos et al., J Rheumatol 2013;40:1891-6). Which segment a
unit belongs to is a matter of the method: here stands the division of that paper, whose denominators force
6 cervical, 11 thoracic and 6 lumbar units, T12/L1 being lumbar. Other methods count T12/L1 as thoracic.
"""

from __future__ import annotations

from typing import Final

CERVICAL: Final = ("C2/3", "C3/4", "C4/5", "C5/6", "C6/7", "C7/T1")
THORACIC: Final = (*(f"T{n}/{n + 1}" for n in range(1, 12)),)
LUMBAR: Final = ("T12/L1", "L1/2", "L2/3", "L3/4", "L4/5", "L5/S1")

UNITS: Final = (*CERVICAL, *THORACIC, *LUMBAR)

VERTEBRAL_UNITS: Final = (  # unit, segment
    *((unit, "cervical") for unit in CERVICAL),
    *((unit, "thoracic") for unit in THORACIC),
    *((unit, "lumbar") for unit in LUMBAR),
)

# The division of the CANDEN and SPARCC groups, to whom T12/L1 is thoracic: 6, 12 and 5 levels.
DISCOVERTEBRAL_UNITS: Final = (  # unit, segment
    *((unit, "cervical") for unit in CERVICAL),
    *((unit, "thoracic") for unit in (*THORACIC, LUMBAR[0])),
    *((unit, "lumbar") for unit in LUMBAR[1:]),
)


def corners_of(unit: str) -> tuple[str, str]:
    """Return the two vertebral corners of a disc: the lower one of the vertebra above, the upper one of that below.

    >>> corners_of("C7/T1"), corners_of("L1/2")
    (('C7 lower', 'T1 upper'), ('L1 lower', 'L2 upper'))
    """
    above, below = unit.split("/")
    return f"{above} lower", f"{below if below[0].isalpha() else above[0] + below} upper"
