"""Cohorts with models as tests define them, and their figures."""

from __future__ import annotations

from projections import Facts
from projections.cohort.definition.definition import Definition
from projections.cohort.definition_file import parsed
from projections.cohort.figures.figures import Figure
from registry.toml_keys import DefinitionError
from tests.projections.cohort.defined import by_address, cohort

LINES = """
cohort = "modelled"

[day0]
event = "line"

[[time_points]]
name = "baseline"
day = 0
window = [-60, 14]

[[time_points]]
name = "6 months"
day = 182
window = [120, 240]

[[time_points]]
name = "1 year"
day = 365
window = [300, 420]

[[criteria]]
name = "basdai<4"
met = "basdai < 4"
"""

Figures = dict[str, Figure]


def model(text: str, *, name: str = "m") -> str:
    """A model of a definition file."""
    return f'\n[[tables.models]]\nname = "{name}"\n{text}\n'


def defined(*parts: str, lines: str = LINES) -> Definition:
    """The definition of text and models."""
    return parsed((lines + "".join(parts)).encode())


def of_models(facts: Facts, *parts: str, lines: str = LINES) -> Figures:
    """The figures of models, by their address without the table."""
    found = by_address(cohort(defined(*parts, lines=lines), facts))
    return {at.removeprefix("models / "): figure for at, figure in found.items()}


def refused(*parts: str, lines: str = LINES) -> list[str]:
    """What a definition is refused for."""
    try:
        defined(*parts, lines=lines)
    except DefinitionError as refusal:
        return list(refusal.problems)
    return []
