"""One row per figure of a cohort's tables: what it is, of how many, by which test and variant, with which interval.

The table `cohort_statistics` of an export. A figure stands at an `Address`, which names its group where it is of one.
A percentage carries its numerator and denominator, a test its p in `p_value` and its statistic in `value`; what is
undefined is null and `reason` says why. Nothing here is rounded; `text` is the figure as a paper prints it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final, NamedTuple

from projections.cohort.figures.address import Address
from projections.columns.arrow import ArrowTable
from projections.columns.tables import Table, day, declared, number, tabled, text, word

if TYPE_CHECKING:
    from projections.point_in_time import PointInTime

COHORT_STATISTICS: Final[Table] = declared(
    "cohort_statistics",
    "figure of a cohort's tables",
    order="cohort table row timepoint statistic group",
    edition=4,
    columns=(
        word("cohort", "name of the cohort's definition"),
        word("table", "which table of the paper"),
        word("row", "row of that table"),
        word("timepoint", "time point, or two of them as `baseline → 2 years`; empty where there is none"),
        word("statistic", "what the figure is"),
        number("value", "the figure, not rounded; of a test its statistic", type_="double", unit="as in unit"),
        text("text", "the figure as a paper prints it"),
        number("numerator", "how many", type_="double"),
        number("denominator", "of how many", type_="double"),
        text("denominator_note", "what the denominator counts, and how many were left out of it and why"),
        text("variant", "test and variant, estimator or policy that made the figure"),
        number("p_value", "two-sided p", type_="double"),
        number("ci_low", "lower limit, in the unit of value", type_="double"),
        number("ci_high", "upper limit, in the unit of value", type_="double"),
        text("ci_method", "how the limits were found, and at which level"),
        number("n_patients", "number of patients that the figure rests on", type_="int32"),
        word("unit", "unit of value and limits; empty for counts"),
        number("n_used", "values or pairs that counted in the test", type_="int32"),
        number("zeros", "differences of 0, or pairs that agree, that the test dropped", type_="int32"),
        number("ties", "values that share their rank with another", type_="int32"),
        word("reason", "why the figure is null, or why its test could not decide"),
        number("table_number", "place of the table in the paper's order, from 1"),
        number("row_number", "place of the row in its table, from 1", type_="int32"),
        number("figure_number", "place of the figure in its row, from 1", type_="int32"),
        day("as_of", "the clinical day of the point in time, null for no limit"),
        number("known_at", "the log position of the point in time", type_="int64"),
        word("group", "group of the members that the figure is of; empty where it is of no single one"),
    ),
).keyed(
    "cohort table row timepoint statistic group",
    never_null="unit table_number row_number figure_number known_at",
    betrays={
        "name": "cohort",
        "clock": "as_of known_at",
        "open": "row group timepoint",
        "text": "text denominator_note",
        "none": "table statistic value numerator denominator variant p_value ci_low ci_high "
        "ci_method n_patients unit n_used zeros ties reason table_number row_number figure_number",
    },
)


At = tuple[str, str, str]  # where a figure stands in its table: row, time point, statistic


class Figure(NamedTuple):
    """One figure; the fields are columns of `COHORT_STATISTICS`. A `row` and a `statistic` are words of its table."""

    row: str
    timepoint: str
    statistic: str
    value: float | None = None
    text: str | None = None
    numerator: float | None = None
    denominator: float | None = None
    denominator_note: str | None = None
    variant: str | None = None
    p_value: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    ci_method: str | None = None
    n_patients: int | None = None
    unit: str = ""
    n_used: int | None = None
    zeros: int | None = None
    ties: int | None = None
    reason: str | None = None
    group: str = ""


class Placed(NamedTuple):
    """A figure in its table."""

    table: str
    figure: Figure

    @property
    def address(self) -> Address:
        """Where the figure stands."""
        figure = self.figure
        return Address(self.table, figure.row, figure.timepoint, figure.statistic, figure.group)


def statistics_table(cohort: str, placed: Iterable[Placed], at: PointInTime) -> ArrowTable:
    """Return figures as an Arrow table `cohort_statistics` by cohort, table, row, timepoint, statistic, group."""
    rows = list(numbered(cohort, placed, at))
    rows.sort(key=lambda row: tuple(str(row[name]) for name in COHORT_STATISTICS.order))
    return tabled(COHORT_STATISTICS, rows)


def numbered(cohort: str, placed: Iterable[Placed], at: PointInTime) -> Iterable[dict[str, object]]:
    """Yield figures as rows of `cohort_statistics` in the paper's order.

    A place that two figures share is a defect of the table that made them.
    """
    tables: dict[str, dict[str, int]] = {}
    seen: set[Address] = set()
    cut = {"cohort": cohort, "as_of": at.as_of, "known_at": at.position}
    for each in placed:
        assert each.address not in seen, each.address
        seen.add(each.address)
        rows = tables.setdefault(each.table, {})
        rows[each.figure.row] = rows.get(each.figure.row, 0) + 1
        yield {
            **cut,
            **each.figure._asdict(),
            "table": each.table,
            "table_number": list(tables).index(each.table) + 1,
            "row_number": list(rows).index(each.figure.row) + 1,
            "figure_number": rows[each.figure.row],
        }
