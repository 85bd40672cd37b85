"""Of how many members something is known at a time point, or between two: what a reader asks of every such row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from projections.cohort.figures.dependent_rows import share_of
from projections.cohort.figures.figures import Figure
from projections.cohort.figures.layout import AT, BETWEEN, Column, Panel, count_and_percent
from projections.cohort.members.cohort import Cohort
from projections.columns.coded import Truth
from registry.catalogue.instruments.values import Values
from registry.toml_keys import Keys

KNOWN: Final = "known"
OF_ALL: Final = "Known, of all members: n (%)"
COMPLETENESS: Final = Panel(OF_ALL, (Column(KNOWN, AT, "{at}", count_and_percent),))
COMPLETENESS_BETWEEN: Final = Panel(OF_ALL, (Column(KNOWN, BETWEEN, "{at}", count_and_percent),))


def asks_completeness(keys: Keys) -> bool:
    """Return whether the key `completeness` asks for it; by default it does not."""
    return keys.yes_no("completeness", False)


def known_share(cohort: Cohort, at: tuple[str, str], values: Sequence[object] | Values, *, note: str) -> Figure:
    """Return of how many of the members a value is known, one each and None for none; `note` says why not."""
    known = values.known if isinstance(values, Values) else np.array([each is not None for each in values], dtype=bool)
    return share_known(cohort, at, known, note=note)


def share_known(cohort: Cohort, at: tuple[str, str], known: Truth, *, note: str) -> Figure:
    """Return how many of the members are `known`, one row each; `note` says why the others are not."""
    return share_of(cohort, (*at, KNOWN), known, np.ones(cohort.n, dtype=bool), note=note)
