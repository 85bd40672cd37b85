"""The report of a cohort: who is in it, its tables with what they draw, how they were made, what is hidden."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from projections.cohort.figures.points import is_point
from projections.cohort.for_figures import by_reader
from projections.cohort.members.groups import grouped
from projections.cohort.small_numbers.flow import shown_flow
from projections.cohort.small_numbers.hiding import is_small
from projections.cohort.small_numbers.shown import ShownFigures, shown_figures
from registry.wording import counted
from views.drawing.cohort_figures import cohort_figures
from views.manuscript.document import FLOW, document
from views.pages.origin import origin_of
from views.pages.sections import Block, Section, empty, figures, footnotes, heading, pairs, section, table, text
from views.pages.tables import Table
from views.report.page import page

if TYPE_CHECKING:
    from projections.cohort.figures.figures import Placed
    from projections.cohort.members.cohort import Cohort
    from views.manuscript.document import Document
    from views.manuscript.panels import Sheet

HIDDEN: Final = "hidden"
SINGLE: Final = "Courses and values of single members, and changes of single members, are not drawn."


class CohortSections(NamedTuple):
    """A cohort as others may see it: its parts, how many `members` in words, and the figures that stand in them."""

    sections: list[Section]
    members: str
    placed: list[Placed]


def cohort_report(cohort: Cohort, placed: Sequence[Placed], *, minimum: int, definition: str) -> str:
    """Return the report of a cohort as a page, from its figures with all their points.

    Numbers of fewer patients than `minimum` are hidden, and what would give them away; `definition` is the hash of the
    file that defines the cohort, in hexadecimal.
    """
    made = cohort_sections(cohort, placed, minimum=minimum)
    return page(
        cohort.definition.title,
        made.sections,
        origin_of(cohort.facts, definition=definition),
        subtitle=f"Cohort {cohort.definition.name}: {made.members}",
        elsewhere="`spondyl cohort FILE --figures DIR` draws all, small numbers too.",
    )


def cohort_sections(cohort: Cohort, placed: Sequence[Placed], *, minimum: int) -> CohortSections:
    """Return the parts of the report of a cohort; numbers of fewer patients than `minimum` are hidden."""
    if is_small(cohort.n, minimum):
        few = f"fewer than {counted(minimum, 'patient')}"
        return CohortSections([_too_few(minimum), _hiding(minimum, None)], few, [])
    shown = shown_figures(placed, _sizes(cohort), minimum)
    printed = [each for each in shown.placed if not is_point(each.figure)]
    laid_out = document(cohort, printed, by_group=not shown.groups_left_out)
    sections = [
        _flow(cohort, shown, minimum),
        *_tables(cohort, shown, laid_out, minimum),
        _definition(cohort, laid_out),
        _hiding(minimum, shown),
    ]
    return CohortSections(sections, _members(cohort), printed)


def _sizes(cohort: Cohort) -> dict[str, int]:
    groups = {} if cohort.definition.groups is None else grouped(cohort).sizes
    return {"": cohort.n, **groups}


def _members(cohort: Cohort) -> str:
    patients = counted(cohort.admitted.n_patients, "patient")
    return f"{counted(cohort.n, 'episode')} of {patients}" if cohort.repeats else patients


def _too_few(minimum: int) -> Section:
    why = f"The cohort has fewer than {counted(minimum, 'patient')}, and nothing of it is shown."
    return section("flow", "Who is in it", empty(why, "A wider definition has more; --minimum 1 hides nothing."))


def _flow(cohort: Cohort, shown: ShownFigures, minimum: int) -> Section:
    steps = [
        (step.name, *(HIDDEN if each is None else each for each in step[1:]))
        for step in shown_flow(cohort.flow, minimum)
    ]
    return section(
        "flow",
        "Who is in it",
        table(Table("Flow of patients", FLOW, steps)),
        *_groups(cohort, shown, minimum),
        table(_time_points(cohort)),
    )


def _groups(cohort: Cohort, shown: ShownFigures, minimum: int) -> Iterator[Block]:
    if cohort.definition.groups is None:
        return
    if shown.groups_left_out:
        yield empty("Groups are not shown, for a group, or those in none, are few.")
        return
    found = grouped(cohort)
    rest = sum(n for n, _ in found.left_out)
    sizes = [(name, n, "the reference" if name == found.reference else "") for name, n in found.sizes.items()]
    small = any(is_small(n, minimum) for n, _ in found.left_out)
    why = "" if small else "; ".join(f"{n} {reason}" for n, reason in found.left_out)
    yield table(Table(f"Groups, by {cohort.definition.groups.by}", ("", "n", ""), [*sizes, ("in none", rest, why)]))


def _time_points(cohort: Cohort) -> Table:
    points = cohort.definition.time_points
    rows = [(point.name, point.anchor, point.day, point.first, point.last) for point in points]
    return Table("Time points, in days", ("", "counted from", "target", "window from", "to"), rows)


def _tables(cohort: Cohort, shown: ShownFigures, laid_out: Document, minimum: int) -> Iterator[Section]:
    """Yield the tables as a paper prints them, each with what it draws."""
    whole = minimum <= 1
    for sheet in laid_out.sheets:
        mine = [each for each in shown.placed if each.table == sheet.name]
        readers = by_reader(cohort) if whole and sheet.name == "progression" else {}
        drawn = cohort_figures(cohort, mine, readers, names=False if whole else None, minimum=minimum)
        yield section(f"table-{sheet.name}", _title(sheet), *_sheet(sheet), figures(*drawn))
    if not laid_out.sheets:
        nothing = empty("No table has a figure.", "The definition names its tables by [tables.NAME].")
        yield section("tables", "Tables", nothing)


def _title(sheet: Sheet) -> str:
    return sheet.name.replace("_", " ").capitalize()


def _sheet(sheet: Sheet) -> Iterator[Block | None]:
    for panel in sheet.panels:
        yield table(
            Table(panel.title or _title(sheet), panel.headings, panel.rows, stubs=panel.stubs, above=panel.above)
        )
    if not sheet.panels:
        yield empty("This table has no figure.")
    yield footnotes(sheet.footnotes)


def _definition(cohort: Cohort, laid_out: Document) -> Section:
    open_, made = laid_out.open, laid_out.made
    return section(
        "definition",
        "How it was made",
        *([heading("Left open by the definition, so by default"), pairs(open_)] if open_ else []),
        *([heading("How the figures were made"), pairs(made)] if made else []),
        *([] if open_ or made else [empty("The definition leaves nothing open.")]),
    )


def _hiding(minimum: int, shown: ShownFigures | None) -> Section:
    if minimum <= 1:
        return section("hidden", "What is hidden", text("Nothing is hidden: numbers of single patients are shown."))
    rule = (
        f"Numbers of fewer than {counted(minimum, 'patient')} are hidden, and with them what would give them away: the "
        "rest of a share, other rows and groups that add up with them, notes. Lowest and highest values are single "
        "patients; a quantile is shown where as many lie on each of its sides. Steps of a curve are put together until "
        "as many left at each; numbers below it are those after the step last drawn. A mean is hidden with its number, "
        "a p with any figure that it compares, a model with few at a level, with an event or without, as a whole."
    )
    count = [] if shown is None else [text(f"{counted(shown.n_hidden, 'figure')} hidden. {SINGLE}")]
    return section("hidden", "What is hidden", text(rule), *count)
