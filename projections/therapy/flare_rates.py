"""One row per part of follow-up: how many recorded flares began in it, and how many that is per 100 patient-years.

Parts: all of follow-up; the time on immunomodulating treatment and the time off it, which add up to it; and the time
off treatment by the agent that was stopped last before, and that before any stop, which add up to the time off. A flare
on the first or the last day of a course, or between, is on treatment. Follow-up is the observed time
(`observed_spans`); flares outside it are not counted but told, a patient's second flare counts. How long each part is,
and who is counted in it, is said by `person_time`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from projections.columns.arrow import ArrowTable
from projections.columns.catalogue_words import immunomodulating
from projections.columns.coded import Truth, summed
from projections.columns.tables import Table, declared, frame, number, tabled, word
from projections.observation.observed_spans import OBSERVED, Observation, ObservedSpans, observed_spans
from projections.statistics.rates import EXACT_POISSON, rate
from projections.statistics.results import NO_TIME
from projections.therapy.off_treatment import Periods, Treated
from projections.therapy.person_time import PersonTime, whole
from projections.therapy.recorded_flares import Flares

if TYPE_CHECKING:
    import pandas as pd

    from projections.point_in_time import Facts

BEFORE_ANY: Final = -1  # the code of the agent that was stopped last, where none was
GROUPS: Final = ("follow-up", "on-treatment", "off-treatment", "after", "before-any-stop")
FLARE_RATES: Final[Table] = declared(
    "flare_rates",
    "part of follow-up",
    order="group last_agent",
    columns=(
        word("group", "part of follow-up; after: off treatment after the agent; before-any-stop: off too", *GROUPS),
        word(
            "last_agent", "immunomodulating agent stopped last before it, in the group after", listed=immunomodulating
        ),
        number("n_flares", "number of recorded flares that began in it", type_="int32"),
        number("n_flared", "number of patients with a flare in it", type_="int32"),
        number("n_patients", "number of patients with a day in it, be it without time", type_="int32"),
        number("days", "days of all patients together", type_="int64", unit="d"),
        number("years", "days / 365.25", type_="double", unit="a"),
        number("per_100_years", "flares per 100 patient-years", type_="double", unit="/100 a"),
        number("ci_low", "lower limit of the 95% interval", type_="double", unit="/100 a"),
        number("ci_high", "upper limit of the 95% interval", type_="double", unit="/100 a"),
        word("ci_method", "how the interval was computed", EXACT_POISSON),
        word("reason", "why there is no rate, null where there is one", NO_TIME),
    ),
)


class Part(NamedTuple):
    """One part of follow-up: the time in it, and which flares began in it."""

    group: str
    last_agent: str | None
    time: PersonTime
    flares: Truth


def flare_rates(facts: Facts, *, observation: Observation = OBSERVED) -> pd.DataFrame:
    """Return the flare rates as a frame, one row a group; columns as declared in `FLARE_RATES`.

    `observation` says what counts as observed. Raises as `observed_spans` does.
    """
    return frame(table(facts, observation=observation))


def table(facts: Facts, *, observation: Observation = OBSERVED) -> ArrowTable:
    """Return the flare rates as an Arrow table: all, on and off treatment, off by last agent in alphabetical order."""
    return of_spans(facts, observed_spans(facts, observation))[0]


def of_spans(facts: Facts, spans: ObservedSpans) -> tuple[ArrowTable, int]:
    """Return the rates over some spans, and how many flares began outside them."""
    treated = Treated.of(facts, spans)
    flares = Flares.within(facts, treated)
    return tabled(FLARE_RATES, [_rated(part, treated, flares) for part in _parts(treated, flares)]), flares.n_outside


def _parts(treated: Treated, flares: Flares) -> Iterator[Part]:
    on, without = treated.on_treatment(), ~flares.on_treatment
    yield Part("follow-up", None, whole(treated.spans), np.ones(len(flares.day), dtype=bool))
    yield Part("on-treatment", None, on, flares.on_treatment)
    yield Part("off-treatment", None, on.rest(), without)
    periods, last = treated.periods(), treated.agents(flares.last)
    for code, agent in enumerate(treated.courses.agent.words.to_pylist()):
        time = _after(code, treated, periods, on.rest())
        if time.has_a_day.any():
            yield Part("after", agent, time, without & (last == code))
    yield Part("before-any-stop", None, _after(BEFORE_ANY, treated, periods, on.rest()), without & (last < 0))


def _after(agent: int, treated: Treated, periods: Periods, off: PersonTime) -> PersonTime:
    """Return the time off treatment after the stop of an agent; of a span without time it is that of its day."""
    which = treated.agents(periods.course) == agent
    days = summed((periods.ended - periods.began)[which], periods.span[which], n=len(treated.spans.began))
    stopped = treated.covering.last_stopped(np.arange(len(days)), treated.spans.began)
    alone = off.has_a_day & (off.by_span == 0) & (treated.agents(stopped) == agent)
    return PersonTime(treated.spans, days, (days > 0) | alone)


def _rated(part: Part, treated: Treated, flares: Flares) -> dict[str, object]:
    flared = np.unique(treated.spans.patient.codes[flares.span[part.flares]])
    n_flares = int(part.flares.sum())
    return {
        "group": part.group,
        "last_agent": part.last_agent,
        "n_flares": n_flares,
        "n_flared": len(flared),
        "n_patients": part.time.n_patients,
        "days": part.time.days,
        "years": part.time.years,
        "ci_method": EXACT_POISSON,
        **rate(n_flares, part.time.years)._asdict(),
    }
