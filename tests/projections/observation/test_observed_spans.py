"""From when to when a patient was under observation."""

from __future__ import annotations

import pytest

from projections import facts_at
from projections.columns.coded import coded, day_numbers
from projections.observation.durations import Duration
from projections.observation.follow_up import of_spans
from projections.observation.observed_spans import Observation, observed_spans
from registry import Registry
from registry.errors import ConflictingOptionsError
from tests.projections.rows_of import rows_of

COLUMNS = "began_on ended_on ended_by"


def spans(
    registry: Registry, observation: Observation | None = None, *, as_of: str | None = None
) -> list[tuple[object, ...]]:
    """Return the spans of P-1."""
    facts = facts_at(registry, as_of=as_of)
    return rows_of(of_spans(observed_spans(facts, observation or Observation())), COLUMNS)


def test_without_an_end_observation_lasts_until_the_last_contact(registry: Registry) -> None:
    registry.record_visit("P-1", visited_on="2003-01-14")
    registry.start_flare("P-1", started_on="2004-05-01")

    assert spans(registry) == [("2002-01-14", "2004-05-01", "last-contact")]


def test_a_consent_given_after_enrolment_is_a_contact(registry: Registry) -> None:
    registry.amend("P-1", {"consented_on": "2002-02-03"}, reason="the form was found")

    assert spans(registry) == [("2002-01-14", "2002-02-03", "last-contact")]


def test_as_of_cuts_and_never_extends(registry: Registry) -> None:
    registry.record_visit("P-1", visited_on="2003-01-14")

    assert spans(registry, as_of="2010-12-31") == [("2002-01-14", "2003-01-14", "last-contact")]
    assert spans(registry, as_of="2002-12-31") == [("2002-01-14", "2002-12-31", "as-of")]
    assert spans(registry, as_of="2001-12-31") == []


def test_a_contact_after_as_of_proves_that_the_patient_was_still_there(registry: Registry) -> None:
    registry.record_visit("P-1", visited_on="2003-01-14")
    registry.record_visit("P-1", visited_on="2003-08-14")

    assert spans(registry, as_of="2003-06-30") == [("2002-01-14", "2003-06-30", "as-of")]


def test_a_contact_that_was_not_known_yet_proves_nothing(registry: Registry) -> None:
    registry.record_visit("P-1", visited_on="2003-01-14")
    before = facts_at(registry)
    registry.record_visit("P-1", visited_on="2003-08-14")

    again = facts_at(registry, known_at=before.at.position)

    assert rows_of(of_spans(observed_spans(again)), COLUMNS) == [("2002-01-14", "2003-01-14", "last-contact")]


@pytest.mark.parametrize("reason", ["lost", "moved", "died"])
def test_an_end_that_nobody_saw_extends_nothing_eighteen_months_after_the_last_contact(
    registry: Registry, reason: str
) -> None:
    registry.record_visit("P-1", visited_on="2003-01-14")
    registry.end_follow_up("P-1", ended_on="2004-07-14", reason=reason)
    within = spans(registry)
    registry.amend("P-1", {"follow_up_ended_on": "2004-07-15"}, reason="a day later")

    beyond = observed_spans(facts_at(registry))

    assert within == [("2002-01-14", "2004-07-14", "follow-up-end")]
    assert rows_of(of_spans(beyond), COLUMNS) == [("2002-01-14", "2003-01-14", "last-contact")]
    assert beyond.unseen_ends == 1


def test_the_end_of_a_study_is_an_end_however_late(registry: Registry) -> None:
    registry.end_follow_up("P-1", ended_on="2010-01-14", reason="study-end")

    assert spans(registry) == [("2002-01-14", "2010-01-14", "follow-up-end")]


@pytest.mark.parametrize("reason", ["lost", "moved", "died"])
def test_until_as_of_an_end_that_nobody_saw_ends_the_span_however_late(registry: Registry, reason: str) -> None:
    registry.record_visit("P-1", visited_on="2003-01-14")
    registry.end_follow_up("P-1", ended_on="2008-03-01", reason=reason)

    observed = spans(registry, Observation(until="as-of"), as_of="2010-12-31")

    assert observed == [("2002-01-14", "2008-03-01", "follow-up-end")]


def test_until_as_of_everybody_without_an_end_is_observed_until_then(registry: Registry) -> None:
    registry.record_visit("P-1", visited_on="2003-01-14")

    linked = spans(registry, Observation(until="as-of"), as_of="2010-12-31")

    assert linked == [("2002-01-14", "2010-12-31", "as-of")]


@pytest.mark.parametrize(
    ("observation", "as_of", "why"),
    [
        (Observation(until="as-of"), None, "until: 'as-of' wants an as_of"),
        (Observation(until="as-of", gap=Duration(months=18)), "2010-12-31", "neither gap nor grace"),
        (Observation(until="as-of", grace=Duration(days=1)), "2010-12-31", "neither gap nor grace"),
        (
            Observation(until="as-of", lost_after=Duration(months=6)),
            "2010-12-31",
            "neither gap nor grace nor lost_after",
        ),
    ],
)
def test_choices_that_cannot_be_are_refused(
    registry: Registry, observation: Observation, as_of: str | None, why: str
) -> None:
    with pytest.raises(ConflictingOptionsError, match=why):
        observed_spans(facts_at(registry, as_of=as_of), observation)


def test_grace_reaches_past_the_last_contact_but_not_past_as_of_or_an_end(registry: Registry) -> None:
    registry.record_visit("P-1", visited_on="2003-01-31")
    month = Observation(grace=Duration(months=1))

    assert spans(registry, month) == [("2002-01-14", "2003-02-28", "last-contact")]
    assert spans(registry, month, as_of="2003-02-10") == [("2002-01-14", "2003-02-10", "as-of")]

    registry.end_follow_up("P-1", ended_on="2003-02-05", reason="withdrawn")

    assert spans(registry, month) == [("2002-01-14", "2003-02-05", "follow-up-end")]


def test_a_silence_longer_than_the_gap_ends_a_span_and_the_next_contact_opens_one(registry: Registry) -> None:
    for day in ("2003-01-14", "2004-07-14", "2006-01-15"):
        registry.record_visit("P-1", visited_on=day)

    assert spans(registry, Observation(gap=Duration(months=18))) == [
        ("2002-01-14", "2004-07-14", "silence"),
        ("2006-01-15", "2006-01-15", "last-contact"),
    ]
    assert spans(registry, Observation(gap=Duration(months=18), grace=Duration(months=6))) == [
        ("2002-01-14", "2005-01-14", "silence"),
        ("2006-01-15", "2006-07-15", "last-contact"),
    ]


def test_what_happens_on_the_day_on_which_a_later_span_opens_lies_in_none(registry: Registry) -> None:
    registry.record_visit("P-1", visited_on="2006-01-15")
    observed = observed_spans(facts_at(registry), Observation(gap=Duration(months=18)))
    days = observed.began[1] + [-1, 0, 1]

    whose = observed.patient.take([0, 0, 0])  # type: ignore[arg-type]

    assert observed.at(whose, observed.began[0] + [0, 0, 0]).tolist() == [0, 0, 0]
    assert observed.at(whose, days).tolist() == [-1, -1, -1]


def test_resumed_follow_up_is_a_span_of_its_own_and_the_time_between_is_not_observed(registry: Registry) -> None:
    registry.record_visit("P-1", visited_on="2003-01-14")
    registry.end_follow_up("P-1", ended_on="2003-06-14", reason="lost")
    registry.resume_follow_up("P-1", resumed_on="2006-03-01")
    registry.record_visit("P-1", visited_on="2007-03-01")

    assert spans(registry) == [
        ("2002-01-14", "2003-06-14", "follow-up-end"),
        ("2006-03-01", "2007-03-01", "last-contact"),
    ]
    assert spans(registry, as_of="2005-12-31") == [("2002-01-14", "2003-06-14", "follow-up-end")]
    assert spans(registry, as_of="2006-12-31")[1:] == [("2006-03-01", "2006-12-31", "as-of")]


def test_an_end_long_after_the_last_contact_of_its_own_span_is_not_proved_by_a_later_span(registry: Registry) -> None:
    registry.end_follow_up("P-1", ended_on="2004-01-14", reason="moved")  # two years after enrolment
    registry.resume_follow_up("P-1", resumed_on="2006-03-01")

    assert spans(registry) == [
        ("2002-01-14", "2002-01-14", "last-contact"),
        ("2006-03-01", "2006-03-01", "last-contact"),
    ]


def test_where_grace_reaches_the_next_span_the_day_that_they_share_is_observed(registry: Registry) -> None:
    registry.start_flare("P-1", started_on="2003-01-14")
    registry.record_visit("P-1", visited_on="2003-02-14")
    facts = facts_at(registry)
    silent = Observation(gap=Duration(months=6))

    apart, touching = (observed_spans(facts, each) for each in (silent, silent._replace(grace=Duration(months=24))))

    flared = facts.of("flares")
    day = day_numbers(flared["started_on"]).astype("int64")
    assert [spans.at(coded(flared["patient"]), day).tolist() for spans in (apart, touching)] == [[-1], [0]]


def test_where_nobody_is_observed_a_day_lies_in_no_span(registry: Registry) -> None:
    registry.start_flare("P-1", started_on="2003-01-14")
    flared = facts_at(registry).of("flares")
    day = day_numbers(flared["started_on"]).astype("int64")

    nobody = observed_spans(facts_at(registry, as_of="2001-01-14"))

    assert nobody.at(coded(flared["patient"]), day).tolist() == [-1]
