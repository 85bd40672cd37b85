"""Of how many members something is known at a time point, or between two: what a reader asks of every such row."""

from __future__ import annotations

from typing import Final

from projections.cohort.definition.statistical_options import StatisticalOptions
from projections.cohort.figures.comparing import share
from projections.cohort.figures.figures import Figure
from projections.cohort.figures.layout import AT, BETWEEN, Column, Panel, count_and_percent
from registry.toml_keys import Keys

KNOWN: Final = "known"
OF_ALL: Final = "Known, of all members: n (%)"
COMPLETENESS: Final = Panel(OF_ALL, (Column(KNOWN, AT, "{at}", count_and_percent),))
COMPLETENESS_BETWEEN: Final = Panel(OF_ALL, (Column(KNOWN, BETWEEN, "{at}", count_and_percent),))


def asks_completeness(keys: Keys) -> bool:
    """Return whether the key `completeness` asks for it; by default it does not."""
    return keys.yes_no("completeness", False)


def known_share(at: tuple[str, str], n: int, of: int, options: StatisticalOptions, *, note: str) -> Figure:
    """Return of how many of the members a value is known; `note` says why not of the others."""
    return share((*at, KNOWN), n, of, options, note=note)
