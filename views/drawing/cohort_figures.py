"""All figures that the tables of a cohort give, in the order of the tables: what a paper may show of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from projections.cohort.figures.drawn_points import Drawn, drawn_points
from projections.cohort.for_figures import BY_READER
from projections.cohort.line_flow import MINIMUM, line_flow
from projections.columns.tables import rows
from projections.datasets.cohort_members import cohort_members
from projections.datasets.cohort_spans import cohort_spans
from projections.datasets.cohort_values import cohort_values
from views.drawing.cohort_series import Setting, cut_of
from views.drawing.cumulative_probability import cumulative_probability
from views.drawing.forest import forest
from views.drawing.kaplan_meier import kaplan_meier
from views.drawing.over_time import over_time
from views.drawing.spaghetti import spaghetti
from views.drawing.stacked_states import stacked_states
from views.drawing.swimmer import swimmer
from views.drawing.treatment_flow import treatment_flow

if TYPE_CHECKING:
    from projections.cohort.definition.definition import TimePoint
    from projections.cohort.figures.figures import Placed
    from projections.cohort.members.cohort import Cohort
    from views.drawing.figure import Figure

BETWEEN: Final = {"difference of mean": False, "rate ratio": True}  # a statistic between groups: whether it is a ratio
STACKED: Final = {"states": "Disease activity over time", "lines": "Lines of therapy over time"}
Readers = Mapping[str, Sequence["Placed"] | str]


def cohort_figures(
    cohort: Cohort, placed: Sequence[Placed], readers: Readers, *, names: bool | None = True, minimum: int = MINIMUM
) -> Iterator[Figure]:
    """Yield the figures of a cohort from its figures with points, and those of each reader alone (`by_reader`).

    `names` says whether single members are drawn by their pseudonym; None that they are not drawn at all. Ways of fewer
    patients than `minimum` are hidden.
    """
    setting = Setting(_cut(cohort), {point.name: float(point.day) for point in _on_one_axis(cohort)})
    tables = {each.table for each in placed}
    if "trajectory" in tables:
        yield from _over_time(cohort, placed, setting, lines=names is not None)
    if BY_READER in tables:
        yield from _cumulative(placed, readers, setting)
    if "survival" in tables:
        for row in dict.fromkeys(
            each.row for each in drawn_points(placed, "survival") if each.row.startswith("retention")
        ):
            yield kaplan_meier(
                [each for each in drawn_points(placed, "survival") if each.row == row], row=row, setting=setting
            )
        if names is not None:
            yield swimmer(rows(cohort_members(cohort)), rows(cohort_spans(cohort)), names=names)
    for table, title in STACKED.items():
        for group in dict.fromkeys(each.figure.group for each in placed if each.table == table):
            named = f"{title}, {group}" if group else title
            yield stacked_states(placed, table, group_of=group, title=named, setting=setting)
    if "lines" in tables:
        yield treatment_flow(line_flow(cohort.facts, set(cohort.members), minimum=minimum))
    for table in dict.fromkeys(each.table for each in placed):
        for statistic, ratio in BETWEEN.items():
            if any((each.table, each.figure.statistic) == (table, statistic) for each in placed):
                yield forest(placed, table, statistic, ratio=ratio, setting=setting)


def _over_time(cohort: Cohort, placed: Sequence[Placed], setting: Setting, *, lines: bool) -> Iterator[Figure]:
    drawn = ["patient", "episode", "timepoint", "name", "value"]
    values = rows(cohort_values(cohort).select(drawn)) if lines else []
    measured = {str(row["name"]) for row in values}
    named = [each.figure.row for each in placed if each.table == "trajectory" and each.figure.statistic == "mean"]
    for row in dict.fromkeys(named):
        yield over_time(placed, row, setting=setting)
        yield over_time(placed, row, kind="median", setting=setting)
        if row in measured:
            yield spaghetti(values, row, cohort.names, setting=setting)


def _cumulative(placed: Sequence[Placed], readers: Readers, setting: Setting) -> Iterator[Figure]:
    """Yield for each row a plot of all members, by each reader and by the mean of them, and one of its groups."""
    missing = " ".join(f"{reader} has no curve: {why}." for reader, why in readers.items() if isinstance(why, str))
    told = setting._replace(cut=f"{missing} {setting.cut}".strip())
    drawn = drawn_points(placed, BY_READER)
    for row in dict.fromkeys(each.row for each in drawn):
        curves = [("mean" if readers else "all", each) for each in drawn if each.row == row and not each.group]
        if curves:
            by_reader = [*curves, *_of_readers(readers, row)]
            yield cumulative_probability(by_reader, title=row, setting=told)
        if groups := [(each.group, each) for each in drawn if each.row == row and each.group]:
            yield cumulative_probability(groups, title=f"{row}, by group", setting=setting)


def _of_readers(readers: Readers, row: str) -> Iterator[tuple[str, Drawn]]:
    for reader, figures in readers.items():
        if not isinstance(figures, str):
            yield from ((reader, each) for each in drawn_points(figures, BY_READER) if each.row == row)


def _on_one_axis(cohort: Cohort) -> Sequence[TimePoint]:
    """Return the time points where all count from day 0: only then their days are places on one axis."""
    points = cohort.definition.time_points
    return points if all(point.anchor == "day-0" for point in points) else ()


def _cut(cohort: Cohort) -> str:
    at = cohort.facts.at
    recorded = "" if at.recorded_at is None else f" ({at.recorded_at:%Y-%m-%d})"
    return cut_of(at.as_of, f"known at @{at.position}{recorded}")
