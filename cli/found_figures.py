"""The figures of a cohort, with a line on the terminal that says how far it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.waiting import Waiting

if TYPE_CHECKING:
    from projections.cohort.definition.definition import Definition
    from projections.cohort.figures.figures import Placed
    from projections.cohort.members.cohort import Cohort
    from projections.point_in_time import Facts


def found_figures(
    definition: Definition, facts: Facts, tables: tuple[str, ...] = (), *, is_drawn: bool = True
) -> tuple[Cohort, list[Placed]]:
    """Return the cohort and its figures, with all their points where they are to be drawn."""
    from projections.cohort.all_tables import figures
    from projections.cohort.for_figures import with_all_points
    from projections.cohort.members.cohort import Cohort

    cohort = Cohort.of(with_all_points(definition) if is_drawn else definition, facts)
    placed = []
    with Waiting() as waiting:
        for each in figures(cohort, only=tables):
            placed.append(each)
            waiting.tell(f"{len(placed)} figures, {each.table}")
    return cohort, placed
