"""The day up to which something could be known of anybody: `as_of`, else the registry's latest clinical day.

Every fact counts, recorded ends of follow-up included: a study's end is one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow.compute as pc

from projections.columns.coded import day_number, day_numbers
from projections.observation.contacts import Contacts

if TYPE_CHECKING:
    from projections.point_in_time import Facts


def data_cut(facts: Facts) -> int:
    """Return the day up to which time points can be due, in days since 1970."""
    if facts.at.as_of is not None:
        return day_number(facts.at.as_of)
    ends = [facts.known("patients")["follow_up_ended_on"], facts.known("follow_ups")["ended_on"]]
    days = [Contacts.of(facts).day, *(day_numbers(pc.drop_null(each)).astype(np.int64) for each in ends)]
    return int(np.concatenate(days).max(initial=np.iinfo(np.int32).min))
