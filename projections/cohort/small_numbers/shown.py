"""The figures of a cohort as others may see them: without cells of few patients, and what would give them away."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final, NamedTuple

from projections.cohort.figures.between_groups import ROW, TESTS
from projections.cohort.figures.comparison import is_between
from projections.cohort.figures.figures import Figure, Placed
from projections.cohort.figures.points import is_point
from projections.cohort.small_numbers.curves import CURVES
from projections.cohort.small_numbers.figures import REASON, as_shown, hidden
from projections.cohort.small_numbers.hiding import is_small
from projections.cohort.small_numbers.lines import Line, Lines, line_of
from projections.cohort.small_numbers.models import few_in, is_of
from projections.cohort.small_numbers.shown_curves import ShownCurves, is_on_a_day

A_MARK_A_MEMBER: Final = ("progression",)  # tables whose points are one member each


class ShownFigures(NamedTuple):
    """Figures as they are shown, how many are hidden, and whether groups are left out, one of which is small."""

    placed: list[Placed]
    n_hidden: int
    groups_left_out: bool


def shown_figures(placed: Sequence[Placed], sizes: Mapping[str, int], minimum: int) -> ShownFigures:
    """Return figures without what is small; `sizes` are how many members there are by group, of all by the empty name.

    At a minimum of 1 nothing is hidden. Figures that stand for one member each are left out; curves have fewer steps.
    """
    if minimum <= 1:
        return ShownFigures(list(placed), 0, False)
    in_none = sizes[""] - sum(n for name, n in sizes.items() if name)
    left_out = len(sizes) > 1 and any(is_small(n, minimum) for n in (*sizes.values(), in_none))
    given = [each for each in placed if not (left_out and _is_of_groups(each.figure))]
    found = ShownCurves(given, minimum)
    in_lines = [each for each in given if not (is_on_a_day(each) or _is_aside(each))]
    lines = Lines([each for each in in_lines if not is_between(each.figure)], sizes, minimum)
    of_curves_hidden = lines.hide_some_of(CURVES) or found.hide_some_of_groups(given)
    silent = lines.in_families_with_hidden()
    shown = list[Placed]()
    few = few_in(given, minimum)
    for each in given:
        if is_of(each, few):
            shown.append(Placed(each.table, hidden(each.figure)))
        elif is_on_a_day(each):
            shown += found.shown(each)
        elif is_between(each.figure):
            apart = each.table == CURVES and of_curves_hidden
            shown.append(Placed(each.table, hidden(each.figure) if apart else _between(each, lines, minimum)))
        elif not _is_aside(each):
            shown.append(Placed(each.table, _in_line(each.figure, lines, silent, minimum)))
        elif each.figure.statistic == TESTS:
            shown.append(each)
    n_hidden = sum(each.figure.reason == REASON for each in shown)
    return ShownFigures([*shown, *found.points()], n_hidden, left_out)


def _is_of_groups(figure: Figure) -> bool:
    return bool(figure.group) or is_between(figure) or figure.row == ROW


def _is_aside(each: Placed) -> bool:
    """Return whether a figure is in no line: how many tests there are, and a mark of one member."""
    return (each.figure.row == ROW and each.figure.statistic == TESTS) or (
        each.table in A_MARK_A_MEMBER and is_point(each.figure)
    )


def _in_line(figure: Figure, lines: Lines, silent: Collection[Line], minimum: int) -> Figure:
    """Return a figure as its line is shown; of a `silent` one notes tell nothing."""
    if lines.is_hidden(figure):
        return hidden(figure)
    return as_shown(figure, minimum, noted=line_of(figure) not in silent)


def _between(each: Placed, lines: Lines, minimum: int) -> Figure:
    """Return a figure between groups where all of each is shown from which it is made."""
    figure = each.figure
    if lines.are_hidden(each.table, figure.row, figure.timepoint) or is_small(figure.n_patients, minimum):
        return hidden(figure)
    return as_shown(figure, minimum, noted=False)
