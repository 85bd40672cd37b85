"""What ends retention, and who responds, as the tables of survival and of responders of a definition ask it.

Whatever rests on the same ends and the same responses, as data sets and models, takes them as these tables do; where a
definition has no such table, by the table's defaults.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from projections.cohort.figures.response_rates import ResponderChoice
from registry.catalogue.therapy_lines import STOPS_THAT_CENSOR

if TYPE_CHECKING:
    from projections.cohort.definition.definition import Definition


class RetentionRule(NamedTuple):
    """Reasons of stops at which a course is censored, whether a death ends it, and after which day time counts."""

    censor: tuple[str, ...]
    death_ends: bool
    from_day: int


class ResponderRule(NamedTuple):
    """Against which time point responses are judged, and how responders are counted."""

    baseline: str
    choice: ResponderChoice


def retention_rule(definition: Definition) -> RetentionRule:
    """Return what ends retention in a cohort; time counts from its landmark where that is later."""
    asked = _asked(definition, "survival")
    return RetentionRule(
        getattr(asked, "censor", STOPS_THAT_CENSOR),
        getattr(asked, "death_ends", True),
        max(getattr(asked, "from_day", 0), definition.landmark),
    )


def responder_rule(definition: Definition) -> ResponderRule:
    """Return how responses are judged in a cohort."""
    asked = _asked(definition, "responders")
    first = definition.time_points[0].name
    return ResponderRule(getattr(asked, "baseline", first), getattr(asked, "choice", ResponderChoice()))


def _asked(definition: Definition, table: str) -> Any:
    return next((each.asked for each in definition.tables if each.name == table), None)
