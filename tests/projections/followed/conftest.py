"""A registry that has a schedule."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from registry import Registry
from registry.catalogue.protocol import FollowUpRule, Protocol, ScheduledVisit
from tests.projections.shown import Clock

LONG_AGO = date(2000, 1, 1)
Scheduling = Callable[..., None]


def baseline(**words: Any) -> ScheduledVisit:
    """The visit of enrolment, from 30 days before to 14 after."""
    return ScheduledVisit(
        **{"name": "baseline", "anchor": "enrolment", "day": 0, "window": (-30, 14), "since": LONG_AGO, **words}
    )


def yearly(**words: Any) -> ScheduledVisit:
    """A visit a year, three months more or less."""
    every = {"name": "year {n}", "anchor": "enrolment", "every": "1 year", "window": (-90, 90), "since": LONG_AGO}
    return ScheduledVisit(**{**every, **words})


def week_12(**words: Any) -> ScheduledVisit:
    """The visit 12 weeks after the start of a TNF inhibitor, two weeks more or less."""
    course = {"name": "week 12", "anchor": "course", "of": ("TNFi",), "day": 84, "window": (-14, 14), "since": LONG_AGO}
    return ScheduledVisit(**{**course, **words})


@pytest.fixture
def scheduled(registry: Registry, clock: Clock) -> Scheduling:
    """Adopt a schedule on a day, and go back to the present."""

    def adopt(*visits: ScheduledVisit, on: str = "2014-06-30", lost_after: str | None = None) -> None:
        clock.set(f"{on}T09:00")
        rule = None if lost_after is None else FollowUpRule(lost_after=lost_after)
        registry.adopt_protocol(Protocol(protocol="north", title="North", schedule=visits, follow_up=rule))

    return adopt
