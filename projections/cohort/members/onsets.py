"""When conditions of a cohort's members began: what they had before day 0, and what came for the first time since.

A condition belongs to the time before day 0 where it began before that day, whether or not it was over by then; what
began on day 0 is new. A start that nobody knows is history: it lies before every day 0. Partial days count by the rule
of the observed time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from projections.cohort.members.members import Members
from projections.columns.coded import Rows, Truth, coded
from projections.columns.partial_days import EVER_BEFORE, FOREVER, Days, Partial, counted_as, possible_days
from projections.errors import not_collected

if TYPE_CHECKING:
    from collections.abc import Collection

    from projections.point_in_time import Facts


class FirstOnsets(NamedTuple):
    """The first day of some conditions of each member: FOREVER of whom has none, EVER_BEFORE where nobody knows it."""

    day: Days

    @classmethod
    def of(cls, facts: Facts, names: Collection[str], members: Members, *, partial: Partial) -> FirstOnsets:
        """Return when each member had one of the conditions first.

        Raises `UnknownCodeError` for one that nobody collected at the point in time: that none is there says nothing.
        """
        for name in names:
            if name not in facts.catalogue.conditions:
                raise not_collected("condition", name, facts.catalogue.conditions)
        recorded = facts.of("conditions")
        recorded = recorded.filter(pc.is_in(recorded["condition"], value_set=pa.array(list(names), pa.string())))
        start, end = (
            possible_days(recorded[name], recorded[f"{name}_precision"], without=without)
            for name, without in (("started_on", EVER_BEFORE), ("ended_on", FOREVER))
        )
        member, row = members.rows_of(coded(recorded["patient"]))
        first = np.full(len(members.patients), FOREVER, dtype=np.int64)
        np.minimum.at(first, member, counted_as(start, end, partial).started[row])
        return cls(first)

    @property
    def unknown(self) -> Truth:
        """Of whom nobody knows since when."""
        unknown: Truth = self.day == EVER_BEFORE
        return unknown

    @property
    def ever(self) -> Truth:
        """Who had one of the conditions at any time."""
        ever: Truth = self.day != FOREVER
        return ever

    def before(self, day_zero: Days) -> Truth:
        """Return who had one of the conditions before day 0."""
        before: Truth = self.day < day_zero
        return before

    def since(self, day_zero: Days) -> Rows:
        """Return the members who had one of the conditions for the first time on day 0 or later."""
        return np.flatnonzero(~self.before(day_zero) & (self.day != FOREVER))
