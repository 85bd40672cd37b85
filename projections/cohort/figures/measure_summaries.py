"""What a measure was in the members of a cohort at each time point, and how it was distributed.

Where laboratory values are known as a limit only, median, quartiles, lowest and highest are said as far as the limits
decide them (`<5`), and mean and SD take each limit as the value and name it in `variant`.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from projections.clinical.censored_values import CensoredQuantile, CensoredValue, censored_quantiles
from projections.clinical.visit_values import (
    CAPTURED_VALUE,
    COMPUTED_OF_DAY,
    COMPUTED_OF_DAYS,
    NO_VALUE,
    PRORATED_VALUE,
    REPORTED,
)
from projections.cohort.figures.compared import Compared, Numbers
from projections.cohort.figures.comparing import left_out_for
from projections.cohort.figures.completeness import known_share
from projections.cohort.figures.describing import described
from projections.cohort.figures.figures import Figure
from projections.cohort.members.cohort import Cohort
from projections.cohort.members.visit_windows import NONE
from projections.columns.coded import Rows, Truth
from projections.statistics.results import CENSORED
from projections.statistics.rounding import from_to, half_up
from registry.catalogue.instruments.values import EXACT, Values

RANKED: Final = {
    "median": Fraction(1, 2),
    "lower quartile": Fraction(1, 4),
    "upper quartile": Fraction(3, 4),
    "lowest": Fraction(0),
    "highest": Fraction(1),
}
MADE: Final = {
    COMPUTED_OF_DAY: "computed from several rows of one day",
    COMPUTED_OF_DAYS: "computed from values of several days",
    REPORTED: "as reported",
    PRORATED_VALUE: "prorated",
}
QUESTIONNAIRES: Final = ("basdai", "basfi")  # whose single questions are no rows of their own
AT_LIMITS: Final = "limits taken as values"


class MeasureValues(NamedTuple):
    """A measure at a time point, one row a member, unknown where there is none; how many have no visit there, and why.

    `made` says of an index how its values came about where not all were computed from one row.
    """

    name: str
    unit: str
    time_point: str
    values: Values
    without_visit: list[tuple[int, str]]
    made: tuple[str, ...] = ()

    @property
    def known(self) -> Values:
        """The values that there are."""
        return self.values.take(np.flatnonzero(self.values.known))

    @property
    def note(self) -> str:
        """Of how many members there is a value, why not of the others, and how many values are limits."""
        n = len(self.values)
        missing = n - int(self.values.known.sum()) - sum(number for number, _ in self.without_visit)
        said = left_out_for(n, [*self.without_visit, (missing, "without a value")])
        return "; ".join([said, *limits_in_words(self.values), *self.made])


class _Taken(NamedTuple):
    """What stands for the members at each time point: values, how each came about, and whether there is a visit."""

    values: list[Values]
    visited: Truth
    origins: npt.NDArray[np.int8]

    def of_members(self, rows: Rows) -> _Taken:
        return _Taken([column.take(rows) for column in self.values], self.visited[rows], self.origins[rows])


def measure_values(cohort: Cohort, measure: str) -> list[MeasureValues]:
    """Return a measure, or an instrument computed from its items, at each time point."""
    taken = cohort.by_member(("measure", measure), lambda whole: _taken(whole, measure))
    unit = cohort.facts.catalogue.unit_of(measure)
    at_time_points = []
    for place, (name, values) in enumerate(zip(cohort.names, taken.values)):
        absent = cohort.absent_at(name, int((~taken.visited[:, place]).sum()), "without a visit")
        made = _made(values, taken.origins[:, place], combine_days=cohort.definition.values.combine_days)
        at_time_points.append(MeasureValues(measure, unit, name, values, absent, made))
    return at_time_points


def _taken(cohort: Cohort, measure: str) -> _Taken:
    column, rows = cohort.inputs[measure], cohort.value_rows(measure)
    origins = np.append(cohort.inputs.origins(measure), np.int8(NO_VALUE))  # the last is found by -1, for no visit
    return _Taken([column.take(at) for at in rows.T], cohort.visit_rows() != NONE, origins[rows])


def occurring_measures(cohort: Cohort) -> list[str]:
    """Return all numbers that some member has at some time point, but the single questions of a questionnaire.

    Of a group it is what a member of the whole has.
    """
    catalogue = cohort.facts.catalogue
    questions = {item for name in QUESTIONNAIRES for item in catalogue.instruments[name].inputs}
    rows = ((name, measure_values(cohort.whole, name)) for name in catalogue.valued if name not in questions)
    return [name for name, row in rows if any(measured.values.known.any() for measured in row)]


def _made(values: Values, origins: npt.NDArray[np.int8], *, combine_days: int) -> tuple[str, ...]:
    """Return what to say of how the values of an index came about."""
    counts = np.bincount(origins, minlength=PRORATED_VALUE + 1)
    n_marked = int((values.marks != EXACT).sum()) if not counts[CAPTURED_VALUE] else 0
    told = [
        f"{n} {words}{f' within {combine_days} days' if origin == COMPUTED_OF_DAYS else ''}"
        for origin, words in MADE.items()
        if (n := int(counts[origin])) and not (origin == REPORTED and n == values.known.sum())
    ]
    return (*told, *([f"{n_marked} with a limit (< or >) as an input"] if n_marked else []))


def measure_summary(measured: MeasureValues) -> Iterator[Figure]:
    """Yield `n`, then mean, SD, median, quartiles, lowest and highest of a measure at a time point."""
    known = measured.known
    at = (measured.name, measured.time_point)
    yield Figure(
        *at,
        "n",
        value=len(known),
        text=str(len(known)),
        denominator=len(measured.values),
        denominator_note=measured.note,
        n_patients=len(known),
    )
    said: dict[str, CensoredQuantile | None] = {}
    if known.censored.any():
        said = dict(zip(RANKED, _quantiles(known), strict=True))
    for figure in described(at, known, note=measured.note, unit=measured.unit):
        yield _within_limits(figure, said) if said else figure


def compared_measure(measured: MeasureValues) -> Compared:
    """Return what groups are compared by of a measure at a time point; limits are taken as values, which is told."""
    told = f"; {AT_LIMITS}" if measured.values.censored.any() else ""
    numbers = Numbers(measured.values, measured.unit)
    return Compared(measured.name, measured.time_point, "mean", numbers, told=told)


def measure_known(cohort: Cohort, measured: MeasureValues) -> Figure:
    """Return of how many of the members a measure is known at a time point."""
    at = (measured.name, measured.time_point)
    return known_share(cohort, at, measured.values, note=measured.note)


def limits_in_words(*columns: Values) -> list[str]:
    """Return what to say of values that are limits, nothing where there is none.

    >>> limits_in_words(Values.of([5, 7], comparators=["<", None])), limits_in_words(Values.of([5, 7]))
    (['1 of the values is a limit'], [])
    """
    n = sum(int(column.censored.sum()) for column in columns)
    return [f"{n} of the values {'is a limit' if n == 1 else 'are limits'}"] if n else []


def _quantiles(known: Values) -> list[CensoredQuantile | None]:
    """Return what the limits among known values decide of each of the `RANKED`."""
    listed = [CensoredValue(*each) for each in zip(known.numerator.tolist(), known.bound.tolist(), strict=True)]
    said = censored_quantiles(listed, tuple(RANKED.values()))
    return [each and each._replace(value=each.value / known.denominator) for each in said]


def _within_limits(figure: Figure, said: dict[str, CensoredQuantile | None]) -> Figure:
    """Return a figure as far as values that are limits decide it."""
    if figure.statistic not in RANKED:
        return figure._replace(variant=f"{figure.variant}; {AT_LIMITS}")
    own = said[figure.statistic]
    text = _text(own)
    if figure.statistic == "median":
        text += f" ({from_to(_text(said['lowest']), _text(said['highest']))})"
    if own is None:
        return figure._replace(value=None, text=text, reason=CENSORED)
    return figure._replace(value=float(own.value), text=text)


def _text(said: CensoredQuantile | None) -> str:
    return "·" if said is None else said.sign + half_up(said.value, 2)
