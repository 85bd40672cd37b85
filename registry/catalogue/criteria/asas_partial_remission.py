"""ASAS partial remission: a state in which all four domains are low, whatever they were before.

Anderson JJ, Baron G, van der Heijde D, Felson DT, Dougados M. Arthritis Rheum 2001;44:1876-86. The sources conflict
at the limit, 20 of 100: "not above 2" in some, "below 2" in others. Both stand as rules of their own; `le` is the
default.
"""

from __future__ import annotations

from typing import Final

from registry.catalogue.criteria.asas_response import DOMAINS
from registry.catalogue.criteria.criterion import NOTHING, Criterion
from registry.catalogue.instruments.instrument import Columns
from registry.catalogue.instruments.truths import Truths, at_least

LIMIT: Final = 20  # of 100
SOURCE: Final = "Anderson et al., Arthritis Rheum 2001;44:1876-86"


def up_to_the_limit(_: Columns, now: Columns) -> tuple[Truths, list[Truths]]:
    """Return whether all four domains are at 20 or below, and whether each is."""
    low = [now[name] * factor <= LIMIT for name, factor in DOMAINS.items()]
    return at_least(len(low), low), low


def below_the_limit(_: Columns, now: Columns) -> tuple[Truths, list[Truths]]:
    """Return whether all four domains are below 20, and whether each is."""
    low = [now[name] * factor < LIMIT for name, factor in DOMAINS.items()]
    return at_least(len(low), low), low


CRITERIA: Final = (
    Criterion(
        name="asas-partial-remission",
        rule="asas-partial-remission/le",
        title="ASAS partial remission, no domain above 20",
        source=SOURCE,
        against=NOTHING,
        inputs=tuple(DOMAINS),
        kernel=up_to_the_limit,
    ),
    Criterion(
        name="asas-partial-remission-lt",
        rule="asas-partial-remission/lt",
        title="ASAS partial remission, every domain below 20",
        source=SOURCE,
        against=NOTHING,
        inputs=tuple(DOMAINS),
        kernel=below_the_limit,
    ),
)
