"""How few patients stand behind one figure, and what is left of a figure where not all of it is shown."""

from __future__ import annotations

import re
from enum import IntEnum
from typing import Final

from projections.cohort.figures.completeness import KNOWN
from projections.cohort.figures.figures import Figure
from projections.cohort.small_numbers.hiding import is_small

REASON: Final = "hidden-small-number"
SINGLE: Final = ("lowest", "highest")  # as statistics end that are the value of one patient
SIDES: Final = {"median": 2, "lower quartile": 4, "upper quartile": 4}  # one part of so many lies on its smaller side
WITHOUT_NUMBERS: Final = ("mean", "sd", "mean difference", *SIDES)
COUNT: Final = re.compile(r"(?<![\d.])(\d+)(?![\d.%])")
OF: Final = re.compile(r"(\d+) of (\d+)")


class Shown(IntEnum):
    """How much of a line is shown: all, what no number of patients follows from, or nothing."""

    WHOLE = 0
    WITHOUT_NUMBERS = 1
    NOTHING = 2


def shown(figure: Figure, members: int, minimum: int) -> Shown:
    """Return how much of a figure of so many members may be shown by the numbers behind it alone."""
    numerator, whole = figure.numerator, _counted(figure.denominator)
    rest = None if numerator is None or whole is None else whole - numerator
    if figure.statistic == KNOWN or figure.row.endswith(f": {KNOWN}"):
        return Shown.WITHOUT_NUMBERS if is_small(numerator, minimum) or is_small(rest, minimum) else Shown.WHOLE
    if any(is_small(each, minimum) for each in (numerator, rest, whole, figure.n_patients)):
        return Shown.NOTHING
    without = [members - each for each in (whole, figure.n_patients) if each is not None]
    return Shown.WITHOUT_NUMBERS if any(is_small(each, minimum) for each in without) else Shown.WHOLE


def hidden(figure: Figure) -> Figure:
    """Return a figure of which nothing is shown but where it stands."""
    return Figure(figure.row, figure.timepoint, figure.statistic, unit=figure.unit, reason=REASON, group=figure.group)


def as_shown(figure: Figure, how: Shown, minimum: int, *, noted: bool) -> Figure:
    """Return what is shown of a figure; `noted` says whether its note may stand, where nothing in it is small.

    Single values, as the lowest, never are; a quantile is where as many as the minimum lie on each of its sides, a test
    where it rests on as many.
    """
    if how == Shown.NOTHING or figure.statistic.endswith(SINGLE) or is_small(figure.n_used, minimum):
        return hidden(figure)
    sides = next((parts for name, parts in SIDES.items() if figure.statistic.endswith(name)), None)
    if sides is not None and (figure.denominator is None or figure.denominator < sides * minimum):
        return hidden(figure)
    if how == Shown.WITHOUT_NUMBERS:
        return _without_numbers(figure)
    note = figure.denominator_note
    kept = figure._replace(denominator_note=note if note and noted and tells_nothing_small(note, minimum) else None)
    return kept._replace(text=_bare(figure)) if figure.statistic.endswith("median") else kept


def tells_nothing_small(note: str, minimum: int) -> bool:
    """Return whether no number of a note is small, nor the rest of one `of` another.

    >>> tells_nothing_small("22 of 22 patients", 5), tells_nothing_small("20 of 22 patients", 5)
    (True, False)
    """
    rests = [int(whole) - int(part) for part, whole in OF.findall(note)]
    return not any(is_small(each, minimum) for each in (*map(int, COUNT.findall(note)), *rests))


def _without_numbers(figure: Figure) -> Figure:
    if not (figure.statistic.endswith(WITHOUT_NUMBERS) or figure.p_value is not None):
        return hidden(figure)
    return Figure(
        figure.row,
        figure.timepoint,
        figure.statistic,
        value=figure.value,
        text=_bare(figure),
        variant=figure.variant,
        p_value=figure.p_value,
        unit=figure.unit,
        group=figure.group,
    )


def _bare(figure: Figure) -> str | None:
    """Return the text of a figure without what it has in brackets: limits, or the lowest and the highest value."""
    return None if figure.text is None else figure.text.partition(" (")[0]


def _counted(denominator: float | None) -> float | None:
    """Return a denominator that counts something, None where it is time."""
    return denominator if denominator is not None and float(denominator).is_integer() else None
