"""Facts as a registry learns of them: most soon, some late, some corrected, some withdrawn.

A `Reported` holds every version of the facts of one kind as rows of columns: what was first said, then ends,
corrections and retractions. Days are whole numbers, days since 1970.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np

from registry.simulation.drawing import Draw, Whole, Yes

RECORDED, ENDED, AMENDED, RETRACTED = range(4)
SOON: Final = 30  # days until a fact is reported
LATE: Final = 200, 330  # days, for the few that are reported late
LATEST: Final = 360  # days after the last clinical day, at which everything has been reported
SHARE_LATE: Final = 0.03
SHARE_AMENDED: Final = 0.03
SHARE_RETRACTED: Final = 0.01

Columns = dict[str, np.ndarray]
Correction = Callable[[Columns], Columns]


class Reported(NamedTuple):
    """The versions of the facts of one kind, a row each, the first `facts` of them as they were first recorded.

    `fact` and `what` say which version of which fact a row is, `reported_on` the recorded clock's day. `clinical_on` is
    the clinical day of a version, `patient` the number of its patient. `is_late` is by fact.
    """

    kind: str
    facts: int
    columns: Columns
    fact: Whole
    what: Whole
    reported_on: Whole
    clinical_on: Whole
    patient: Whole
    is_late: Yes


class Plan(NamedTuple):
    """How facts become known: from which day on each can be, what an end adds, and how a correction changes columns.

    Where others rest on a fact, it is never `retracted`.
    """

    known_from: Whole
    last_day: int
    correct: Correction
    ends: Columns | None = None  # of facts that have ended: the columns of the end, -1 where there is none
    never_late: bool = False
    retracted: bool = True
    rests_on_late: Yes | None = None  # facts that rest on one that is reported late, and are late with it


def reported(draw: Draw, kind: str, columns: Columns, *, patient: Whole, clinical_on: Whole, plan: Plan) -> Reported:
    """Return the facts with the versions that the registry learns of, one after the other."""
    number, latest = len(patient), plan.last_day + LATEST
    late = draw.yes(0.0 if plan.never_late else SHARE_LATE, number)
    delay = np.where(late, draw.whole(*LATE, number), draw.whole(0, SOON, number))
    first_on = np.minimum(plan.known_from + delay, latest)
    every = np.arange(number)
    rows = [(every, RECORDED, first_on, clinical_on, columns)]
    last_on, full = first_on, columns
    if plan.ends is not None:
        full = {**columns, **plan.ends}
        rows[0] = (every, RECORDED, first_on, clinical_on, {**columns, **{n: np.full(number, -1) for n in plan.ends}})
        end_on = next(iter(plan.ends.values()))
        ended = np.flatnonzero(end_on >= 0)
        ended_on = np.minimum(np.maximum(first_on, end_on + delay), latest)[ended]
        rows.append((ended, ENDED, ended_on, end_on[ended], _taken(full, ended)))
        last_on = first_on.copy()
        last_on[ended] = ended_on
    fate, wait = draw.even(number), draw.whole(1, LATEST, number)
    corrected_on = np.minimum(last_on + wait, latest)
    amended = np.flatnonzero(fate < SHARE_AMENDED)
    rows.append((amended, AMENDED, corrected_on[amended], clinical_on[amended], plan.correct(_taken(full, amended))))
    withdrawn = np.flatnonzero(fate >= 1 - SHARE_RETRACTED) if plan.retracted else every[:0]
    rows.append((withdrawn, RETRACTED, corrected_on[withdrawn], clinical_on[withdrawn], _taken(full, withdrawn)))
    fact = np.concatenate([facts for facts, *_ in rows])
    return Reported(
        kind,
        number,
        {name: np.concatenate([columns_of[name] for *_, columns_of in rows]) for name in full},
        fact,
        np.concatenate([np.full(len(facts), what) for facts, what, *_ in rows]),
        np.concatenate([days for _, _, days, *_ in rows]),
        np.concatenate([days for _, _, _, days, _ in rows]),
        patient[fact],
        late if plan.rests_on_late is None else late | plan.rests_on_late,
    )


def began_on(days: Whole, precision: Whole) -> Whole:
    """Return the first day that each day can mean where it is known to the year (0), the month (1) or the day (2)."""
    whole = days.astype("datetime64[D]")
    years, months = (whole.astype(f"datetime64[{unit}]").astype("datetime64[D]").astype(np.int64) for unit in "YM")
    return np.where(precision == 0, years, np.where(precision == 1, months, days))


def _taken(columns: Columns, places: Whole) -> Columns:
    return {name: values[places] for name, values in columns.items()}
