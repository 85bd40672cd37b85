"""One row per immunomodulating agent, and one of all: how long after its last day the first recorded flare came.

A period off treatment begins with the stop of a course when no other covers the next day, and ends with the next start
or with follow-up. It counts where the stop lies within follow-up, since of earlier ones nobody knows the flares; of
several flares in it the first counts. Partial stops count as `partial_days` says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from projections.columns.arrow import ArrowTable
from projections.columns.catalogue_words import immunomodulating
from projections.columns.coded import Truth, moments
from projections.columns.partial_days import Days
from projections.columns.tables import Table, declared, frame, number, tabled, word, yes_no
from projections.observation.observed_spans import OBSERVED, Observation, ObservedSpans, observed_spans
from projections.therapy.off_treatment import Periods, Treated
from projections.therapy.recorded_flares import Flares

if TYPE_CHECKING:
    import pandas as pd

    from projections.point_in_time import Facts

NO_STOP: Final = "no-stop-within-follow-up"
NO_FLARE: Final = "no-flare-after-a-stop"
FLARES_AFTER_STOP: Final[Table] = declared(
    "flares_after_stop",
    "agent, and one of all",
    order="last_agent",
    columns=(
        word("last_agent", "immunomodulating agent that was stopped, null for all", listed=immunomodulating),
        number("n_stops", "number of periods off treatment that began within follow-up", type_="int32"),
        number("n_flared", "number of these with a recorded flare", type_="int32"),
        number("median_days", "median of the days from the stop to the first flare", type_="double", unit="d"),
        number("min_days", "the least of them", type_="int32", unit="d"),
        number("max_days", "the most of them", type_="int32", unit="d"),
        yes_no("uncertain", "whether a stop with a flare is known to the month or the year only"),
        word("reason", "why there is no median, null where there is one", NO_STOP, NO_FLARE),
    ),
)


def flares_after_stop(facts: Facts, *, observation: Observation = OBSERVED) -> pd.DataFrame:
    """Return the times from a stop to a flare as a frame, one row an agent; columns as in `FLARES_AFTER_STOP`.

    `observation` says what counts as observed. Raises as `observed_spans` does.
    """
    return frame(table(facts, observation=observation))


def table(facts: Facts, *, observation: Observation = OBSERVED) -> ArrowTable:
    """Return the times from a stop to the first flare as an Arrow table: of all agents, then by agent in order."""
    return of_spans(facts, observed_spans(facts, observation))[0]


def of_spans(facts: Facts, spans: ObservedSpans) -> tuple[ArrowTable, int]:
    """Return the times over some spans, and how many flares began outside them."""
    treated = Treated.of(facts, spans)
    periods, flares = _begun_within_follow_up(treated), Flares.within(facts, treated)
    rows = _by_agent(treated, periods, _days_to_first_flare(periods, flares))
    return tabled(FLARES_AFTER_STOP, rows), flares.n_outside


def _by_agent(treated: Treated, periods: Periods, days: npt.NDArray[np.int64]) -> list[dict[str, object]]:
    """Return the row of all agents, then that of each that was stopped."""
    partial = (treated.courses.stopped_by > treated.courses.stopped_from)[periods.course]
    agent = treated.agents(periods.course)
    rows = [_of(None, days, partial)]
    for code, name in enumerate(treated.courses.agent.words.to_pylist()):
        if (agent == code).any():
            rows.append(_of(name, days[agent == code], partial[agent == code]))
    return rows


def _begun_within_follow_up(treated: Treated) -> Periods:
    """Return the periods that began with a stop within follow-up, and that have a day without treatment."""
    periods = treated.periods()
    stopped = np.append(treated.courses.stopped, -1)[periods.course]
    stops = (periods.course >= 0) & (stopped == periods.began)
    which = np.flatnonzero(stops & ~treated.covering.covers(periods.span, periods.began + 1))
    return Periods(*(column[which] for column in periods))


def _days_to_first_flare(periods: Periods, flares: Flares) -> npt.NDArray[np.int64]:
    """Return the days from the beginning of each period to the first flare in it, -1 where there was none."""
    off = ~flares.on_treatment
    flared = np.append(moments(flares.span[off], flares.day[off]), np.iinfo(np.int64).max)
    began, ended = moments(periods.span, periods.began), moments(periods.span, periods.ended)
    first = flared[np.searchsorted(flared, began, side="right")]
    return np.where(first <= ended, first - began, -1)


def _of(agent: str | None, days: Days, partial: Truth) -> dict[str, object]:
    known = days[days >= 0]
    flared = len(known) > 0
    return {
        "last_agent": agent,
        "n_stops": len(days),
        "n_flared": len(known),
        "median_days": float(np.median(known)) if flared else None,
        "min_days": int(known.min()) if flared else None,
        "max_days": int(known.max()) if flared else None,
        "uncertain": bool(partial[days >= 0].any()),
        "reason": None if flared else NO_FLARE if len(days) else NO_STOP,
    }
