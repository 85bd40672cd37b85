"""Of how many members a value is known at a time point: what a reader asks of every row that is followed over time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from projections.cohort.figures.dependent_rows import share_of
from projections.cohort.figures.figures import Figure
from projections.cohort.figures.layout import AT, Column, Panel, count_and_percent
from projections.cohort.members.cohort import Cohort
from registry.toml_keys import Keys

KNOWN: Final = "known"
COMPLETENESS: Final = Panel("Known, of all members: n (%)", (Column(KNOWN, AT, "{at}", count_and_percent),))


def asks_completeness(keys: Keys) -> bool:
    """Return whether the key `completeness` asks for it; by default it does not."""
    return keys.yes_no("completeness", False)


def known_share(cohort: Cohort, at: tuple[str, str], values: Sequence[object], *, note: str) -> Figure:
    """Return of how many of the members a value is known, one each and None for none; `note` says why not."""
    known = np.array([value is not None for value in values], dtype=bool)
    return share_of(cohort, (*at, KNOWN), known, np.ones(len(values), dtype=bool), note=note)
