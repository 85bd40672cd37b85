"""How long the course, or line, of day 0 was kept.

Time runs from day 0 to the last day of the course. An end counts as an event, unless its reason is one of `censor`
(planned ends and remission by default: they are no failure of the drug) or it is a death and `death` says `censor`.
A course that goes on is censored where observation ends. Rows: `courses` (how many began, ended for which reason, or
go on), `retention` by Kaplan–Meier at days after day 0, its `median`, and for each reason its cumulative incidence, the
other reasons competing. `LUNDEX` at a time point: retention on its target day × responders among those who were on the
drug and seen then (Kristensen LE et al. Arthritis Rheum 2006;54:600–6).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from projections.cohort.definition.table_requests import Survival
from projections.cohort.figures.comparing import of_estimate
from projections.cohort.figures.criterion_status import judged
from projections.cohort.figures.figures import Figure
from projections.cohort.members.cohort import Cohort
from projections.cohort.members.observation_time import members_observed
from projections.columns.partial_days import FOREVER, Days
from projections.statistics.cumulative_incidence import cumulative_incidence
from projections.statistics.kaplan_meier import SurvivalCurve, kaplan_meier
from projections.statistics.lundex import lundex
from projections.statistics.proportions import Proportion
from projections.statistics.rounding import half_up
from registry.catalogue.codes import STOP_REASONS

DIED: Final = "died"
UNKNOWN: Final = "unknown"
ONGOING: Final = "ongoing"


class Kept(NamedTuple):
    """How long each member's course was kept in days, why it ended (`ongoing` where it did not), and if that counts."""

    days: Days
    why: list[str]
    event: npt.NDArray[np.bool_]


def figures(cohort: Cohort, wanted: Survival) -> Iterator[Figure]:
    """Yield the figures of the courses, of their retention, of each reason for an end, and LUNDEX."""
    kept = kept_for(cohort, wanted)
    note = f"{cohort.n} courses of {cohort.n} patients; censored: {_censoring(wanted)}"
    for reason in (*STOP_REASONS, ONGOING):
        n = kept.why.count(reason)
        if n or reason == ONGOING:
            counts = "event" if reason != ONGOING and _counts(reason, wanted) else "censored"
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
                reason=None if cohort.n else "nothing-given",
            )
    curve = kaplan_meier(kept.days, kept.event, level=cohort.choices.level, interval=cohort.choices.survival)  # type: ignore[arg-type]
    for day in wanted.days:
        yield from _retention(cohort, kept, curve, day, note)
    median = of_estimate(("retention", "", "median"), curve.quantile(), unit="d", decimals=0)
    yield median._replace(denominator=cohort.n, denominator_note=note)
    yield from _reasons(cohort, kept, wanted, note)
    if wanted.criterion is not None:
        yield from _lundex(cohort, wanted, kept, curve)


def kept_for(cohort: Cohort, wanted: Survival) -> Kept:
    """Return how long the course of day 0 of each member was kept, at the cohort's point in time."""
    ongoing = cohort.stopped == FOREVER
    died = [
        cohort.enrolment[patient]["follow_up_end_reason"] == DIED and goes_on
        for patient, goes_on in zip(cohort.members, ongoing.tolist())
    ]
    observed = members_observed(cohort)
    last = cohort.day_zero.copy()
    np.maximum.at(last, observed.member, observed.spans.ended)
    ended = np.where(ongoing, last, cohort.stopped)
    why = [
        DIED if death else ONGOING if goes_on else reason or UNKNOWN
        for death, goes_on, reason in zip(died, ongoing.tolist(), cohort.stop_reasons)
    ]
    event = np.array([reason != ONGOING and _counts(reason, wanted) for reason in why], dtype=bool)
    return Kept(ended - cohort.day_zero, why, event)


def _counts(reason: str, wanted: Survival) -> bool:
    return wanted.death == "event" if reason == DIED else reason not in wanted.censor


def _censoring(wanted: Survival) -> str:
    return ", ".join((ONGOING, *wanted.censor, *([DIED] if wanted.death == "censor" else [])))


def _retention(cohort: Cohort, kept: Kept, curve: SurvivalCurve, day: int, note: str) -> Iterator[Figure]:
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
        reason=None if cohort.n else "nothing-given",
    )
    found = of_estimate(("retention", at, "retention"), curve.at(day), unit="%", scale=100)
    yield found._replace(denominator=cohort.n, denominator_note=note, ci_method=_level(found.ci_method, cohort))


def _reasons(cohort: Cohort, kept: Kept, wanted: Survival, note: str) -> Iterator[Figure]:
    causes = [reason for reason in STOP_REASONS if reason in kept.why and _counts(reason, wanted)]
    number: dict[str, int] = {reason: place for place, reason in enumerate(causes, 1)}
    of = np.array([number.get(reason, 0) for reason in kept.why], dtype=np.int64)
    incidence = cumulative_incidence(
        kept.days,
        of,
        n_causes=max(len(causes), 1),
        level=cohort.choices.level,
        interval=cohort.choices.survival,  # type: ignore[arg-type]
    )
    for cause in causes:
        for day in wanted.days:
            at = (f"ended: {cause}", f"day {day}", "cumulative incidence")
            found = of_estimate(at, incidence.at(number[cause], day), unit="%", scale=100)
            yield found._replace(denominator=cohort.n, denominator_note=note, ci_method=_level(found.ci_method, cohort))


def _lundex(cohort: Cohort, wanted: Survival, kept: Kept, curve: SurvivalCurve) -> Iterator[Figure]:
    assert wanted.criterion is not None
    first = cohort.definition.time_points[0].name
    for point in cohort.definition.time_points[1:]:
        if point.anchor == "stop":
            continue
        said = judged(cohort, wanted.criterion, baseline=first, time_point=point.name)
        on_drug = (kept.days >= point.day) | (np.array(kept.why) == ONGOING)
        n, of = int((said.met & on_drug).sum()), int(((said.met | said.not_met) & on_drug).sum())
        found = lundex(curve.at(point.day).value, Proportion(n, of), retention="kaplan-meier", n=cohort.n)
        figure = of_estimate(("LUNDEX", point.name, wanted.criterion), found, unit="%", scale=100)
        left = int((said.open & on_drug).sum())
        yield figure._replace(
            numerator=n,
            denominator=of,
            denominator_note=f"responders of {of} on the drug and seen; {left} open; × retention on day {point.day}",
            variant=f"{figure.variant}; {said.rule}",
        )


def _level(method: str | None, cohort: Cohort) -> str | None:
    return method and f"{method}, {half_up(100 * cohort.choices.level, 1)}%"
