"""The oracle on observed time, against numbers worked out by hand: each is derived in a comment."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest

from tests.answers.facts import AdverseEvent, Course, Enrolment, Facts, Flare, FollowUp, Visit
from tests.answers.observation import (
    Observation,
    Period,
    Span,
    counts,
    extends_nothing,
    observed_spans,
    person_days,
)
from tests.answers.partial_days import Days, all_days, corners, course_days, uncertain
from tests.answers.rates import counts_since, flare_rates, rate_since
from tests.answers.therapy import (
    bridging_is_uncertain,
    dated_courses,
    ends_retention,
    episodes,
    has_failed,
    lines,
)


def day(text: str) -> date:
    return date.fromisoformat(text)


def seen(*days: str, patient: str = "P") -> list[Visit]:
    return [Visit(patient, day(each)) for each in days]


@pytest.mark.parametrize(
    ("started_on", "stopped_on", "start", "stop"),
    [
        ("2019-03", None, "2019-03-16", None),  # 31 days: the 16th
        ("2019-04", None, "2019-04-15", None),  # 30 days: the 15th, of two the earlier
        ("2019-02", None, "2019-02-14", None),  # 28 days
        ("2020-02", None, "2020-02-15", None),  # 29 days
        ("2019", None, "2019-07-02", None),  # the 183rd of 365
        ("2020", None, "2020-07-01", None),  # the 183rd of 366
        ("2019", "2019-03-10", "2019-02-04", "2019-03-10"),  # 69 days up to the stop: the 35th
        ("2019-03-20", "2019-03", "2019-03-20", "2019-03-25"),  # 20 to 31: 12 days, the 6th
        ("2019", "2019", "2019-07-02", "2019-10-01"),  # 183 days from 2 July: the 92nd
        ("2018", "2019-06", "2018-07-02", "2019-06-15"),
    ],
)
def test_a_partial_day_counts_as_the_middle_of_what_it_can_mean(
    started_on: str, stopped_on: str | None, start: str, stop: str | None
) -> None:
    assert course_days(started_on, stopped_on) == Days(day(start), None if stop is None else day(stop))


def test_the_other_choices_for_partial_days_are_made_by_name() -> None:
    known = {name: course_days("2019", "2019", partial=name) for name in ("first", "last", "shortest", "longest")}

    assert known["first"] == (day("2019-01-01"), day("2019-01-01"))
    assert known["last"] == known["shortest"] == (day("2019-12-31"), day("2019-12-31"))
    assert known["longest"] == (day("2019-01-01"), day("2019-12-31"))


def length(days: Days) -> int:
    assert days.stop is not None
    return (days.stop - days.start).days


PARTIAL_COURSES = [("2019", "2019"), ("2019-03", "2019-04"), ("2019-03-20", "2019"), ("2019", "2019-01")]


@pytest.mark.parametrize("texts", PARTIAL_COURSES)
def test_no_duration_is_negative_and_the_bounds_hold_every_other(texts: tuple[str, str]) -> None:
    lengths = [length(days) for days in all_days(*texts)]

    assert min(lengths) >= 0
    assert length(course_days(*texts, partial="shortest")) == min(lengths)
    assert length(course_days(*texts, partial="longest")) == max(lengths)
    assert course_days(*texts) in all_days(*texts)
    assert set(corners(*texts)) <= set(all_days(*texts))


def test_an_answer_is_uncertain_where_another_possible_day_changes_it() -> None:
    def lasts_a_month(days: list[Days]) -> list[bool]:
        return [stop is not None and (stop - start).days >= 28 for start, stop in days]

    assert uncertain([("2019-03-20", "2019-04")], lasts_a_month)  # 12 to 41 days
    assert not uncertain([("2019-03-20", "2019-05")], lasts_a_month)  # 42 days at least


def test_nobody_is_observed_after_the_last_contact_whatever_as_of_says() -> None:
    # 3 patients, 1 March 2012 to 1 September 2013: 365 + 184 = 549 days each, 1,647 in all; one flare each.
    facts = Facts(
        [Enrolment(patient, day("2012-03-01")) for patient in "ABC"],
        visits=[each for patient in "ABC" for each in seen("2012-03-01", "2013-09-01", patient=patient)],
        flares=[Flare(patient, day("2012-08-15")) for patient in "ABC"],
    )

    for as_of in (None, day("2024-12-31")):
        rate = flare_rates(facts, Observation(as_of=as_of))["follow-up"]
        assert (rate.events, rate.patients, rate.days) == (3, 3, 1647)
        assert rate.per_100_years == Fraction(100 * 3 * 36525, 1647 * 100)  # 66.53
    linked = flare_rates(facts, Observation(as_of=day("2014-03-01"), until="as-of"))["follow-up"]
    assert linked.days == 3 * 730


def test_a_contact_after_as_of_proves_observation_up_to_it() -> None:
    enrolled = [Enrolment("P", day("2020-01-01"))]
    august = Facts(enrolled, visits=seen("2020-12-01", "2021-08-10"))
    silent = Facts(enrolled, visits=seen("2020-12-01"))

    at = Observation(as_of=day("2021-06-30"))
    assert observed_spans(august, "P", at) == [Span(day("2020-01-01"), day("2021-06-30"), "as-of")]
    assert observed_spans(silent, "P", at) == [Span(day("2020-01-01"), day("2020-12-01"), "last contact")]
    assert observed_spans(august, "P", Observation(as_of=day("2019-12-31"))) == []


@pytest.mark.parametrize("reason", ["lost", "moved", "died"])
def test_a_loss_later_than_eighteen_months_after_the_last_contact_extends_nothing(reason: str) -> None:
    def spans(ended_on: str, *, grace_days: int = 0) -> list[Span]:
        facts = Facts([Enrolment("P", day("2015-01-01"), None, day(ended_on), reason)], visits=seen("2015-06-30"))
        told = extends_nothing(facts, "P", Observation())
        assert told == ([] if ended_on == "2016-12-30" else [Period(day("2015-01-01"), day(ended_on), reason)])
        return observed_spans(facts, "P", Observation(grace_days=grace_days))

    assert spans("2016-12-30") == [Span(day("2015-01-01"), day("2016-12-30"), reason)]  # 18 months to the day
    assert spans("2016-12-31") == [Span(day("2015-01-01"), day("2015-06-30"), "last contact")]
    graced = Span(day("2015-01-01"), day("2015-09-28"), "last contact")  # 90 days after 30 June
    assert spans("2016-12-31", grace_days=90) == [graced]


def test_the_end_of_a_study_needs_no_contact() -> None:
    facts = Facts([Enrolment("P", day("2015-01-01"), None, day("2018-12-31"), "study-end")], visits=seen("2015-06-30"))

    assert observed_spans(facts, "P", Observation()) == [Span(day("2015-01-01"), day("2018-12-31"), "study-end")]
    by_gap = observed_spans(facts, "P", Observation(gap_months=18))
    assert by_gap == [Span(day("2015-01-01"), day("2015-06-30"), "last contact")]


def test_a_long_silence_ends_a_span_and_opens_one_where_it_is_broken() -> None:
    # 1 January to 30 June 2015 are 180 days, 15 January to 1 May 2018 are 16 + 28 + 31 + 30 + 1 = 106.
    facts = Facts(
        [Enrolment("P", day("2015-01-01"))],
        visits=seen("2015-06-30", "2018-05-01"),
        flares=[Flare("P", day("2018-01-15")), Flare("P", day("2018-01-16"))],
        adverse_events=[AdverseEvent("P", "rash", day("2015-02-01"))],
    )
    choice = Observation(gap_months=18)
    spans = observed_spans(facts, "P", choice)

    assert spans == [
        Span(day("2015-01-01"), day("2015-06-30"), "gap"),
        Span(day("2018-01-15"), day("2018-05-01"), "last contact"),
    ]
    assert person_days(spans) == 286
    rate = flare_rates(facts, choice)["follow-up"]
    assert (rate.events, rate.days, rate.outside) == (1, 286, 1)  # the flare that broke the silence counts nowhere
    assert observed_spans(facts, "P", Observation()) == [Span(day("2015-01-01"), day("2018-05-01"), "last contact")]


def test_grace_never_reaches_past_the_next_span() -> None:
    facts = Facts([Enrolment("P", day("2015-01-01"))], visits=seen("2018-01-15"))

    spans = observed_spans(facts, "P", Observation(gap_months=18, grace_days=4000))

    assert [(span.start, span.end) for span in spans] == [
        (day("2015-01-01"), day("2018-01-15")),
        (day("2018-01-15"), day("2018-01-15") + timedelta(days=4000)),
    ]


COME_BACK = Facts(  # lost on 1 March 2017, back on 1 February 2020
    [Enrolment("P", day("2016-01-01"), None, day("2017-03-01"), "lost")],
    [FollowUp("P", day("2020-02-01"))],
    seen("2016-01-01", "2017-01-10", "2020-08-01"),
)


def test_who_comes_back_has_two_spans_and_what_lies_between_them_is_told() -> None:
    # 366 + 59 = 425 days, and 29 + 31 + 30 + 31 + 30 + 31 = 182.
    spans = observed_spans(COME_BACK, "P", Observation())

    assert spans == [
        Span(day("2016-01-01"), day("2017-03-01"), "lost"),
        Span(day("2020-02-01"), day("2020-08-01"), "last contact"),
    ]
    assert person_days(spans) == 607
    assert [counts(day(each), spans) for each in ("2016-01-01", "2017-03-01", "2018-06-01", "2020-02-01")] == [
        True,
        True,
        False,
        False,
    ]
    assert observed_spans(COME_BACK, "P", Observation(as_of=day("2019-01-01"))) == spans[:1]


@pytest.mark.parametrize("as_of", ["2015-12-31", "2016-06-01", "2017-03-01", "2018-01-01", "2020-02-01", "2021-01-01"])
def test_as_of_cuts_the_spans_and_never_extends_them(as_of: str) -> None:
    whole = observed_spans(COME_BACK, "P", Observation())

    cut = observed_spans(COME_BACK, "P", Observation(as_of=day(as_of)))

    assert [(span.start, span.end) for span in cut] == [
        (span.start, min(span.end, day(as_of))) for span in whole if span.start <= day(as_of)
    ]


def test_rates_from_day_0_count_what_happened_while_somebody_was_observed() -> None:
    # Day 0 on 1 December 2016: 90 days to 1 March 2017, then 182 from 1 February 2020.
    spans = observed_spans(COME_BACK, "P", Observation())
    days = [day(each) for each in ("2016-11-30", "2016-12-01", "2017-02-01", "2018-01-01", "2020-02-01", "2020-02-02")]

    rate = rate_since([(day("2016-12-01"), spans, days)])

    assert (rate.events, rate.patients, rate.days, rate.outside) == (3, 1, 272, 2)
    assert not counts_since(day("2016-01-01"), day("2015-06-01"), spans)  # a prevalent user enters on that day


def courses(*rows: tuple[str, str, str | None, str | None]) -> Facts:
    given = [Course("P", *row) for row in rows]
    return Facts([Enrolment("P", day("2019-01-01"))], courses=given)


def test_a_row_for_each_dose_is_one_episode_and_a_gap_of_ninety_days_is_bridged() -> None:
    def stops(*rows: tuple[str, str, str | None, str | None]) -> list[tuple[date | None, int]]:
        found = episodes(dated_courses(courses(*rows), "P"))
        return [(each.stop, len(each.courses)) for each in found]

    dose_rows = ("infliximab", "2020-01-02", "2020-05-01", "other"), ("infliximab", "2020-05-02", None, None)
    assert stops(*dose_rows) == [(None, 2)]
    before = ("etanercept", "2019-06-01", "2020-01-31", "surgery")
    after = (before, ("etanercept", "2020-04-30", "2020-06-01", None))  # 29 + 31 + 30 = 90 days later
    assert stops(*after) == [(day("2020-06-01"), 2)]
    assert stops(before, ("etanercept", "2020-05-01", None, None)) == [(day("2020-01-31"), 1), (None, 1)]


def test_a_gap_that_partial_days_leave_open_is_uncertain() -> None:
    known = [Course("P", "etanercept", "2019-06-01", "2020-01"), Course("P", "etanercept", "2020-04-20")]

    assert bridging_is_uncertain(known)  # 80 to 110 days; the middle, 16 January, gives 95
    assert not bridging_is_uncertain([known[0], Course("P", "etanercept", "2020-03-31")])  # 60 to 90


def test_lines_are_of_targeted_therapy_and_say_whether_the_drug_failed() -> None:
    known = courses(
        ("prednisolone", "2019-02-01", "2019-03-01", None),
        ("adalimumab", "2019-02-01", "2019-08-01", "lack-of-efficacy"),
        ("methotrexate", "2019-02-08", None, None),
        ("secukinumab", "2019-09-01", "2020-01-01", "remission"),
        ("adalimumab", "2020-02-01", "2020-04-01", "lost"),
        ("etanercept", "2020-05-01", "2020-06-01", None),
        ("infliximab", "2020-07-01", None, None),
    )

    assert [(each.agent, each.reason, has_failed(each.reason)) for each in lines(dated_courses(known, "P"))] == [
        ("adalimumab", "lack-of-efficacy", True),
        ("secukinumab", "remission", False),
        ("adalimumab", "lost", None),
        ("etanercept", None, None),
        ("infliximab", None, None),
    ]
    at_new_year = lines(dated_courses(known, "P", as_of=day("2019-12-31")))
    assert [(each.agent, each.stop, each.reason) for each in at_new_year] == [
        ("adalimumab", day("2019-08-01"), "lack-of-efficacy"),
        ("secukinumab", None, None),
    ]


def test_every_stop_ends_retention_but_four() -> None:
    ends = {reason: ends_retention(reason) for reason in ("remission", "protocol-end", "lost", "unknown", None, "died")}

    assert ends == {"remission": False, "protocol-end": False, "lost": False, "unknown": True, None: True, "died": True}
    assert not ends_retention("died", death="censor")
    assert ends_retention("lost", censor=("remission",))


def test_time_and_flares_on_treatment_are_those_of_courses_that_cover_the_day() -> None:
    # 365 days in all; adalimumab from 1 February to 2 April: 28 + 31 + 1 = 60; naproxen does not count.
    facts = Facts(
        [Enrolment("P", day("2019-01-01"))],
        visits=seen("2020-01-01"),
        courses=[
            Course("P", "adalimumab", "2019-02-01", "2019-04-02", "remission"),
            Course("P", "naproxen", "2019-01-01"),
        ],
        flares=[Flare("P", day("2019-04-02")), Flare("P", day("2019-04-03"))],
    )

    rates = flare_rates(facts, Observation())

    assert {name: (rate.events, rate.days) for name, rate in rates.items()} == {
        "follow-up": (2, 365),
        "on-treatment": (1, 60),
        "off-treatment": (1, 305),
    }
