"""The oracle on retention, late entry and cumulative incidence, against numbers worked out by hand."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest

from tests.answers.facts import Course, Enrolment, Facts, FollowUp, Visit
from tests.answers.observation import Observation, Span, observed_spans
from tests.answers.retention import (
    BEYOND,
    EMPTIED,
    Stretch,
    at_risk_on,
    cumulative_incidence,
    kaplan_meier,
    lundex,
    median,
    retention,
    stretches,
)
from tests.answers.therapy import dated_courses, lines

DAY0 = date(2019, 2, 1)


def on(number: int) -> str:
    return (DAY0 + timedelta(days=number)).isoformat()


def test_the_same_loss_in_two_spellings_gives_one_answer() -> None:
    # A stays to the study's end; B fails on day 120; C's course is closed as lost, D's follow-up is, both on day 60;
    # E stops for no known reason on day 200. At risk on day 120: A, B, E; on day 200: A, E. 2/3 x 1/2 = 1/3.
    last = date(2021, 12, 31)
    ended = {"A": (last, "study-end"), "B": (last, "study-end"), "E": (last, "study-end")}
    ended |= dict.fromkeys("CD", (DAY0 + timedelta(days=60), "lost"))
    stops = {"B": (on(120), "lack-of-efficacy"), "C": (on(60), "lost"), "E": (on(200), "unknown")}
    facts = Facts(
        [Enrolment(patient, DAY0, None, *ended[patient]) for patient in "ABCDE"],
        courses=[
            Course(patient, "adalimumab", DAY0.isoformat(), *stops.get(patient, (None, None))) for patient in "ABCDE"
        ],
    )

    at = []
    for patient in facts.patients:
        (line,) = lines(dated_courses(facts, patient))
        at += stretches(line.start, line.stop, line.reason, observed_spans(facts, patient, Observation()))

    assert retention(at, 119) == (Fraction(1), None)
    assert retention(at, 120) == (Fraction(2, 3), None)
    assert retention(at, 365) == (Fraction(1, 3), None)
    assert [at_risk_on(at, number) for number in (0, 60, 61, 365)] == [5, 5, 3, 1]
    assert median(at) == 200
    assert cumulative_incidence(at, "unknown", 365) == (Fraction(1, 3), None)
    assert cumulative_incidence(at, "lack-of-efficacy", 365) == (Fraction(1, 3), None)


def test_retention_after_the_last_who_was_observed_is_empty() -> None:
    # Four patients seen for a year, as in a registry asked ten years later.
    at = [Stretch(0, 182, "loss-of-efficacy"), *[Stretch(0, 365, None)] * 3]

    assert retention(at, 365) == (Fraction(3, 4), None)
    assert retention(at, 3650) == (None, BEYOND)
    assert at_risk_on(at, 366) == 0


def test_late_entries_are_at_risk_from_the_day_after_they_enter() -> None:
    # Day 4: (0, 4] and (0, 10] -> 1/2. Day 10: (0, 10], (6, 12], (9, 12] -> 2/3. Day 12: two -> 1/2. 1/6 in the end.
    at = [Stretch(0, 4, "a"), Stretch(0, 10, "a"), Stretch(5, 8, None), Stretch(6, 12, "b"), Stretch(9, 12, None)]

    assert [(step.day, step.at_risk, step.survival) for step in kaplan_meier(at)] == [
        (4, 2, Fraction(1, 2)),
        (10, 3, Fraction(1, 3)),
        (12, 2, Fraction(1, 6)),
    ]
    # a: 1/2 on day 4, 1/2 x 1/3 on day 10; b: 1/3 x 1/2 on day 12; with what is left, 1/6, they make one.
    assert cumulative_incidence(at, "a", 12) == (Fraction(2, 3), None)
    assert cumulative_incidence(at, "b", 12) == (Fraction(1, 6), None)


def test_who_enters_on_day_0_counts_on_day_0_and_who_enters_later_does_not_on_that_day() -> None:
    at = [Stretch(0, 0, "a"), Stretch(0, 9, None), Stretch(3, 9, None)]

    assert kaplan_meier(at)[0] == (0, 2, 1, Fraction(1, 2))
    assert [at_risk_on(at, number) for number in (0, 3, 4)] == [2, 1, 2]


def test_a_curve_whose_risk_set_events_emptied_is_empty_while_others_enter_later() -> None:
    at = [Stretch(0, 3, "a"), Stretch(0, 3, "a"), Stretch(5, 9, "a"), Stretch(5, 11, None)]

    assert retention(at, 2) == (Fraction(1), None)
    assert retention(at, 3) == retention(at, 9) == (None, EMPTIED)
    assert cumulative_incidence(at, "a", 9) == (None, EMPTIED)
    assert retention(at, 9, from_day=3) == (Fraction(1, 2), None)
    assert retention(at[:2], 400) == (Fraction(0), None)  # all have stopped and nobody enters: it is 0


SPANS = [Span(date(2016, 1, 1), date(2017, 3, 1), "lost"), Span(date(2020, 2, 1), date(2020, 8, 1), "last contact")]


@pytest.mark.parametrize(
    ("stop", "expected"),
    [
        (date(2017, 2, 1), [Stretch(0, 62, "other")]),  # 31 + 31 days
        (date(2018, 6, 1), [Stretch(0, 90, None)]),  # in no span: censored at the end of the earlier
        (date(2020, 2, 1), [Stretch(0, 90, None)]),  # on the day on which the later opens
        (date(2020, 5, 1), [Stretch(0, 90, None), Stretch(1157, 1247, "other")]),  # 1095 + 62; 29 + 31 + 30 more
        (None, [Stretch(0, 90, None), Stretch(1157, 1339, None)]),
    ],
)
def test_a_course_is_at_risk_in_every_span_and_its_stop_counts_where_it_was_observed(
    stop: date | None, expected: list[Stretch]
) -> None:
    assert stretches(date(2016, 12, 1), stop, "other", SPANS) == expected


def test_a_course_from_before_observation_enters_late_or_not_at_all_or_from_the_start() -> None:
    # 5 July 2019 to 1 January 2020 are 180 days, to 1 March 2020 another 60.
    spans = [Span(date(2020, 1, 1), date(2021, 1, 1), "last contact")]
    course = date(2019, 7, 5), date(2020, 3, 1), "adverse-event"

    assert stretches(*course, spans) == [Stretch(180, 240, "adverse-event")]
    assert stretches(*course, spans, entry="incident") == []
    assert stretches(*course, spans, entry="from-start") == [Stretch(0, 240, "adverse-event")]
    assert stretches(date(2019, 7, 5), date(2020, 1, 1), "other", spans) == []  # stopped as it entered
    assert stretches(date(2019, 7, 5), date(2019, 12, 1), "other", spans, entry="from-start") == []
    assert stretches(date(2020, 1, 1), date(2020, 1, 1), "other", spans, entry="incident") == [Stretch(0, 0, "other")]


@pytest.mark.parametrize(("ended_on", "event"), [(date(2020, 5, 1), "died"), (date(2023, 1, 1), None)])
def test_a_death_on_the_drug_is_an_event_unless_nobody_had_seen_the_patient_for_long(
    ended_on: date, event: str | None
) -> None:
    facts = Facts([Enrolment("P", DAY0, None, ended_on, "died")], visits=[Visit("P", date(2020, 3, 1))])
    spans = observed_spans(facts, "P", Observation())

    (stretch,) = stretches(DAY0, None, None, spans)
    (censored,) = stretches(DAY0, None, None, spans, death="censor")

    assert (stretch.event, censored.event) == (event, None)
    assert stretch.exit == (455 if event else 394)  # to 1 March 2020: 333 + 61; to 1 May: 61 more


def test_a_resumption_makes_a_second_stretch_of_one_line() -> None:
    facts = Facts(
        [Enrolment("P", DAY0, None, DAY0 + timedelta(days=100), "moved")],
        [FollowUp("P", DAY0 + timedelta(days=300))],
        [Visit("P", DAY0 + timedelta(days=90)), Visit("P", DAY0 + timedelta(days=400))],
        [Course("P", "adalimumab", on(10), on(350), "adverse-event")],
    )
    (line,) = lines(dated_courses(facts, "P"))

    found = stretches(line.start, line.stop, line.reason, observed_spans(facts, "P", Observation()))

    assert found == [Stretch(0, 90, None), Stretch(290, 340, "adverse-event")]


def test_lundex_is_the_part_on_the_drug_times_the_part_of_them_who_respond() -> None:
    at = [Stretch(0, 100, "a"), *[Stretch(0, 400, None)] * 3]

    assert lundex(at, 182, 2, 3) == Fraction(1, 2)  # 3/4 x 2/3
    assert lundex(at, 182, 0, 0) is None


def test_whoever_two_spans_that_share_a_day_observe_is_at_risk_on_it_once() -> None:
    # Grace reaches the next contact, and the course starts on that day: one patient, observed by two spans then.
    before = Span(DAY0 - timedelta(days=200), DAY0, "gap")
    after = Span(DAY0, DAY0 + timedelta(days=100), "last contact")

    stopped_at_once = stretches(DAY0, DAY0, "unknown", [before, after])
    kept = stretches(DAY0, None, None, [before, after])

    assert stopped_at_once == [Stretch(0, 0, "unknown")]
    assert kept == [Stretch(0, 100, None)]
    assert retention(stopped_at_once, 1) == (Fraction(0), None)
