"""Random courses of treatment, and the visits that are made because of them.

Courses begin before enrolment and end after it, have a row for each dose, stop because the patient was lost, at times
on the day on which they began, and are known to the month or the year. Visits lie around the start, and around the
stop: on its day, in the 14 days after it that still show what the drug has done, and on the day after these.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from hypothesis import strategies as st

from registry.catalogue.codes import STOP_REASONS
from tests.answers.facts import Course, Visit
from tests.answers.random_values import DOMAINS, NOTHING, some_of

DAYS: Final = (0, 1, 7, 14, 29, 84, 90, 91, 98, 112, 180, 182, 273, 365, 366, 548, 549, 730, 910)
BEFORE: Final = (-400, -180, -91, -30, -1)
LENGTHS: Final = (0, 1, 14, 29, 84, 90, 91, 182, 365)
TARGETED_AGENTS: Final = ("adalimumab", "adalimumab", "etanercept", "infliximab", "secukinumab", "tofacitinib")
BESIDE: Final = ("prednisolone", "methotrexate", "naproxen", "paracetamol")
OFTEN: Final = ("lost", "lost", "lost", "lack-of-efficacy", "adverse-event", "unknown", "died")  # beside each reason
LASTED: Final = (84, 90, 91, 112, 182)
PAUSES: Final = (0, 1, 45, 90, 91)
AROUND_START: Final = ((0,), (-14, 1), (-7, 1), (-1, 0, 1))
AROUND_STOP: Final = (-1, 1, 13, 14, 15)
AFTER_START: Final = (84, 90, 112)

starts = st.one_of(st.sampled_from(DAYS[:12]), st.sampled_from(BEFORE), st.sampled_from((14, 29, 84)))
reasons = st.one_of(st.none(), st.sampled_from(STOP_REASONS), st.sampled_from(OFTEN), st.sampled_from(OFTEN))
whole_visits = st.one_of(
    some_of("basdai", *DOMAINS), some_of("basdai", *DOMAINS), some_of("basdai", *DOMAINS, missing=2)
)


@st.composite
def courses(
    draw: st.DrawFn, patient: str, opened_on: date, agents: Sequence[str], *, precise: bool = False
) -> list[Course]:
    """Return courses, prevalent ones among them, their days by chance known to the month or the year only."""
    of_start = st.sampled_from((10,) if precise else (10, 10, 10, 10, 7, 4))  # characters that are known
    of_stop = st.sampled_from((10,) if precise else (10, 10, 10, 7, 4))
    rows = []
    for agent in draw(st.lists(st.sampled_from(agents), min_size=draw(st.sampled_from((0, 1, 1))), max_size=3)):
        start = opened_on + timedelta(days=draw(starts))
        for dose in range(draw(st.sampled_from((1, 1, 2, 3)))):  # a row for each dose
            stop = draw(stops(start, opened_on))
            rows.append(
                Course(
                    patient,
                    agent,
                    start.isoformat()[: draw(of_start)],
                    None if stop is None else stop.isoformat()[: draw(of_stop)],
                    None if stop is None else draw(reasons),
                    str(25 * (dose + 1)),
                )
            )
            if stop is None:
                break
            start = stop + timedelta(days=draw(st.sampled_from(PAUSES)))
    return list({row.reference: row for row in rows}.values())


def stops(start: date, opened_on: date) -> st.SearchStrategy[date | None]:
    """Return last days of a course; one that began before observation often ends within it."""
    soon = [start + timedelta(days=length) for length in LENGTHS]
    since = max(start, opened_on)
    observed = [since + timedelta(days=length) for length in LASTED]
    return st.one_of(st.none(), st.sampled_from(soon), st.sampled_from(observed))


@st.composite
def seen_on_treatment(draw: st.DrawFn, given: Sequence[Course], *, since: date, measured: bool) -> list[Visit]:
    """Return visits at which courses that are known to the day were judged, from enrolment on."""
    rows = []
    for course in given:
        known_to_the_day = all(len(day) == 10 for day in (course.started_on, course.stopped_on) if day is not None)
        if not known_to_the_day or draw(st.integers(0, 3)) == 3:
            continue
        start = date.fromisoformat(course.started_on)
        days = [start + timedelta(days=away) for away in draw(st.sampled_from(AROUND_START))]
        if course.stopped_on is None:
            days.append(start + timedelta(days=draw(st.sampled_from(AFTER_START))))
        else:
            days.append(date.fromisoformat(course.stopped_on) + timedelta(days=draw(st.sampled_from(AROUND_STOP))))
        rows += [
            Visit(course.patient, day, "", draw(whole_visits if measured else NOTHING)) for day in days if day >= since
        ]
    return rows
