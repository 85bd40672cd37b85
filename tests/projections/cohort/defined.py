"""Cohorts as tests define them, and single figures of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from projections import Facts, facts_at
from projections.cohort.all_tables import figures
from projections.cohort.definition.definition import Definition
from projections.cohort.definition_file import parsed, read_definition
from projections.cohort.figures.figures import Figure
from projections.cohort.members.cohort import Cohort
from registry import Registry

EXAMPLES = Path(__file__).parents[3] / "examples"
SMALL = """
cohort = "small"

[day0]
event = "enrolment"

[[time_points]]
name = "baseline"
day = 0
window = [-30, 200]

[[time_points]]
name = "2 years"
day = 900
window = [700, 1100]
"""


def of_paper(name: str, source: Registry | Facts, *tables: str, **options: Any) -> Cohort:
    """The cohort of a paper, with some of its tables and other statistical options than its own, where named."""
    definition = read_definition(EXAMPLES / f"{name}.toml")
    some = tuple(table for table in definition.tables if not tables or table.name in tables)
    return cohort(definition._replace(tables=some, options=definition.options._replace(**options)), source)


def small(source: Registry | Facts, text: str = "") -> Cohort:
    """A cohort from day of enrolment on with two time points, and more keys where given."""
    facts = source if isinstance(source, Facts) else facts_at(source)
    return cohort(parsed((SMALL + text).encode(), catalogue=facts.catalogue), facts)


def cohort(definition: Definition, source: Registry | Facts) -> Cohort:
    """The cohort of a definition, now or at a point in time."""
    return Cohort.of(definition, source if isinstance(source, Facts) else facts_at(source))


def by_address(of: Cohort) -> dict[str, Figure]:
    """Every figure of a cohort by its address, which no other has."""
    placed = list(figures(of))
    found = {str(each.address): each.figure for each in placed}
    assert len(found) == len(placed)
    return found
