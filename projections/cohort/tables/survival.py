"""How long the course, or line, of day 0 was kept.

Time runs from day 0 to the last day of the episode. An end counts as an event (`ends_retention`), unless its reason is
one of `censor` or it is a death and `death` says `censor`. A course that goes on is censored where observation ends; of
one that began before, its patient is at risk from the start of observation (delayed entry), unless `entry` says
otherwise. Rows: `courses` (how many began, ended for which reason, or go on), `retention` by Kaplan–Meier at days after
day 0, its `median`, and for each reason its cumulative incidence, the other reasons and deaths competing. Where events
empty the risk set before others enter, nothing is known from there; `from_day` gives the curve of those at risk after a
day. Where the key `points` asks for them, `point 1`, `point 2`, … of `retention` and `ended: …` are the points of their
curves, those of retention with how many are `at risk`, and how many `events` and `censored` there are. `LUNDEX` at a
time point: see `lundex_figures`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, Literal, NamedTuple, get_args

import numpy as np
import numpy.typing as npt

from projections.cohort.figures.compared import Compared, Durations
from projections.cohort.figures.comparing import of_estimate
from projections.cohort.figures.curve_points import incidence_points, survival_points
from projections.cohort.figures.drug_survival import ONGOING, DrugSurvival, drug_survival
from projections.cohort.figures.figures import Figure
from projections.cohort.figures.layout import Anything, Layout
from projections.cohort.figures.lundex_figures import LundexRequest, lundex_figures, read_lundex
from projections.cohort.members.cohort import Cohort
from projections.cohort.table import CohortTable
from projections.statistics.cumulative_incidence import cumulative_incidence
from projections.statistics.kaplan_meier import SurvivalCurve, kaplan_meier
from projections.statistics.results import NOTHING_GIVEN
from projections.statistics.rounding import half_up
from registry.catalogue.codes import STOP_REASONS
from registry.catalogue.therapy_lines import DIED, STOPS_THAT_CENSOR, ends_retention
from registry.toml_keys import FARTHEST, Keys

Death = Literal["event", "censor"]

DAYS: Final = (182, 365, 730, 1826)
DEATHS: Final[tuple[Death, ...]] = get_args(Death)

LAYOUT: Final[Layout] = (
    Anything("Courses", "courses"),
    Anything("Kept, and ended for which reason, in %", "retention|ended: .+"),
    Anything("LUNDEX", "LUNDEX"),
)


class Request(NamedTuple):
    """At which `days` after day 0; stops for reasons in `censor` are no failure, nor is a death where it is censored.

    `lundex` says whose responders LUNDEX counts at each time point, and how. After `from_day` retention and incidence
    are conditional: of those at risk then.
    """

    days: tuple[int, ...]
    censor: tuple[str, ...]
    death: Death
    lundex: LundexRequest
    from_day: int = 0
    points: bool = False

    @property
    def death_ends(self) -> bool:
        """Whether a death counts as an end of retention."""
        return self.death == "event"


def read_request(keys: Keys, time_points: Sequence[str]) -> Request:
    """Return what the keys `days`, `censor`, `death`, `from_day`, `points`, and those of LUNDEX ask."""
    return Request(
        keys.numbers("days", DAYS, low=1, high=FARTHEST),
        keys.words("censor", STOP_REASONS, STOPS_THAT_CENSOR),
        keys.word("death", DEATHS, DEATHS[0]),
        read_lundex(keys),
        keys.number("from_day", 0, low=0, high=FARTHEST),
        keys.yes_no("points", False),
    )


def figures(cohort: Cohort, request: Request) -> Iterator[Figure]:
    """Yield the figures of the courses, of their retention, of each reason for an end, and LUNDEX."""
    kept, from_day = _kept(cohort), max(request.from_day, cohort.definition.landmark)
    request = request._replace(from_day=from_day)
    note = _note(cohort, kept, request)
    occurring = {*_kept(cohort.whole).why, ONGOING}
    for reason in (*STOP_REASONS, ONGOING):
        n = kept.why.count(reason)
        if reason in occurring:
            yield Figure(
                "courses",
                "",
                reason,
                value=n,
                text=str(n),
                numerator=n,
                denominator=cohort.n,
                denominator_note=note,
                variant="event" if reason != ONGOING and _counts(reason, request) else "censored",
                n_patients=cohort.n,
                reason=None if cohort.n else NOTHING_GIVEN,
            )
    curve = _curve(cohort, kept, request, from_day=request.from_day)
    for day in request.days:
        yield from _retention(cohort, kept, curve, day, note)
    median = of_estimate(("retention", "", "median"), curve.quantile(), unit="d", decimals=0)
    yield median._replace(denominator=curve.n, denominator_note=note, ci_method=_level(median.ci_method, cohort))
    if request.points:
        like = Figure("", "", "", denominator=curve.n, denominator_note=note, n_patients=curve.n)
        yield from survival_points("retention", curve, like, cohort.options.level)
    yield from _reasons(cohort, kept, request, note)
    yield from lundex_figures(
        cohort, request.lundex, _curve(cohort, kept, request, from_day=cohort.definition.landmark)
    )


def compared(cohort: Cohort, request: Request) -> Iterator[Compared]:
    """Yield what groups are compared by: how long courses were kept, and each reason for an end among the others."""
    kept, from_day = _kept(cohort), max(request.from_day, cohort.definition.landmark)
    stretches = kept.stretches
    ended = stretches.ended(censor=request.censor, death_ends=request.death_ends).astype(np.int64)
    whole = Durations(stretches.member, stretches.entry, stretches.exit, ended, from_day)
    yield Compared("retention", "", "retention", whole)
    causes, numbers = _causes(cohort, kept, request)
    for number, cause in enumerate(causes, 1):
        of = whole._replace(causes=numbers, cause=number)
        yield Compared(f"ended: {cause}", "", "cumulative incidence", of)


def _kept(cohort: Cohort) -> DrugSurvival:
    return cohort.once("drug survival", lambda: drug_survival(cohort))


def _causes(cohort: Cohort, kept: DrugSurvival, request: Request) -> tuple[list[str], npt.NDArray[np.int64]]:
    """Return the reasons for ends in their order, of a group those of the whole, and which ended each stretch.

    Reasons count from 1, and 0 is no end.
    """
    ends = _ends(kept, request)
    occurring = set(ends if cohort.whole is cohort else _ends(_kept(cohort.whole), request))
    causes: list[str] = [reason for reason in STOP_REASONS if reason in occurring]
    number: dict[str | None, int] = {reason: place for place, reason in enumerate(causes, 1)}
    return causes, np.array([number.get(reason, 0) for reason in ends], dtype=np.int64)


def _ends(kept: DrugSurvival, request: Request) -> list[str | None]:
    """Return why each stretch ended; a death is an end even where retention censors it."""
    ended = kept.stretches.ended(censor=request.censor, death_ends=True)
    return [reason if is_end else None for reason, is_end in zip(kept.stretches.why, ended, strict=True)]


def _curve(cohort: Cohort, kept: DrugSurvival, request: Request, *, from_day: int) -> SurvivalCurve:
    return kaplan_meier(
        kept.stretches.exit,
        kept.stretches.ended(censor=request.censor, death_ends=request.death_ends),
        level=cohort.options.level,
        interval=cohort.options.survival,
        entry=kept.stretches.entries(from_day=from_day),
    )


def _counts(reason: str, request: Request) -> bool:
    return ends_retention(reason, censor=request.censor, death_ends=request.death_ends)


def _note(cohort: Cohort, kept: DrugSurvival, request: Request) -> str:
    """Return what the figures rest on: whose courses, what is censored, what counts as observed, who enters late."""
    counted = (
        (cohort.n - kept.stretches.n_members, "never under observation"),
        (kept.stretches.n_late, "observed from after day 0"),
        (int(kept.outside.sum()), "ended outside observed time"),
        (int(cohort.admitted.partial.sum()), "resting on a partial day"),
    )
    censored = (ONGOING, *request.censor, *([] if request.death_ends else [DIED]))
    return "; ".join(
        (
            f"{cohort.n} courses of {cohort.n} patients",
            f"censored: {', '.join(censored)}",
            str(cohort.definition.observed),
            *(f"{n} {what}" for n, what in counted if n),
            *([f"of those at risk after day {request.from_day}"] if request.from_day else []),
        )
    )


def _retention(cohort: Cohort, kept: DrugSurvival, curve: SurvivalCurve, day: int, note: str) -> Iterator[Figure]:
    at = f"day {day}"
    risk = kept.stretches.at_risk(day)
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
    yield retention._replace(denominator=curve.n, denominator_note=note, ci_method=_level(retention.ci_method, cohort))


def _reasons(cohort: Cohort, kept: DrugSurvival, request: Request, note: str) -> Iterator[Figure]:
    """Yield the cumulative incidence of each reason; a death competes even where retention censors it."""
    stretches = kept.stretches
    causes, numbers = _causes(cohort, kept, request)
    incidence = cumulative_incidence(
        stretches.exit,
        numbers,
        n_causes=max(len(causes), 1),
        level=cohort.options.level,
        interval=cohort.options.survival,
        entry=stretches.entries(from_day=request.from_day),
    )
    for number, cause in enumerate(causes, 1):
        for day in request.days:
            at = (f"ended: {cause}", f"day {day}", "cumulative incidence")
            figure = of_estimate(at, incidence.at(number, day), unit="%", scale=100)
            limits = _level(figure.ci_method, cohort)
            yield figure._replace(denominator=incidence.n, denominator_note=note, ci_method=limits)
        if request.points:
            like = Figure("", "", "", denominator=incidence.n, denominator_note=note, n_patients=incidence.n)
            yield from incidence_points(f"ended: {cause}", incidence, number, like, cohort.options.level)


def _level(method: str | None, cohort: Cohort) -> str | None:
    return method and f"{method}, {half_up(100 * cohort.options.level, 1)}%"


TABLE: Final = CohortTable(read_request, figures, LAYOUT, needs_treatment=True, rests_on_time=True, compared=compared)
