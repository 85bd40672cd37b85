"""The report of completeness: each scheduled visit, centre by year, what visits require, how late it is recorded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from projections.columns.tables import rows
from projections.followed import backlog, completeness
from registry.wording import counted
from views.drawing import backlog as backlog_chart
from views.drawing.completeness_matrix import completeness_matrix
from views.drawing.recruitment import centre_of
from views.pages.origin import origin_of
from views.pages.sections import Section, empty, figures, section, table
from views.pages.tables import Table
from views.report.centre import ADOPT, NO_SCHEDULE
from views.report.page import page

if TYPE_CHECKING:
    from projections.point_in_time import Facts
    from registry.protocol.schedule import AskedVisit

Row = dict[str, object]


def completeness_report(facts: Facts) -> str:
    """Return the completeness of all centres as a page, from facts of a point in time that has a day."""
    by_year, whole = rows(completeness.table(facts)), rows(completeness.table(facts, by=("centre",)))
    centres = sorted({centre_of(row) for row in whole})
    late = figures(backlog_chart.backlog(rows(backlog.table(facts)), known_at=f"known at @{facts.at.position}"))
    return page(
        "Completeness of all centres",
        [_visits(by_year, facts), _required(whole, centres), section("backlog", "Backlog", late)],
        origin_of(facts),
        subtitle=counted(len(centres), "centre"),
    )


def _visits(found: list[Row], facts: Facts) -> Section:
    drawn = figures(
        *(completeness_matrix(found, what, facts.today) for what in scheduled_visits(found, facts.schedule))
    )
    return section("visits", "Visits, centre by year", drawn or empty(NO_SCHEDULE, ADOPT))


def scheduled_visits(found: list[Row], schedule: Sequence[AskedVisit]) -> list[str]:
    """Return what rows of completeness call the visits that they are of, in the order of the schedule."""
    there = {str(row["what"]) for row in found}
    return [what for what in dict.fromkeys(f"visit:{asked.visit.name}" for asked in schedule) if what in there]


def _required(found: list[Row], centres: list[str]) -> Section:
    """Return what visits require, a row each thing, a column each centre."""
    cells = {(str(row["what"]), centre_of(row)): f"{row['n_done']} of {row['n_expected']}" for row in found}
    things = sorted({what for what, _ in cells})
    lines = [(what.replace(":", ": ", 1), *(cells.get((what, centre)) for centre in centres)) for what in things]
    told = Table("Done of expected, all years together", ("", *centres), lines, empty=f"{NO_SCHEDULE} {ADOPT}")
    return section("required", "What visits require", table(told))
