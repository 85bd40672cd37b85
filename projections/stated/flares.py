"""One row per flare, with the immunomodulating treatment that it fell into or followed.

Immunomodulating is every agent of the catalogue but NSAIDs and analgesics. A course covers a day from its first day to
its last; partial dates count as their first day, as they are exported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from projections.columns.arrow import ArrowArray, ArrowTable
from projections.columns.coded import Coded, Codes, coded, day_numbers, in_order
from projections.columns.tables import Table, day, declared, frame, number, text, word, yes_no
from registry.catalogue import codes
from registry.catalogue.agents import AGENTS

if TYPE_CHECKING:
    import pandas as pd

    from projections.point_in_time import Facts

FLARES: Final[Table] = declared(
    "flares",
    "flare",
    key="patient started_on flare_id",
    columns=(
        word("patient", "pseudonym"),
        day("started_on", "first day of the flare"),
        text("flare_id", "reference of the flare"),
        day("ended_on", "last day, null while it goes on at the point in time"),
        word("basis", "who or what called it a flare", *codes.FLARE_BASES),
        word("severity", "severity", *codes.SEVERITIES),
        word("trigger", "what set it off", *codes.FLARE_TRIGGERS),
        text("note", "free text"),
        yes_no("on_treatment", "whether a course of an immunomodulating agent covers started_on"),
        word(
            "last_agent",
            "immunomodulating agent of the latest course stopped on or before started_on; of several stopped on one "
            "day that with the latest start, then with the last reference",
            *(name for name, agent in AGENTS.items() if agent.immunomodulating),
        ),
        number("days_since_last_stop", "started_on - the day on which last_agent was stopped", type_="int32", unit="d"),
    ),
)
IMMUNOMODULATING: Final = pa.array([name for name, agent in AGENTS.items() if agent.immunomodulating])
DAYS: Final = 1 << 32  # more than a day can be: one number orders patients, and their days within

Moments = npt.NDArray[np.int64]


class Courses(NamedTuple):
    """Courses of immunomodulating agents; `started` and `stopped` are moments, that is a patient's days."""

    started: Moments
    stopped: Moments
    ongoing: npt.NDArray[np.bool_]
    agent: Coded
    fact: Coded


def flares(facts: Facts) -> pd.DataFrame:
    """Return the flares as a frame, one row a flare; columns as declared in `FLARES`."""
    return frame(table(facts))


def table(facts: Facts) -> ArrowTable:
    """Return the flares as an Arrow table by patient, started_on, flare_id."""
    stated = facts.of("flares")
    order = in_order(coded(stated["patient"]), day_numbers(stated["started_on"]), coded(stated["fact"]))
    stated = stated.take(pa.array(order))
    treatments = facts.of("treatments")
    treatments = treatments.filter(pc.is_in(treatments["agent"], value_set=IMMUNOMODULATING))
    patients = coded(pa.concat_tables([stated.select(["patient"]), treatments.select(["patient"])])["patient"]).codes
    flare = _moments(patients[: stated.num_rows], stated["started_on"])
    courses = _courses(treatments, patients[stated.num_rows :])
    return FLARES.of(
        {
            **{name: stated[name] for name in stated.column_names},
            "flare_id": stated["fact"],
            "on_treatment": pa.array(_covered(flare, courses)),
            **_last_stop(flare, courses),
        }
    )


def _moments(patient: Codes, days: ArrowArray) -> Moments:
    return patient.astype(np.int64) * DAYS + day_numbers(days) + DAYS // 2


def _courses(treatments: ArrowTable, patient: Codes) -> Courses:
    return Courses(
        _moments(patient, treatments["started_on"]),
        _moments(patient, treatments["stopped_on"]),
        pc.is_null(treatments["stopped_on"]).to_numpy(),
        coded(treatments["agent"]),
        coded(treatments["fact"]),
    )


def _covered(flare: Moments, courses: Courses) -> npt.NDArray[np.bool_]:
    """Return which flares some course covers: more of the patient's have begun by that day than stopped before it."""
    sound = courses.ongoing | (courses.stopped >= courses.started)
    begun = np.sort(courses.started[sound])
    over = np.sort(courses.stopped[sound & ~courses.ongoing])
    patient = flare // DAYS * DAYS
    began = np.searchsorted(begun, flare, side="right") - np.searchsorted(begun, patient)
    stopped = np.searchsorted(over, flare) - np.searchsorted(over, patient)
    covered: npt.NDArray[np.bool_] = began > stopped
    return covered


def _last_stop(flare: Moments, courses: Courses) -> dict[str, ArrowArray]:
    """Return the agent of the latest course stopped on or before each flare, and the days since."""
    over = np.flatnonzero(~courses.ongoing)
    over = over[in_order(courses.stopped[over], courses.started[over], courses.fact.codes[over])]
    stopped = np.append(courses.stopped[over], -DAYS)  # the last stands for none, also at place -1
    last = np.searchsorted(stopped[:-1], flare, side="right") - 1
    none = stopped[last] // DAYS != flare // DAYS
    agent = np.append(courses.agent.codes[over], np.int32(-1))[last]
    return {
        "last_agent": Coded(np.where(none, np.int32(-1), agent), courses.agent.words).array(),
        "days_since_last_stop": pa.array(np.where(none, 0, flare - stopped[last]).astype(np.int32), mask=none),
    }
