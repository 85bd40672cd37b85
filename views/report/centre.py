"""The report of a centre: its own completeness, recruitment, retention, backlog, who is due, and warnings."""

from __future__ import annotations

from shlex import quote
from typing import TYPE_CHECKING

from projections.checks import all_warnings
from projections.columns.tables import only, rows
from projections.followed import backlog, completeness, recalls, recruitment, registry_retention
from registry.wording import counted
from views.drawing import backlog as backlog_chart
from views.drawing import recruitment as recruitment_chart
from views.drawing import retention as retention_chart
from views.drawing.completeness_matrix import completeness_matrix
from views.manuscript.labels import Labels
from views.pages.origin import origin_of
from views.pages.projected import listed_in_part, table_of
from views.pages.sections import Section, empty, figures, section, table, text
from views.pages.tables import Table
from views.report.page import page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projections.columns.arrow import ArrowTable
    from projections.point_in_time import Facts
    from views.drawing.figure import Figure

KINDS = {"visit": "visits", "measure": "measures", "imaging": "imaging"}
NO_SCHEDULE = "Nothing was expected by then."
ADOPT = "A protocol with a schedule says what to expect: `spondyl protocol adopt`."


def centre_report(facts: Facts, centre: str) -> str:
    """Return the report of a centre as a page, from facts of a point in time that has a day."""
    own = facts.of_centre(centre)
    n = own.count("patients")
    return page(
        f"Centre {centre}",
        [
            _completeness(own),
            _recruitment(own),
            _retention(own),
            _backlog(own),
            _due(own, centre),
            _warnings(own, centre),
        ],
        origin_of(facts),
        subtitle=f"{counted(n, 'patient')} enrolled; only patients of this centre are counted",
        personal=f"patients of centre {centre}",
    )


def _completeness(own: Facts) -> Section:
    found = rows(completeness.table(own))
    if not found:
        return section("completeness", "Completeness", empty(NO_SCHEDULE, ADOPT))
    whole = completeness.table(own, by=("centre",))
    numbers = table_of(whole, "All years together", leave_out=("centre", "period"))
    return section("completeness", "Completeness", figures(*_matrices(found, own)), table(numbers))


def _matrices(found: list[dict[str, object]], own: Facts) -> Iterator[Figure]:
    """Yield what is there of visits, measures and imaging, a row each thing that the schedule calls by a name."""
    labels = Labels(own.catalogue)
    for kind, named in KINDS.items():
        mine = [
            {**row, "centre": labels.of(str(row["what"]).partition(":")[2]), "what": named}
            for row in found
            if str(row["what"]).startswith(f"{kind}:")
        ]
        if mine:
            yield completeness_matrix(mine, named, own.today, title=f"Completeness of {named}", by=kind)


def _recruitment(own: Facts) -> Section:
    return section("recruitment", "Recruitment", figures(recruitment_chart.recruitment(rows(recruitment.table(own)))))


def _retention(own: Facts) -> Section:
    return section("retention", "Retention", figures(retention_chart.retention(rows(registry_retention.table(own)))))


def _backlog(own: Facts) -> Section:
    known = f"known at @{own.at.position}"
    return section("backlog", "Backlog", figures(backlog_chart.backlog(rows(backlog.table(own)), known_at=known)))


def _due(own: Facts, centre: str) -> Section:
    def as_shown(found: ArrowTable) -> Table:
        return table_of(
            found,
            f"Due or overdue on {own.today}",
            leave_out=("centre",),
            empty="Nobody is due." if own.schedule else f"{NO_SCHEDULE} {ADOPT}",
        )

    everybody = f"`spondyl follow-up --centre {quote(centre)} --csv`"
    return section("due", "Whom to call", *listed_in_part(recalls.table(own), as_shown, everybody))


def _warnings(own: Facts, centre: str) -> Section:
    found = only(all_warnings.table(own), centre=centre)
    if not found.num_rows:
        return section("warnings", "What is implausible", empty("Nothing is implausible by any rule."))

    def as_shown(first: ArrowTable) -> Table:
        return table_of(first, counted(found.num_rows, "warning"), leave_out=("centre",), stubs=2)

    told = text("A warning changes nothing and keeps nothing out: a person has to look. `spondyl amend` mends a slip.")
    everything = f"`spondyl check --centre {quote(centre)} --csv`"
    return section("warnings", "What is implausible", *listed_in_part(found, as_shown, everything), told)
