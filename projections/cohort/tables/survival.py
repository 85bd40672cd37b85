"""How long the course, or line, of day 0 was kept.

Time runs from day 0 to the last day of the course. An end counts as an event, unless its reason is one of `censor`
(planned ends and remission by default: they are no failure of the drug) or it is a death and `death` says `censor`.
A course that goes on is censored where observation ends. Rows: `courses` (how many began, ended for which reason, or
go on), `retention` by Kaplan–Meier at days after day 0, its `median`, and for each reason its cumulative incidence, the
other reasons competing. `LUNDEX` at a time point: see `lundex_figures`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, Literal, NamedTuple, get_args

import numpy as np

from projections.cohort.definition.keys import FARTHEST, Keys
from projections.cohort.figures.comparing import of_estimate
from projections.cohort.figures.figures import Figure
from projections.cohort.figures.layout import Anything, Layout
from projections.cohort.figures.lundex_figures import LundexRequest, lundex_figures, read_lundex
from projections.cohort.members.cohort import Cohort
from projections.cohort.members.observation_time import observation_times
from projections.cohort.table import CohortTable
from projections.columns.coded import Truth
from projections.columns.partial_days import FOREVER, Days
from projections.statistics.cumulative_incidence import cumulative_incidence
from projections.statistics.kaplan_meier import SurvivalCurve, kaplan_meier
from projections.statistics.results import NOTHING_GIVEN
from projections.statistics.rounding import half_up
from registry.catalogue.codes import STOP_REASONS

Death = Literal["event", "censor"]

DAYS: Final = (182, 365, 730, 1826)
STOPS_THAT_CENSOR: Final = ("protocol-end", "remission")
DEATHS: Final[tuple[Death, ...]] = get_args(Death)
DIED: Final = "died"
UNKNOWN: Final = "unknown"
ONGOING: Final = "ongoing"

LAYOUT: Final[Layout] = (
    Anything("Courses", "courses"),
    Anything("Kept, and ended for which reason, in %", "retention|ended: .+"),
    Anything("LUNDEX", "LUNDEX"),
)


class DrugSurvival(NamedTuple):
    """How long each member's course was kept in days, why it ended (`ongoing` where it did not), and if that counts."""

    days: Days
    why: list[str]
    event: Truth


class Request(NamedTuple):
    """At which `days` after day 0; stops for reasons in `censor` are no failure, nor is a death where it is censored.

    `lundex` says whose responders LUNDEX counts at each time point, and how.
    """

    days: tuple[int, ...]
    censor: tuple[str, ...]
    death: Death
    lundex: LundexRequest


def read_request(keys: Keys, time_points: Sequence[str]) -> Request:
    """Return what the keys `days`, `censor`, `death`, and those of LUNDEX ask."""
    return Request(
        keys.numbers("days", DAYS, low=1, high=FARTHEST),
        keys.words("censor", STOP_REASONS, STOPS_THAT_CENSOR),
        keys.word("death", DEATHS, DEATHS[0]),
        read_lundex(keys),
    )


def figures(cohort: Cohort, request: Request) -> Iterator[Figure]:
    """Yield the figures of the courses, of their retention, of each reason for an end, and LUNDEX."""
    kept = drug_survival(cohort, request)
    note = f"{cohort.n} courses of {cohort.n} patients; censored: {_censoring(request)}"
    for reason in (*STOP_REASONS, ONGOING):
        n = kept.why.count(reason)
        if n or reason == ONGOING:
            counts = "event" if reason != ONGOING and _counts(reason, request) else "censored"
            yield Figure(
                "courses",
                "",
                reason,
                value=n,
                text=str(n),
                numerator=n,
                denominator=cohort.n,
                denominator_note=note,
                variant=counts,
                n_patients=cohort.n,
                reason=None if cohort.n else NOTHING_GIVEN,
            )
    curve = kaplan_meier(kept.days, kept.event, level=cohort.options.level, interval=cohort.options.survival)
    for day in request.days:
        yield from _retention(cohort, kept, curve, day, note)
    median = of_estimate(("retention", "", "median"), curve.quantile(), unit="d", decimals=0)
    yield median._replace(denominator=cohort.n, denominator_note=note)
    yield from _reasons(cohort, kept, request, note)
    yield from lundex_figures(cohort, request.lundex, curve)


def drug_survival(cohort: Cohort, request: Request) -> DrugSurvival:
    """Return how long the course of day 0 of each member was kept, at the cohort's point in time."""
    ongoing = cohort.stopped == FOREVER
    died = [
        cohort.enrolment[patient]["follow_up_end_reason"] == DIED and goes_on
        for patient, goes_on in zip(cohort.members, ongoing.tolist())
    ]
    observed = observation_times(cohort)
    last = cohort.day_zero.copy()
    np.maximum.at(last, observed.member, observed.spans.ended)
    ended = np.where(ongoing, last, cohort.stopped)
    why = [
        DIED if death else ONGOING if goes_on else reason or UNKNOWN
        for death, goes_on, reason in zip(died, ongoing.tolist(), cohort.stop_reasons)
    ]
    event = np.array([reason != ONGOING and _counts(reason, request) for reason in why], dtype=bool)
    return DrugSurvival(ended - cohort.day_zero, why, event)


def _counts(reason: str, request: Request) -> bool:
    return request.death == "event" if reason == DIED else reason not in request.censor


def _censoring(request: Request) -> str:
    return ", ".join((ONGOING, *request.censor, *([DIED] if request.death == "censor" else [])))


def _retention(cohort: Cohort, kept: DrugSurvival, curve: SurvivalCurve, day: int, note: str) -> Iterator[Figure]:
    at = f"day {day}"
    risk = int((kept.days >= day).sum())
    yield Figure(
        "retention",
        at,
        "at risk",
        value=risk,
        text=str(risk),
        numerator=risk,
        denominator=cohort.n,
        denominator_note=note,
        n_patients=cohort.n,
        reason=None if cohort.n else NOTHING_GIVEN,
    )
    retention = of_estimate(("retention", at, "retention"), curve.at(day), unit="%", scale=100)
    yield retention._replace(denominator=cohort.n, denominator_note=note, ci_method=_level(retention.ci_method, cohort))


def _reasons(cohort: Cohort, kept: DrugSurvival, request: Request, note: str) -> Iterator[Figure]:
    causes = [reason for reason in STOP_REASONS if reason in kept.why and _counts(reason, request)]
    number: dict[str, int] = {reason: place for place, reason in enumerate(causes, 1)}
    of = np.array([number.get(reason, 0) for reason in kept.why], dtype=np.int64)
    incidence = cumulative_incidence(
        kept.days,
        of,
        n_causes=max(len(causes), 1),
        level=cohort.options.level,
        interval=cohort.options.survival,
    )
    for cause in causes:
        for day in request.days:
            at = (f"ended: {cause}", f"day {day}", "cumulative incidence")
            figure = of_estimate(at, incidence.at(number[cause], day), unit="%", scale=100)
            yield figure._replace(
                denominator=cohort.n, denominator_note=note, ci_method=_level(figure.ci_method, cohort)
            )


def _level(method: str | None, cohort: Cohort) -> str | None:
    return method and f"{method}, {half_up(100 * cohort.options.level, 1)}%"


TABLE: Final = CohortTable(read_request, figures, LAYOUT, needs_treatment=True)
