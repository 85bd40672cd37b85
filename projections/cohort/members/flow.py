"""Who is in a cohort: the conditions of its definition, one after the other, and how many patients each left."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa

from projections.cohort.definition.comparisons import Comparison
from projections.cohort.definition.definition import Definition
from projections.cohort.members.at_day_zero import ages, compared_at_first, given_before
from projections.cohort.members.day_zero import days_zero
from projections.cohort.members.day_zero_steps import day_zero_steps
from projections.cohort.members.first_changes import changes_of, switches_of
from projections.cohort.members.members import Members
from projections.cohort.members.named_treatments import ever_given
from projections.cohort.members.onsets import FirstOnsets
from projections.cohort.members.reader_selection import readings_in_windows
from projections.cohort.members.sources import Sources
from projections.cohort.members.visit_windows import NONE
from projections.columns.arrow import ArrowArray
from projections.columns.coded import Truth, coded
from projections.observation.observed_spans import observed_spans

NOT_WITHDRAWN: Final = "consent not withdrawn"
Condition = Callable[[Members], Truth]  # whether each of the members fulfils it


class FlowStep(NamedTuple):
    """One step of the flow: how many patients it left, and how many it excluded."""

    name: str
    n_left: int
    n_excluded: int


def admitted(definition: Definition, sources: Sources) -> tuple[Members, tuple[FlowStep, ...]]:
    """Return the members of a cohort, and the steps that led to them."""
    everybody = pa.array(sorted(sources.facts.of("patients")["patient"].to_pylist()), pa.string())
    members, left = _with_day_zero(definition, sources, everybody)
    n_left_out = len(sources.facts.excluded)
    steps = [FlowStep("in the registry", len(everybody) + n_left_out, 0)]
    if sources.facts.withdrawn == "exclude":
        steps.append(FlowStep(NOT_WITHDRAWN, len(everybody), n_left_out))
    before = (len(everybody), *left)
    steps += map(FlowStep, day_zero_steps(definition.day_zero), left, (one - two for one, two in pairwise(before)))
    for name, fulfilled in (*_enrolled_so(definition, sources), *_seen_so(definition, sources)):
        n = members.n_patients
        members = members.take(np.flatnonzero(fulfilled(members)))
        steps.append(FlowStep(name, members.n_patients, n - members.n_patients))
    return members, tuple(steps)


def _with_day_zero(definition: Definition, sources: Sources, everybody: ArrowArray) -> tuple[Members, tuple[int, ...]]:
    """Return the members before any other condition, whoever has a day 0, and how many its steps left."""
    facts = sources.facts
    patients, days, left = days_zero(facts, everybody, definition.day_zero, definition.observed)
    members = Members.of(patients, days)
    if all(point.anchor != "switch" for point in definition.time_points):
        return members, left
    return members.with_switches(switches_of(definition, changes_of(definition, facts))), left


def _enrolled_so(definition: Definition, sources: Sources) -> Iterator[tuple[str, Condition]]:
    """Yield the conditions on what was said at enrolment, each with its name."""
    who = definition.who

    def enrolled(column: str, fulfilled: Callable[[Any], bool]) -> Condition:
        return lambda members: _yes(fulfilled(sources.enrolment[patient][column]) for patient in members.patients)

    for name, words in (("centre", who.centres), ("sex", who.sex), ("hla_b27", who.hla_b27)):
        if words:
            yield f"{name}: {', '.join(words)}", enrolled(name, frozenset(words).__contains__)
    if who.criteria:
        yield (
            f"criteria: {' or '.join(who.criteria)}",
            enrolled("criteria", lambda fulfilled: not set(who.criteria).isdisjoint(fulfilled or ())),
        )
    excluding = who.withdrawn == "exclude" and sources.facts.withdrawn == "keep"  # else nobody is left to exclude
    if who.without_criteria:
        yield "criteria recorded", enrolled("criteria", bool)
        yield (
            f"criteria: not {' or '.join(who.without_criteria)}",
            enrolled("criteria", set(who.without_criteria).isdisjoint),
        )
    if who.consent or excluding:
        without = frozenset(sources.facts.without_consent.to_pylist())
        if excluding:
            yield NOT_WITHDRAWN, lambda members: _yes(each not in without for each in members.patients)
        if who.consent:
            yield (
                "consent recorded",
                lambda members: _yes(
                    sources.enrolment[each]["consented_on"] is not None and each not in without
                    for each in members.patients
                ),
            )


def _seen_so(definition: Definition, sources: Sources) -> Iterator[tuple[str, Condition]]:
    """Yield the conditions on drugs, visits and readings, each with its name."""
    who = definition.who
    if definition.observed.entry == "incident":
        yield "day 0 under observation (entry = incident)", _began_observed(definition, sources)
    if who.exposed_to:
        exposed = ever_given(sources.facts, who.exposed_to)
        yield (
            f"ever given {' or '.join(who.exposed_to)}",
            lambda members: _yes(patient in exposed for patient in members.patients),
        )
    when = "ever" if who.conditions_ever else "before day 0"
    if who.with_conditions:
        yield f"{' or '.join(who.with_conditions)} {when}", _had(definition, sources, who.with_conditions)
    if who.without_conditions:
        had = _had(definition, sources, who.without_conditions)
        yield f"no {' or '.join(who.without_conditions)} {when}", lambda members: ~had(members)
    yield from _at_day_zero(definition, sources)
    for name in who.visits_at:
        yield f"a visit at {name}", _visited(definition, sources, definition.place(name))
    for name in who.readings_at:
        yield f"a reading at {name}", _read(definition, sources, definition.place(name))


def _began_observed(definition: Definition, sources: Sources) -> Condition:
    def fulfilled(members: Members) -> Truth:
        spans = observed_spans(sources.facts, definition.observed.observation)
        return spans.holds(coded(pa.array(members.patients, pa.string())), members.day_zero)

    return fulfilled


def _at_day_zero(definition: Definition, sources: Sources) -> Iterator[tuple[str, Condition]]:
    """Yield the conditions on what was so on day 0: drugs given before, the age, values at the first time point."""
    who = definition.who
    if who.naive_to:
        partial = definition.observed.observation.partial
        yield (
            f"naive to {' and '.join(who.naive_to)}",
            lambda members: ~given_before(sources.facts, who.naive_to, members, partial=partial),
        )
    if who.age is not None:
        age = who.age
        convention = definition.options.duration
        yield "birth year known", lambda members: _yes(each is not None for each in ages(sources, members, convention))
        yield (
            f"age {age} on day 0",
            lambda members: _yes(each in age for each in ages(sources, members, convention)),
        )
    first = definition.time_points[0].name
    for comparison in who.baseline:
        yield f"{comparison.text} can be said at {first}", _compared(definition, sources, comparison, known=True)
        yield f"{comparison.text} at {first}", _compared(definition, sources, comparison)


def _compared(definition: Definition, sources: Sources, asked: Comparison, *, known: bool = False) -> Condition:
    def fulfilled(members: Members) -> Truth:
        answers = compared_at_first(definition, sources, asked, members)
        return answers.known if known else answers.certain

    return fulfilled


def _had(definition: Definition, sources: Sources, names: tuple[str, ...]) -> Condition:
    def fulfilled(members: Members) -> Truth:
        partial = definition.observed.observation.partial
        onsets = FirstOnsets.of(sources.facts, names, members, partial=partial)
        return onsets.ever if definition.who.conditions_ever else onsets.before(members.day_zero)

    return fulfilled


def _visited(definition: Definition, sources: Sources, place: int) -> Condition:
    def fulfilled(members: Members) -> Truth:
        every_visit = np.ones(sources.inputs.visits.num_rows, dtype=bool)
        rows = sources.visits_in_windows(definition, members).chosen(every_visit)
        return np.asarray(rows[:, place] != NONE)

    return fulfilled


def _read(definition: Definition, sources: Sources, place: int) -> Condition:
    def fulfilled(members: Members) -> Truth:
        return readings_in_windows(sources.facts.readings, definition, members)[:, place]

    return fulfilled


def _yes(answers: Iterable[bool]) -> Truth:
    return np.array(list(answers), dtype=bool)
