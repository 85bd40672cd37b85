"""Who is given what on a day, and how long ago what was stopped.

`exposure_on`: one row per patient and agent of which a course covers the day. `washout_on`: one row per patient and
agent, or class, of which a course was stopped on or before the day. A course covers its first and its last day. Partial
dates count as `partial_days` says; where they leave the answer open, `uncertain` says so, and the washout has its
earliest and latest possible length beside it. A day after `as_of` is refused: nothing is known of it there.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from projections.columns.agents import agent_columns
from projections.columns.arrow import ArrowTable
from projections.columns.coded import Coded, Rows, coded, day_number
from projections.columns.tables import Table, day, declared, frame, number, text, word, yes_no
from projections.therapy.drug_courses import AGENT, ATC, DRUG_CLASS, PATIENT, Covering, drug_courses
from projections.therapy.treatment_episodes import episodes_of
from projections.therapy.treatments_of import agents_of
from registry.domain.days import PRECISIONS
from registry.domain.days import day as day_of
from registry.errors import ClinicalDayError, FormatError

if TYPE_CHECKING:
    import pandas as pd

    from projections.point_in_time import Facts

EXPOSURE_ON: Final[Table] = declared(
    "exposure_on",
    "patient and agent given on a day",
    order="patient agent",
    columns=(
        PATIENT,
        AGENT,
        ATC,
        DRUG_CLASS,
        text("treatment_id", "reference of the course that covers the day, of several the one begun last"),
        day("started_on", "first day of that course; the first day that a partial date can mean"),
        word("started_on_precision", "how precisely started_on is known", *PRECISIONS.values()),
        number("dose", "amount a time", type_="double", unit="as in dose_unit"),
        word("dose_unit", "unit of the dose, as mg"),
        word("frequency", "how often, as daily"),
        number("days", "the day - started_on", type_="int32", unit="d"),
        day("episode_started_on", "first day of the episode that it is in, gaps of up to 90 days bridged"),
        number("episode_days", "the day - episode_started_on", type_="int32", unit="d"),
        yes_no("uncertain", "whether a partial start or stop leaves open if a course covers the day"),
    ),
)
WASHOUT_ON: Final[Table] = declared(
    "washout_on",
    "patient and agent, or class, stopped on or before a day",
    order="patient agent",
    columns=(
        PATIENT,
        AGENT,
        DRUG_CLASS,
        text("treatment_id", "reference of the course stopped last"),
        day("stopped_on", "its last day; the first day that a partial date can mean"),
        word("stopped_on_precision", "how precisely stopped_on is known", *PRECISIONS.values()),
        number("days_since_last_stop", "the day - stopped_on", type_="int32", unit="d"),
        number("days_min", "the least that it can be, where the stop is partial", type_="int32", unit="d"),
        number("days_max", "the most that it can be, where the stop is partial", type_="int32", unit="d"),
        yes_no("exposed", "whether another course of the agent, or class, covers the day"),
    ),
)

By = Literal["agent", "drug_class"]


def exposure_on(facts: Facts, on: date | str, *, which: str | None = None) -> pd.DataFrame:
    """Return who is given what on a day as a frame, one row a patient and agent; columns as in `EXPOSURE_ON`.

    `which` is a class, an agent or an ATC code. Raises `ClinicalDayError` for a day after `as_of`, `FormatError` for
    what is no day, `UnknownCodeError` for an unknown `which`.
    """
    return frame(exposure_table(facts, on, which=which))


def exposure_table(facts: Facts, on: date | str, *, which: str | None = None) -> ArrowTable:
    """Return who is given what on a day as an Arrow table by patient and agent."""
    at = _day_number(facts, on)
    courses = drug_courses(facts, None if which is None else agents_of(which, facts.catalogue))
    episodes = episodes_of(courses)
    covering = np.flatnonzero((courses.started <= at) & (courses.stopped >= at))
    history = courses.histories[covering]
    rows = covering[_lasts(history)]
    certain = np.zeros(len(courses.started) + 1, dtype=bool)
    certain[history[(courses.started_by[covering] <= at) & (courses.stopped_from[covering] >= at)]] = True
    since = courses.started[episodes.first[episodes.of[rows]]]
    stated = courses.facts.take(pa.array(rows))
    return EXPOSURE_ON.of(
        {
            **agent_columns(courses.agent.take(rows), facts.catalogue),
            **{name: stated[name] for name in ("started_on", "started_on_precision", "dose_unit", "frequency")},
            "patient": courses.patient.take(rows).array(),
            "treatment_id": stated["fact"],
            "dose": stated["dose"].cast(pa.float64()),
            "days": pa.array(at - courses.started[rows]),
            "episode_started_on": pa.array(since.astype(np.int32)).cast(pa.date32()),
            "episode_days": pa.array(at - since),
            "uncertain": pa.array(~certain[courses.histories[rows]]),
        }
    )


def washout_on(facts: Facts, on: date | str, *, by: By = "agent", which: str | None = None) -> pd.DataFrame:
    """Return how long ago what was stopped as a frame, one row a patient and agent, or class; see `WASHOUT_ON`.

    `which` is a class, an agent or an ATC code. Raises as `exposure_on` does.
    """
    return frame(washout_table(facts, on, by=by, which=which))


def washout_table(facts: Facts, on: date | str, *, by: By = "agent", which: str | None = None) -> ArrowTable:
    """Return how long ago what was stopped as an Arrow table by patient and agent, or class.

    By class, `agent` is the one stopped last, and rows are in the order of patient and class.
    """
    at = _day_number(facts, on)
    courses = drug_courses(facts, None if which is None else agents_of(which, facts.catalogue))
    of_agent = agent_columns(courses.agent, facts.catalogue)
    kind = coded(of_agent[by])
    group = _numbered(courses.patient, kind)
    n_groups = int(group.max(initial=-1)) + 1
    on_day = np.full(n_groups, at)
    covering = Covering.of(group, courses)
    last = covering.last_stopped(np.arange(n_groups), on_day)
    exposed = covering.covers(np.arange(n_groups), on_day)[last >= 0]
    rows = last[last >= 0]
    stated = courses.facts.take(pa.array(rows))
    since = at - courses.stopped[rows]
    return WASHOUT_ON.of(
        {
            **{name: column.take(pa.array(rows)) for name, column in of_agent.items()},
            "patient": courses.patient.take(rows).array(),
            "treatment_id": stated["fact"],
            "stopped_on": stated["stopped_on"],
            "stopped_on_precision": stated["stopped_on_precision"],
            "days_since_last_stop": pa.array(since),
            "days_min": pa.array(np.maximum(at - courses.stopped_by[rows], 0)),
            "days_max": pa.array(at - courses.stopped_from[rows]),
            "exposed": pa.array(exposed),
        }
    )


def _day_number(facts: Facts, on: date | str) -> int:
    """Return a day as days since 1970; refuse one after `as_of`."""
    found = day_of(on) if isinstance(on, str) else on
    if found is None:
        raise FormatError("day", on, "a day of the calendar; write YYYY-MM-DD")
    if facts.at.as_of is not None and found > facts.at.as_of:
        raise ClinicalDayError("day", found, f"lies after as_of, {facts.at.as_of}; ask at a later point in time")
    return day_number(found)


def _lasts(group: npt.NDArray[Any]) -> Rows:
    """Return the places of the last row of each group; rows are sorted by group."""
    return np.flatnonzero(np.append(group[1:] != group[:-1], True)[: len(group)])


def _numbered(patient: Coded, kind: Coded) -> npt.NDArray[np.int64]:
    """Return a number for each row that is the same for one patient and kind, in the order of both."""
    pair = patient.codes.astype(np.int64) * (len(kind.words) + 1) + kind.codes
    return np.asarray(np.unique(pair, return_inverse=True)[1], dtype=np.int64)
