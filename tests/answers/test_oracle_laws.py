"""What holds of the oracle's own answers whatever the registry: a slip in it would break one of these."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tests.answers.facts import Facts
from tests.answers.observation import Observation, contacts, counts, lies_in, observed_spans, periods, person_days
from tests.answers.rates import flare_rates
from tests.answers.registries import Kind, points, registries
from tests.answers.retention import kaplan_meier, retention, stretches
from tests.answers.therapy import dated_courses, episodes, lines
from tests.oracle.laws import laws

choices = st.builds(
    Observation,
    grace_days=st.sampled_from((0, 30, 400)),
    gap_months=st.sampled_from((None, None, 3, 18)),
    lost_after_months=st.sampled_from((6, 18)),
    partial=st.sampled_from(("middle", "first", "last")),
)


@st.composite
def questions(draw: st.DrawFn) -> tuple[Facts, Observation, date | None]:
    """Return a registry in which some come back, a choice of observation and a day."""
    facts = draw(registries(at_most=3, of=Kind(resumed=True)))
    return facts, draw(choices), draw(points(facts))


@laws(histories=40)
@given(questions())
def test_as_of_cuts_what_was_observed_and_never_extends_it(question: tuple[Facts, Observation, date | None]) -> None:
    facts, chosen, as_of = question
    for patient in facts.patients:
        whole = observed_spans(facts, patient, chosen)
        cut = observed_spans(facts, patient, replace(chosen, as_of=as_of))

        limit = as_of or date.max
        assert [(span.start, span.end) for span in cut] == [
            (span.start, min(span.end, limit)) for span in whole if span.start <= limit
        ]


@laws(histories=40)
@given(questions())
def test_spans_follow_each_other_within_the_recorded_periods(
    question: tuple[Facts, Observation, date | None],
) -> None:
    facts, chosen, _ = question
    for patient in facts.patients:
        spans = observed_spans(facts, patient, chosen)
        known = periods(facts, patient)

        assert spans[0].start == facts.enrolment(patient).enrolled_on
        assert all(span.start <= span.end for span in spans)
        assert all(earlier.end <= later.start for earlier, later in pairwise(spans))
        for span in spans:
            assert any(
                each.opened_on <= span.start and (each.ended_on is None or span.end <= each.ended_on) for each in known
            )
        inside = [day for day in contacts(facts, patient, partial=chosen.partial) if lies_in(day, spans)]
        assert {each.opened_on for each in known} <= set(inside)


@laws(histories=40)
@given(questions())
def test_flares_and_time_on_and_off_treatment_add_up(question: tuple[Facts, Observation, date | None]) -> None:
    facts, chosen, as_of = question
    chosen = replace(chosen, as_of=as_of)

    rates = flare_rates(facts, chosen)

    whole, on, off = rates["follow-up"], rates["on-treatment"], rates["off-treatment"]
    assert (whole.events, whole.days, whole.outside) == (
        on.events + off.events,
        on.days + off.days,
        on.outside + off.outside,
    )
    spans = {patient: observed_spans(facts, patient, chosen) for patient in facts.patients}
    assert whole.days == sum(map(person_days, spans.values()))
    onsets = [flare for flare in facts.flares if as_of is None or flare.started_on <= as_of]
    assert whole.events == sum(counts(flare.started_on, spans[flare.patient]) for flare in onsets)


@laws(histories=40)
@given(questions())
def test_a_treatment_is_at_risk_only_while_it_goes_on_and_somebody_looks(
    question: tuple[Facts, Observation, date | None],
) -> None:
    facts, chosen, as_of = question
    at = []
    for patient in facts.patients:
        spans = observed_spans(facts, patient, replace(chosen, as_of=as_of))
        dated = dated_courses(facts, patient, as_of=as_of, partial=chosen.partial)
        assert sum(len(each.courses) for each in episodes(dated)) == len(dated)
        for line in lines(dated):
            mine = stretches(line.start, line.stop, line.reason, spans)
            at += mine
            assert sum(each.exit - each.entry for each in mine) <= person_days(spans)
            assert all(each.event is None for each in mine[:-1])
            assert all(0 <= each.entry <= each.exit for each in mine)
            late = stretches(line.start, line.stop, line.reason, spans, entry="from-start")
            assert sum(each.exit - each.entry for each in late) >= sum(each.exit - each.entry for each in mine)
    curve = [step.survival for step in kaplan_meier(at) if step.survival is not None]
    assert all(earlier >= later >= 0 for earlier, later in pairwise([Fraction(1), *curve]))
    assert retention(at, -1)[0] in (1, None)
