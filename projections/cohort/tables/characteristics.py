"""Who the patients were on day 0, or at enrolment: age, sex, HLA-B27, criteria, how long they had been ill, measures.

Rows: `age`, `symptom duration` (since the first symptoms) and `disease duration` (since the diagnosis), in years by the
definition's convention (`projections.cohort.members.durations`); `sex: male` and the like, `HLA-B27: positive` and
`criteria: mNY`, each as a percentage of those of whom it is known; `consent recorded`; `centres`; and the measures that
are asked for, at one time point: numbers described, words of a list as percentages (`smoking: never`). A characteristic
that was not recorded, or is `unknown`, leaves the denominator, and how many stands beside. Criteria are known of
everyone: what was not recorded as fulfilled is not. `prior targeted therapies`, where the key `prior_therapies` asks
for them, are different drugs of all classes begun before the day. `known` is of how many of all members something is
known, where the key `completeness` asks for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, Final, Literal, NamedTuple, get_args

import numpy as np

from projections.cohort.definition.statistical_options import Duration
from projections.cohort.figures.code_shares import code_known, code_summary, code_values, occurring, word_shares
from projections.cohort.figures.compared import Compared, Numbers, Words
from projections.cohort.figures.comparing import left_out, left_out_for
from projections.cohort.figures.completeness import KNOWN, asks_completeness, known_share
from projections.cohort.figures.dependent_rows import share_of
from projections.cohort.figures.describing import described
from projections.cohort.figures.figures import Figure
from projections.cohort.figures.layout import ONCE, QUARTILES, Column, Layout, Panel, count_and_percent
from projections.cohort.figures.measure_summaries import (
    compared_measure,
    measure_known,
    measure_summary,
    measure_values,
)
from projections.cohort.members.cohort import Cohort
from projections.cohort.members.durations import age, duration
from projections.cohort.members.prior_courses import prior_courses
from projections.cohort.table import CohortTable
from projections.columns.coded import Rows
from projections.statistics.ordering import exact_column
from registry.catalogue import codes
from registry.catalogue.instruments.values import Values
from registry.toml_keys import Keys

Day = Literal["day-0", "enrolment"]

DAYS: Final[tuple[Day, ...]] = get_args(Day)
EPOCH: Final = date(1970, 1, 1)
UNKNOWN: Final = "unknown"
YEARS: Final = "a"
WORDS: Final = (("sex", "sex", codes.SEXES), ("HLA-B27", "hla_b27", codes.HLA_B27))  # row, column, words
PRIOR: Final = "prior targeted therapies"
PRIOR_AGENTS: Final = ("none", "1", "2", "3 or more")

Enrolment = dict[str, Any]
Lasting = Callable[[Enrolment, date, Duration], Fraction | None]

LAYOUT: Final[Layout] = (
    Panel(
        "",
        (
            Column("n", ONCE, "n"),
            Column("percent", ONCE, "n (%)"),
            Column("mean", ONCE, "mean ± SD"),
            Column("median", ONCE, "median (range)"),
            Column("median", ONCE, "median (IQR)", within=QUARTILES),
            Column(KNOWN, ONCE, "known", count_and_percent),
        ),
        units=True,
    ),
)


class Request(NamedTuple):
    """The `measures` at the time point `at`; age and durations are those of the day `on`: day 0, or the enrolment."""

    at: str
    measures: tuple[str, ...]
    on: Day = "day-0"
    completeness: bool = False
    prior_therapies: bool = False


def read_request(keys: Keys, time_points: Sequence[str]) -> Request:
    """Return what the keys ask; by default no measures, and everything on day 0."""
    return Request(
        keys.word("at", time_points, time_points[0] if time_points else ""),
        keys.words("measures", keys.catalogue.described),
        keys.word("on", DAYS, DAYS[0]),
        asks_completeness(keys),
        keys.yes_no("prior_therapies", False),
    )


def figures(cohort: Cohort, request: Request) -> Iterator[Figure]:
    """Yield the figures of the patients on their day, then of the measures at the time point."""
    enrolled, days, on = *_on_their_day(cohort, request.on), _told(request.on)
    yield _patients(cohort, on)
    for row, years in _years(cohort, request.on):
        yield from _lasting((row, on), cohort, years, request)
    for row, column, allowed in WORDS:
        yield from _shares(cohort, (row, on), column, allowed, request=request)
    yield from _recorded(cohort, on, enrolled, days)
    if request.prior_therapies:
        yield from _prior_therapies(cohort, on, days)
    place = cohort.definition.place(request.at)
    for measure in request.measures:
        if measure in cohort.facts.catalogue.coded:
            values = code_values(cohort, measure)[place]
            shown = occurring([code_values(cohort.whole, measure)[place]])
            yield from code_summary(cohort, values, shown)
            if request.completeness:
                yield code_known(cohort, values)
        else:
            measured = measure_values(cohort, measure)[place]
            yield from measure_summary(measured)
            if request.completeness:
                yield measure_known(cohort, measured)


def _patients(cohort: Cohort, on: str) -> Figure:
    """Return how many patients there are, each once, and of how many rows they are where some have several."""
    n = cohort.admitted.n_patients
    rows = f"{cohort.n} episodes; " if cohort.repeats else ""
    note = f"{rows}of {cohort.flow[0].n_left} in the registry"
    return Figure("patients", on, "n", value=n, text=str(n), denominator_note=note, n_patients=n)


def compared(cohort: Cohort, request: Request) -> Iterator[Compared]:
    """Yield what groups are compared by: each characteristic, and each measure at the time point."""
    enrolled, on = _on_their_day(cohort, request.on)[0], _told(request.on)
    for row, years in _years(cohort, request.on):
        lasted = Numbers(years.where(years.numerator >= 0), YEARS)
        yield Compared(row, on, "mean", lasted, told=f"; {cohort.options.duration}")
    for row, column, allowed in WORDS:
        yield Compared(row, on, "percent", Words(_known(cohort, column), allowed))
    for criterion in _criteria(cohort):
        met = np.array([criterion in (row["criteria"] or ()) for row in enrolled], dtype=bool)
        yield Compared(f"criteria: {criterion}", on, "percent", Words.yes_no(met, np.ones(cohort.n, dtype=bool)))
    place = cohort.definition.place(request.at)
    for measure in request.measures:
        if measure in cohort.facts.catalogue.coded:
            said = code_values(cohort, measure)[place]
            yield Compared(measure, said.time_point, "percent", Words(said.words, said.codes))
        else:
            yield compared_measure(measure_values(cohort, measure)[place])


class _Lasted(NamedTuple):
    """How many years each of the `DURATIONS` has lasted in each member, unknown where that is not recorded."""

    years: list[Values]

    def of_members(self, rows: Rows) -> _Lasted:
        return _Lasted([column.take(rows) for column in self.years])


def _on_their_day(cohort: Cohort, on: Day) -> tuple[list[Enrolment], list[date]]:
    """Return the enrolment of each member, and the day of the age and the durations."""
    enrolment = cohort.enrolment
    enrolled = [enrolment[patient] for patient in cohort.members]
    if on == "enrolment":
        return enrolled, [row["enrolled_on"] for row in enrolled]
    return enrolled, [EPOCH + timedelta(days=day) for day in cohort.day_zero.tolist()]


def _told(on: Day) -> str:
    return on.replace("-", " ")


def _years(cohort: Cohort, on: Day) -> Iterator[tuple[str, Values]]:
    """Yield how long each thing has lasted in each member, in years by the definition's convention."""
    convention = cohort.options.duration
    lasted = cohort.by_member(("lasted", on, convention), lambda whole: _lasted(whole, on, convention))
    yield from zip(DURATIONS, lasted.years, strict=True)


def _lasted(cohort: Cohort, on: Day, convention: Duration) -> _Lasted:
    members = list(zip(*_on_their_day(cohort, on), strict=True))
    return _Lasted([exact_column([years(*each, convention) for each in members]) for years in DURATIONS.values()])


def _criteria(cohort: Cohort) -> list[str]:
    """Return the criteria that some member fulfils; of a group, some of the whole."""
    enrolment = cohort.enrolment
    fulfilled = {name for patient in cohort.whole.members for name in enrolment[patient]["criteria"] or ()}
    return [criterion for criterion in codes.CLASSIFICATION_CRITERIA if criterion in fulfilled]


def _recorded(cohort: Cohort, on: str, enrolled: list[Enrolment], days: list[date]) -> Iterator[Figure]:
    """Yield the criteria fulfilled, the consent, and the number of centres."""
    everybody, all_of_them = left_out(0, cohort.n, ""), np.ones(cohort.n, dtype=bool)
    for criterion in _criteria(cohort):
        fulfils = np.array([criterion in (row["criteria"] or ()) for row in enrolled], dtype=bool)
        note = f"{everybody}; not recorded counts as not fulfilled"
        yield share_of(cohort, (f"criteria: {criterion}", on, "percent"), fulfils, all_of_them, note=note)
    consented = [row["consented_on"] is not None and row["consented_on"] <= day for row, day in zip(enrolled, days)]
    consent = np.array(consented, dtype=bool)
    yield share_of(cohort, ("consent recorded", on, "percent"), consent, all_of_them, note=everybody)
    centres = {row["centre"] for row in enrolled} - {None}
    missing = sum(row["centre"] is None for row in enrolled)
    note = left_out(missing, cohort.n, "without a centre")
    yield Figure(
        "centres", on, "n", value=len(centres), text=str(len(centres)), denominator_note=note, n_patients=cohort.n
    )


def _prior_therapies(cohort: Cohort, on: str, days: list[date]) -> Iterator[Figure]:
    """Yield how many different targeted drugs, of all classes, the patients had begun before their day."""
    had: list[set[str]] = [set() for _ in cohort.members]
    before = np.array([(day - EPOCH).days for day in days], dtype=np.int64)
    for course in prior_courses(cohort, before, given=cohort.facts.catalogue.targeted):
        had[course.member].add(course.agent)
    n_agents = [len(agents) for agents in had]
    note = f"{left_out(0, cohort.n, '')}; different targeted drugs begun before {on}; none recorded is none"
    yield from described((PRIOR, on), n_agents, note=note)
    words = [PRIOR_AGENTS[min(n, len(PRIOR_AGENTS) - 1)] for n in n_agents]
    yield from word_shares(cohort, (PRIOR, on), words, PRIOR_AGENTS, note=note)


def _since(column: str, years: Callable[[Any, date, Duration], Fraction]) -> Lasting:
    return lambda row, day, convention: None if row[column] is None else years(row[column], day, convention)


DURATIONS: Final[dict[str, Lasting]] = {
    "age": _since("birth_year", age),
    "symptom duration": _since("symptom_onset", duration),
    "disease duration": _since("diagnosed_on", duration),
}


def _lasting(at: tuple[str, str], cohort: Cohort, years: Values, request: Request) -> Iterator[Figure]:
    """Yield how long something has lasted; what begins after the day has not lasted, and is left out and told."""
    begun = years.numerator >= 0
    known = years.take(np.flatnonzero(years.known & begun))
    later = int((years.known & ~begun).sum())
    missing = cohort.n - len(known) - later
    note = left_out_for(cohort.n, [(missing, "not recorded"), (later, f"begun after {at[1]}")])
    for figure in described(at, known, note=note, unit=YEARS):
        yield figure._replace(variant="; ".join(filter(None, [figure.variant, cohort.options.duration])))
    if request.completeness:
        yield known_share(cohort, at, years.where(begun), note=note)


def _shares(
    cohort: Cohort, at: tuple[str, str], column: str, allowed: tuple[str, ...], *, request: Request
) -> Iterator[Figure]:
    """Yield each word as a percentage of the patients of whom it is known; words that nobody has are left out."""
    name, on = at
    known = _known(cohort, column)
    note = left_out(known.count(None), cohort.n, f"of unknown {name}")
    said = set(known if cohort.whole is cohort else _known(cohort.whole, column))
    yield from word_shares(cohort, (name, on), known, [word for word in allowed if word in said], note=note)
    if request.completeness:
        yield known_share(cohort, at, known, note=note)


def _known(cohort: Cohort, column: str) -> list[str | None]:
    """Return what was said of the members at enrolment, None where nothing is known."""
    enrolment = cohort.enrolment
    said = (enrolment[patient][column] for patient in cohort.members)
    return [None if word == UNKNOWN else word for word in said]


TABLE: Final = CohortTable(read_request, figures, LAYOUT, compared=compared, tested=False)
