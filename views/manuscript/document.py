"""All that is printed of a cohort: who is in it, its tables, what was left open, and how its figures were made."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from projections.cohort.figures.comparison import is_test, without_freedom
from projections.cohort.members.groups import grouped
from projections.cohort.tables import cohort_table
from registry.wording import counted
from views.manuscript.labels import Labels
from views.manuscript.panels import Sheet, sheet

if TYPE_CHECKING:
    from projections.cohort.figures.figures import Figure, Placed
    from projections.cohort.members.cohort import Cohort
    from projections.point_in_time import PointInTime

FLOW = ("step", "left", "excluded")


class Document(NamedTuple):
    """A cohort as a person reads it; `flow` has a step, who is left and who was excluded, `made` a table's variants.

    `groups` are how large each is, who is in none, and how many tests were made between them; nothing without groups.
    """

    title: str
    subtitle: str
    flow: list[tuple[str, int, int]]
    groups: list[tuple[str, str]]
    sheets: list[Sheet]
    open: list[tuple[str, str]]
    made: list[tuple[str, str]]

    @property
    def not_shown(self) -> int:
        """How many figures have no place in a table that is laid out."""
        return sum(each.not_shown for each in self.sheets)


def document(cohort: Cohort, placed: Sequence[Placed], *, by_group: bool = True) -> Document:
    """Return a cohort's figures laid out, in the order in which they are given; `by_group` where groups have any."""
    definition = cohort.definition
    labels = Labels(cohort.facts.catalogue, dict(definition.labels), definition.order)
    tables: dict[str, list[Figure]] = {}
    for each in placed:
        tables.setdefault(each.table, []).append(each.figure)
    return Document(
        definition.title,
        f"cohort {definition.name}: {_members_told(cohort)}; {point_in_words(cohort.facts.at)}",
        [(step.name, step.n_left, step.n_excluded) for step in cohort.flow],
        _groups(cohort, placed),
        [_sheet(cohort, name, figures, labels, by_group=by_group) for name, figures in tables.items()],
        _by_section(cohort.defaults),
        [*(made for name, figures in tables.items() for made in _made(name, figures)), *_unused(labels)],
    )


def _unused(labels: Labels) -> list[tuple[str, str]]:
    """Return what to say of names in the definition's `labels` and `order` that no row here has."""
    return [("labels and order", f"no row here is called {', '.join(labels.unused)}")] if labels.unused else []


def _sheet(cohort: Cohort, name: str, figures: list[Figure], labels: Labels, *, by_group: bool) -> Sheet:
    layout = cohort_table(name).layout
    if cohort.definition.groups is None or not by_group:
        return sheet(name, layout, figures, labels)
    from views.manuscript.grouped import grouped_sheet

    return grouped_sheet(name, layout, figures, grouped(cohort).reference, labels)


def _groups(cohort: Cohort, placed: Sequence[Placed]) -> list[tuple[str, str]]:
    if cohort.definition.groups is None:
        return []
    found = grouped(cohort)
    rows = "episode" if cohort.repeats else "patient"
    sizes = [
        (name, counted(n, rows) + (", the reference" if name == found.reference else ""))
        for name, n in found.sizes.items()
    ]
    left_out = "; ".join(f"{n} {why}" for n, why in found.left_out) or "nobody"
    tests = counted(sum(is_test(each.figure) for each in placed), "test")
    return [*sizes, ("in no group", left_out), ("between groups", f"{tests}; p are not adjusted for their number")]


def _members_told(cohort: Cohort) -> str:
    n = int(cohort.admitted.to_the_year.sum())
    patients = counted(cohort.admitted.n_patients, "patient")
    said = f"{counted(cohort.n, 'episode')} of {patients}" if cohort.repeats else patients
    return said + (f", {n} at no time point (day 0 known to the year only)" if n else "")


def point_in_words(at: PointInTime) -> str:
    """Return a point in time in words."""
    day = "" if at.as_of is None else f"as of {at.as_of}, "
    return f"{day}known at @{at.position}" + (
        "" if at.recorded_at is None else f" ({at.recorded_at:%Y-%m-%d %H:%M:%S}Z)"
    )


def _by_section(defaults: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the defaults section by section, in the order of the definition; keys of one value stand together."""
    sections: dict[str, dict[str, list[str]]] = {}
    for key, value in defaults:
        section, _, name = key.rpartition(".")
        sections.setdefault(section, {}).setdefault(value, []).append(name)
    return [
        (section or "at the top", "; ".join(f"{', '.join(names)} = {value}" for value, names in values.items()))
        for section, values in sections.items()
    ]


def _made(table: str, figures: Iterable[Figure]) -> Iterable[tuple[str, str]]:
    """Return for a table each way of making figures, and the statistics that were made so."""
    ways: dict[tuple[str, str | None], dict[str, None]] = {}
    for figure in figures:
        if figure.variant:
            ways.setdefault((without_freedom(figure.variant), figure.ci_method), {})[figure.statistic] = None
    with_limits = {variant for variant, limits in ways if limits}
    return [
        (f"{', '.join(statistics)} ({table})", f"{variant}; {limits}" if limits else variant)
        for (variant, limits), statistics in ways.items()
        if limits or variant not in with_limits
    ]
