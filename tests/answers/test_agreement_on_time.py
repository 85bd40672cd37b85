"""What commands and cohorts say of observed time, of rates and of retention is what the oracle says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from projections.statistics.results import BEFORE, BEYOND, EMPTIED, NOTHING_GIVEN
from registry import Registry
from registry.errors import BatchRefusedError
from tests.answers import retention as oracle
from tests.answers.asking import Figure, at, figures, observation_table, observed_as, rates
from tests.answers.facts import Facts, of_patient
from tests.answers.members import DayZero, Who
from tests.answers.members import members as day_zeros
from tests.answers.observation import Observation, lies_in, observed_spans
from tests.answers.rates import flare_rates, rate_since
from tests.answers.recording import registry_of
from tests.answers.registries import Kind, clinical_days, points, registries
from tests.oracle.laws import laws

DAYS: Final = (1, 29, 90, 182, 365, 730)
REASONS: Final = {oracle.EMPTIED: EMPTIED, oracle.BEYOND: BEYOND}


class Question(NamedTuple):
    """A registry, what counts as observed, and what a cohort asks of its treatments."""

    facts: Facts
    chosen: Observation
    event: str = "line"
    entry: str = "delayed"
    death: str = "event"
    from_day: int = 0


@st.composite
def repeated_questions(draw: st.DrawFn) -> list[Question]:
    """Return three questions about one registry, since to make one costs more than to ask it."""
    facts = draw(registries(at_most=8, of=Kind(measured=False)))
    return [
        draw(questions(facts, asked_at)) for asked_at in (points(facts), clinical_days(facts), clinical_days(facts))
    ]


@st.composite
def questions(draw: st.DrawFn, facts: Facts, asked_at: st.SearchStrategy[date | None]) -> Question:
    """Return a question about a registry with choices that can be."""
    as_of = draw(asked_at)
    chosen = Observation(as_of=as_of, partial=draw(st.sampled_from(("middle", "first", "last"))))
    if as_of is not None and draw(st.booleans()):
        chosen = replace(chosen, until="as-of")
    else:
        grace, gap = draw(st.sampled_from((0, 30, 400))), draw(st.sampled_from((None, 6, 18)))
        chosen = replace(chosen, grace_days=grace, gap_months=gap)
    return Question(
        facts,
        chosen,
        event=draw(st.sampled_from(("line", "course"))),
        entry=draw(st.sampled_from(("delayed", "incident", "from-start"))),
        death=draw(st.sampled_from(("event", "censor"))),
        from_day=draw(st.sampled_from((0, 0, 60))),
    )


@contextmanager
def accepted(template: Path, facts: Facts) -> Iterator[Registry]:
    """Give a registry of the facts; an example that a registry refuses, as a stop in a pause, asks nothing."""
    with ExitStack() as opened:
        try:
            registry = opened.enter_context(registry_of(template, facts))
        except BatchRefusedError:
            reject()
        yield registry


@laws(histories=25)
@given(repeated_questions())
def test_flares_and_years_on_and_off_treatment_are_those_of_the_oracle(
    sqlite_template: Path, repeated: list[Question]
) -> None:
    with accepted(sqlite_template, repeated[0].facts) as registry:
        for facts, chosen, *_ in repeated:
            usual = replace(chosen, partial="middle")  # no command has another rule
            assert_rates(rates(registry.place, *observed_as(usual)), facts, usual)


def assert_rates(found: dict[tuple[str, str | None], Any], facts: Facts, chosen: Observation) -> None:
    """Hold flares and years under observation against the oracle."""
    for name, expected in flare_rates(facts, chosen).items():
        row = found[name, None]
        assert (row["n_flares"], row["n_flared"], row["days"]) == (expected.events, expected.patients, expected.days)


@laws(histories=40)
@given(repeated_questions())
def test_retention_and_rates_of_a_cohort_are_those_of_the_oracle(
    sqlite_template: Path, repeated: list[Question]
) -> None:
    with accepted(sqlite_template, repeated[0].facts) as registry:
        for question in repeated:
            assert_cohort(figures(registry.place, defined(question), *at(question.chosen.as_of)), question)


def assert_cohort(found: dict[Figure, Any], question: Question) -> None:
    """Hold retention, incidence and rates of a cohort against the oracle."""
    facts, chosen = question.facts, question.chosen
    who = Who(event="line") if question.event == "line" else Who(event="episode", of=("adalimumab",))
    members = day_zeros(facts, who, chosen)
    spans = {name: observed_spans(facts, name, chosen) for name in members}
    if question.entry == "incident":
        members = {name: zero for name, zero in members.items() if lies_in(zero.day, spans[name])}

    def at_risk(death: str) -> list[oracle.Stretch]:
        return [each for name, zero in members.items() for each in stretches(zero, spans[name], question.entry, death)]

    assert_retention(found, at_risk(question.death), question.from_day)
    if not question.from_day:
        assert_incidence(found, at_risk("event"))
    expected = rate_since(
        [(zero.day, spans[name], flares(facts, name, chosen.as_of)) for name, zero in members.items()]
    )
    row = found[Figure("rates", "flares", "from day 0", "n")]
    assert (row["numerator"], row["denominator"]) == (expected.events, pytest.approx(expected.days / 365.25))
    told = f"; {expected.outside} outside observed time" if expected.outside else "recorded flares"
    assert row["denominator_note"].endswith(told)


def defined(question: Question) -> str:
    """Return a cohort whose figures rest on the choices."""
    observed = observation_table(question.chosen)
    if question.chosen.until == "as-of":
        observed = '[observation]\nuntil = "as-of"'
    of = '\nof = ["adalimumab"]' if question.event == "course" else ""
    return f"""
cohort = "one"
[day0]
event = "{question.event}"{of}
[[time_points]]
name = "bl"
day = 0
{observed}
entry = "{question.entry}"
partial = "{question.chosen.partial}"
[tables.survival]
days = {list(DAYS)}
death = "{question.death}"
from_day = {question.from_day}
[tables.rates]
"""


def stretches(zero: DayZero, spans: Any, entry: str, death: str) -> list[oracle.Stretch]:
    """Return the stretches at risk of a member."""
    return oracle.stretches(zero.day, zero.stopped_on, zero.reason, spans, entry=entry, death=death)


def flares(facts: Facts, patient: str, as_of: date | None) -> list[date]:
    """Return the days of all recorded flares of a patient."""
    days = [flare.started_on for flare in of_patient(facts.flares, patient)]
    return [day for day in days if as_of is None or day <= as_of]


def assert_retention(found: dict[Figure, Any], rows: list[oracle.Stretch], from_day: int) -> None:
    """Hold retention and who is at risk on each day against the oracle."""
    for day in DAYS:
        assert found[Figure("survival", "retention", f"day {day}", "at risk")]["value"] == oracle.at_risk_on(rows, day)
        row = found[Figure("survival", "retention", f"day {day}", "retention")]
        if not any(each.exit > from_day or from_day == 0 for each in rows):
            assert (row["value"], row["reason"]) == (None, NOTHING_GIVEN)
        elif day < from_day:
            assert (row["value"], row["reason"]) == (None, BEFORE)
        else:
            value, reason = oracle.retention(rows, day, from_day=from_day or None)
            assert row["value"] == (None if value is None else pytest.approx(float(100 * value)))
            assert reason is None or row["reason"] == REASONS[reason]


def assert_incidence(found: dict[Figure, Any], rows: list[oracle.Stretch]) -> None:
    """Hold the incidence of every reason against the oracle; deaths compete."""
    causes = {each.event for each in rows if each.event is not None}
    assert {key.row.removeprefix("ended: ") for key in found if key.row.startswith("ended: ")} == causes
    for cause in causes:
        for day in DAYS:
            value, reason = oracle.cumulative_incidence(rows, cause, day)
            row = found[Figure("survival", f"ended: {cause}", f"day {day}", "cumulative incidence")]
            assert row["value"] == (None if value is None else pytest.approx(float(100 * value), abs=1e-9))
            assert reason is None or row["reason"] == REASONS[reason]
