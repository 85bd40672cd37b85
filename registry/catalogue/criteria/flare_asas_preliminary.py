"""The twelve preliminary ASAS definitions of flare, by pain, BASDAI or ASDAS-CRP.

Gossec L, Portier A, Landewé R, et al. Ann Rheum Dis 2016;75:991-6. The list was verified; the numbers are this
registry's, in the order of the list. Each is a rise from the reference visit, some with a least value at the flare: the
change was coupled to "the value observed at the time of flare", so that "2 points where the value is 4 or more, else 3"
is judged by the later value. Pain and BASDAI in points of 0-10, pain as total back pain.
"""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from typing import Final, NamedTuple

from registry.catalogue.criteria.criterion import REFERENCE, Criterion
from registry.catalogue.instruments.instrument import Columns
from registry.catalogue.instruments.truths import Truths


class Rise(NamedTuple):
    """A rise by so many points, where the later value is at least `reaching`; or by `otherwise`, whatever it is."""

    points: str
    reaching: str | None = None
    otherwise: str | None = None


POINTS: Final = {"total_back_pain": Fraction(1, 10), "basdai": Fraction(1), "asdas_crp": Fraction(1)}
DEFINITIONS: Final = (  # points of 0-10, or of the ASDAS
    ("total_back_pain", Rise("2", reaching="4")),
    ("total_back_pain", Rise("3")),
    ("total_back_pain", Rise("2", reaching="4", otherwise="3")),
    ("basdai", Rise("2")),
    ("basdai", Rise("2", reaching="4")),
    ("basdai", Rise("3")),
    ("basdai", Rise("3", reaching="4")),
    ("basdai", Rise("2", reaching="4", otherwise="3")),
    ("asdas_crp", Rise("0.6")),
    ("asdas_crp", Rise("0.9")),
    ("asdas_crp", Rise("1.1")),
    ("asdas_crp", Rise("0.6", reaching="1.3")),
)


def risen(before: Columns, now: Columns, *, name: str, rise: Rise) -> tuple[Truths, list[Truths]]:
    """Return whether the value rose as the definition wants."""
    value = now[name] * POINTS[name]
    change = value - before[name] * POINTS[name]
    met = change >= Fraction(rise.points)
    if rise.reaching:
        met &= value >= Fraction(rise.reaching)
    if rise.otherwise:
        met |= change >= Fraction(rise.otherwise)
    return met, [met]


def _title(name: str, rise: Rise) -> str:
    reaching = f" to {rise.reaching} or more" if rise.reaching else ""
    otherwise = f", or by {rise.otherwise}" if rise.otherwise else ""
    return f"flare: {name} higher by {rise.points}{reaching}{otherwise}"


CRITERIA: Final = tuple(
    Criterion(
        name=f"flare-asas-prelim-{number}",
        rule=f"flare-asas-prelim-{number}/1",
        title=_title(name, rise),
        source="Gossec et al., Ann Rheum Dis 2016;75:991-6",
        against=REFERENCE,
        inputs=(name,),
        kernel=partial(risen, name=name, rise=rise),
    )
    for number, (name, rise) in enumerate(DEFINITIONS, start=1)
)
