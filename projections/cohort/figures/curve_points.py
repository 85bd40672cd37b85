"""The points of survival and incidence curves, with what stands below them: at risk, events, censored."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from projections.cohort.figures.comparing import of_estimate
from projections.cohort.figures.figures import Figure
from projections.cohort.figures.points import below, point
from projections.statistics.cumulative_incidence import CumulativeIncidence
from projections.statistics.kaplan_meier import SurvivalCurve
from projections.statistics.results import Estimate
from projections.statistics.risk_table import RiskTable
from projections.statistics.rounding import half_up

Start = tuple[float, float]  # where a curve begins: the day, and the share there


def survival_points(row: str, curve: SurvivalCurve, like: Figure, level: float) -> Iterator[Figure]:
    """Yield the points of a survival curve: its beginning, then each distinct day; `like` has note and denominator.

    Where somebody ends on the first day itself, that is its beginning.
    """
    times = curve.risk.times.tolist()
    estimates = [curve.at(time) for time in times]
    for number, place, figure in _points((curve.from_day, 1.0), times, estimates, of=like, level=level):
        drawn = point((row, figure.timepoint), number, figure)
        yield drawn
        if place is not None:
            yield from _below(drawn, curve.risk, place)


def incidence_points(row: str, curve: CumulativeIncidence, cause: int, like: Figure, level: float) -> Iterator[Figure]:
    """Yield the points of the incidence of a cause, from 1: its beginning, then each day on which it ended a course."""
    places = [place for place, n in enumerate(curve.risk.events[cause - 1].tolist()) if n]
    times = [float(curve.risk.times[place]) for place in places]
    estimates = [curve.at(cause, time) for time in times]
    for number, _, figure in _points((curve.from_day, 0.0), times, estimates, of=like, level=level):
        yield point((row, figure.timepoint), number, figure)


def _points(
    start: Start, times: Sequence[float], estimates: Sequence[Estimate], *, of: Figure, level: float
) -> Iterator[tuple[int, int | None, Figure]]:
    """Yield each point's number, its place among the times (None for the beginning), and what it shows."""
    first, share = start
    begins = not times or times[0] > first
    if begins:
        yield 1, None, of._replace(timepoint=_day(first), value=100 * share, text=half_up(100 * share, 1), unit="%")
    for place, (time, estimate) in enumerate(zip(times, estimates, strict=True)):
        figure = of_estimate(("", _day(time), ""), estimate, unit="%", scale=100)
        limits = figure.ci_method and f"{figure.ci_method}, {half_up(100 * level, 1)}%"
        shown = figure._replace(denominator=of.denominator, denominator_note=of.denominator_note, ci_method=limits)
        yield place + 1 + begins, place, shown


def _below(drawn: Figure, risk: RiskTable, place: int) -> Iterator[Figure]:
    yield below(drawn, "at risk", int(risk.at_risk[place]))
    yield below(drawn, "events", int(risk.all_events[place]))
    yield below(drawn, "censored", int(risk.censored[place]))


def _day(time: float) -> str:
    return f"day {time:g}"
