"""How few patients stand behind one figure, and what is left of a figure where not all of it is shown."""

from __future__ import annotations

import re
from typing import Final

from projections.cohort.figures.figures import Figure
from projections.cohort.small_numbers.hiding import is_small
from projections.statistics.mcnemar import NAME, VARIANTS, fewer_changed

REASON: Final = "hidden-small-number"
SINGLE: Final = ("lowest", "highest")  # as statistics end that are the value of one patient
SIDES: Final = {"median": 2, "lower quartile": 4, "upper quartile": 4}  # one part of so many lies on its smaller side
COUNT: Final = re.compile(r"(?<![\d.])(\d+)(?![\d.%])")
OF: Final = re.compile(r"(\d+) of (\d+)")


def rests_on_few(figure: Figure, members: int, minimum: int) -> bool:
    """Return whether one of the numbers behind a figure of so many members is small, or what it lacks to them all.

    Of McNemar's test these are who changed in either direction, and who did not.
    """
    numerator, whole = figure.numerator, _counted(figure.denominator)
    rest = None if numerator is None or whole is None else whole - numerator
    without = (members - each for each in (whole, figure.n_patients) if each is not None)
    those = (numerator, rest, whole, figure.n_patients, *without, *_changed(figure))
    return any(is_small(each, minimum) for each in those)


def hidden(figure: Figure) -> Figure:
    """Return a figure of which nothing is shown but where it stands."""
    return Figure(figure.row, figure.timepoint, figure.statistic, unit=figure.unit, reason=REASON, group=figure.group)


def as_shown(figure: Figure, minimum: int, *, noted: bool) -> Figure:
    """Return what is shown of a figure in a line that is; `noted` says whether its note may stand, if nothing is small.

    Single values, as the lowest, never are; a quantile is where as many as the minimum lie on each of its sides, a test
    where it rests on as many.
    """
    if figure.statistic.endswith(SINGLE) or is_small(figure.n_used, minimum):
        return hidden(figure)
    sides = next((parts for name, parts in SIDES.items() if figure.statistic.endswith(name)), None)
    if sides is not None and (figure.denominator is None or figure.denominator < sides * minimum):
        return hidden(figure)
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


def _bare(figure: Figure) -> str | None:
    """Return the text of a figure without what it has in brackets: limits, or the lowest and the highest value."""
    return None if figure.text is None else figure.text.partition(" (")[0]


def _changed(figure: Figure) -> tuple[int, ...]:
    """Return how many pairs changed in either direction, and how many did not; nothing of other tests."""
    test, _, variant = (figure.variant or "").partition(": ")
    if test != NAME or figure.value is None or figure.n_used is None:
        return ()
    named = next(each for each in VARIANTS if variant.startswith(each))
    fewer = fewer_changed(figure.value, figure.n_used, named)
    return fewer, figure.n_used - fewer, figure.zeros or 0


def _counted(denominator: float | None) -> float | None:
    """Return a denominator that counts something, None where it is time."""
    return denominator if denominator is not None and float(denominator).is_integer() else None
