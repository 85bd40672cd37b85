"""The Bath Ankylosing Spondylitis Metrology Index, 0-10, in three versions that give different figures and never mix.

2-step: Jenkinson TR, Mallorie PA, Whitelock HC, Kennedy LG, Garrett SL, Calin A. J Rheumatol 1994;21:1694-8; each of
five movements 0, 1 or 2, their sum. 10-step: Jones SD, Porter J, Garrett SL, Kennedy LG, Whitelock H, Calin A.
J Rheumatol 1995;22:1609; each 0 to 10, their mean. Linear: van der Heijde D, Landewé R, Feldtkeller E. Ann Rheum
Dis 2008;67:489-93; each on a line cut off at 0 and 10, their mean. The tables of the 2-step and the linear version
were verified in the ASAS handbook (Ann Rheum Dis 2009;68 Suppl II); that of the 10-step version is from memory,
checked against one printed example (30 degrees of rotation scores 7) and against the lines.

Distances in cm, rotation in degrees, means of right and left where there are two. Published bands of the 10-step
version overlap or leave gaps at their edges; here each limit belongs to the better score, save that a
tragus-to-wall distance at a limit above 10 cm belongs to the worse one, as its bands are printed (13-15.9). No value is
rounded before it is judged. Where a movement is missing there is no value; no rule to prorate is known.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Final, NamedTuple

from registry.catalogue.instruments.instrument import Columns, Instrument, total
from registry.catalogue.instruments.truths import Truths, how_many
from registry.catalogue.instruments.values import Values

TRAGUS_TO_WALL: Final = "tragus_to_wall"  # the one movement in which more is worse


class Line(NamedTuple):
    """A movement's score on a line: `(value - zero) / step`."""

    zero: str
    step: str


TWO_STEP: Final = {  # cm or degrees: beyond the first limit 0, to the second 1, beyond that 2
    "lateral_lumbar_flexion": ("10", "5"),
    TRAGUS_TO_WALL: ("15", "30"),
    "lumbar_flexion": ("4", "2"),
    "intermalleolar_distance": ("100", "70"),
    "cervical_rotation": ("70", "20"),
}
TEN_STEP: Final = {  # cm or degrees: the limits of scores 0 to 9; beyond the last it is 10
    "lateral_lumbar_flexion": ("20", "18", "15.9", "13.8", "11.7", "9.6", "7.5", "5.4", "3.3", "1.2"),
    TRAGUS_TO_WALL: ("10", "13", "16", "19", "22", "25", "28", "31", "34", "37"),
    "lumbar_flexion": ("7.0", "6.4", "5.7", "5.0", "4.3", "3.6", "2.9", "2.2", "1.5", "0.8"),
    "intermalleolar_distance": ("120", "110", "100", "90", "80", "70", "60", "50", "40", "30"),
    "cervical_rotation": ("85", "76.6", "68.1", "59.6", "51.1", "42.6", "34.1", "25.6", "17.1", "8.6"),
}
LINEAR: Final = {  # cm or degrees
    "lateral_lumbar_flexion": Line("21.1", "-2.1"),
    TRAGUS_TO_WALL: Line("8", "3"),
    "lumbar_flexion": Line("7.4", "-0.7"),
    "intermalleolar_distance": Line("124.5", "-10"),
    "cervical_rotation": Line("89.3", "-8.5"),
}
MOVEMENTS: Final = tuple(TWO_STEP)


def basmi_2step(columns: Columns) -> Values:
    """Return the sum of the five movements, each 0, 1 or 2."""
    return total([_two_step(name, columns[name]) for name in MOVEMENTS])


def basmi_10step(columns: Columns) -> Values:
    """Return the mean of the five movements, each a whole number from 0 to 10."""
    return total([_ten_step(name, columns[name]) for name in MOVEMENTS]) / len(MOVEMENTS)


def basmi_linear(columns: Columns) -> Values:
    """Return the mean of the five movements, each on its line and within 0 to 10."""
    return total([_on_its_line(name, columns[name]) for name in MOVEMENTS]) / len(MOVEMENTS)


def _two_step(name: str, moved: Values) -> Values:
    good, poor = (Fraction(limit) for limit in TWO_STEP[name])
    if name == TRAGUS_TO_WALL:
        return _passed(moved, moved >= good, moved > poor)
    return _passed(moved, moved <= good, moved < poor)


def _ten_step(name: str, moved: Values) -> Values:
    first, *others = (Fraction(limit) for limit in TEN_STEP[name])
    if name == TRAGUS_TO_WALL:
        return _passed(moved, moved > first, *(moved >= limit for limit in others))
    return _passed(moved, moved < first, *(moved < limit for limit in others))


def _on_its_line(name: str, moved: Values) -> Values:
    line = LINEAR[name]
    return ((moved - Fraction(line.zero)) / Fraction(line.step)).clamped(0, 10)


def _passed(moved: Values, *limits: Truths) -> Values:
    """Return how many limits each movement has passed towards the worse."""
    return Values.counted(how_many(limits), known=moved.known)


def _basmi(version: str, source: str, kernel: Callable[[Columns], Values]) -> Instrument:
    return Instrument(
        name=f"basmi_{version.replace('-', '')}",
        edition=1,
        title=f"BASMI, {version}",
        source=source,
        unit="score",
        low=0,
        high=10,
        inputs=MOVEMENTS,
        kernel=kernel,
    )


INSTRUMENTS: Final = (
    _basmi("2-step", "Jenkinson et al., J Rheumatol 1994;21:1694-8", basmi_2step),
    _basmi("10-step", "Jones et al., J Rheumatol 1995;22:1609", basmi_10step),
    _basmi("linear", "van der Heijde et al., Ann Rheum Dis 2008;67:489-93", basmi_linear),
)
