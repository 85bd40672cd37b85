"""Which members changed to another targeted drug after day 0, and when: the first line of therapy with another agent.

A line begun after day 0 with an agent other than that of the line before is a switch; an agent begun anew is none, nor
is another product of the same agent (`projections.therapy.treatment_lines`).
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from projections.cohort.members.cohort import Cohort
from projections.columns.arrow import truth
from projections.columns.coded import Rows, coded
from projections.columns.partial_days import Days
from projections.therapy.treatment_lines import with_days

KINDS: Final = ("within-class", "between-classes")


class Switches(NamedTuple):
    """One row a member who switched, in their order: the first day of the new drug, in days since 1970.

    `precision` is how well that day is known, `kind` one of `KINDS`, `reason` why the line before was stopped, None
    where it goes on or nobody knows.
    """

    member: Rows
    day: Days
    precision: list[str]
    kind: list[str]
    reason: list[str | None]


def switches(cohort: Cohort) -> Switches:
    """Return the first switch of each member after day 0, and before the patient's next day 0 is over."""
    bridge, partial = cohort.definition.day_zero.bridge, cohort.definition.observed.observation.partial
    lines, days = with_days(cohort.facts, max_gap_days=bridge, partial=partial)
    another = truth(pc.is_in(lines["switch_kind"].cast(pa.string()), value_set=pa.array(KINDS)))
    members = cohort.admitted
    member, row = members.rows_of(coded(lines["patient"]))
    later = (days.started[row] > members.day_zero[member]) & (days.started[row] <= members.until[member])
    counts = np.flatnonzero(later & another[row])
    whose, first = np.unique(member[counts], return_index=True)
    rows = row[counts[first]]
    words = (
        lines[name].take(pa.array(rows)).to_pylist()
        for name in ("started_on_precision", "switch_kind", "previous_stop_reason")
    )
    return Switches(whose, days.started[rows], *words)
