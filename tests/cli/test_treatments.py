"""`spondyl treatments`: episodes, lines, exposure on a day, washout, patient-years."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Spondyl


@pytest.fixture
def treated(cohort: Spondyl) -> Spondyl:
    """Return the command on a registry whose patient had etanercept, then infliximab, beside naproxen."""
    for cells in (
        "agent=etanercept started_on=2020-01-02 stopped_on=2020-06-30 stop_reason=lack-of-efficacy",
        "agent=infliximab started_on=2020-07-10 stopped_on=2020-09-30 stop_reason=surgery",
        "agent=infliximab started_on=2020-11-01",
        "agent=naproxen started_on=2019",
    ):
        cohort("record", "treatment", "patient=P-1", *cells.split())
    return cohort


def test_episodes_are_printed_with_their_gaps(treated: Spondyl) -> None:
    found = treated("treatments", "--which", "L04AA12", "--json").json

    assert [(row["agent"], row["n_courses"], row["gap_days"], row["ongoing"]) for row in found] == [
        ("infliximab", 2, 32, True)
    ]
    assert len(treated("treatments", "--which", "TNFi", "--max-gap-days", 30, "--json").json) == 3


def test_a_terminal_gets_what_fits_on_it(treated: Spondyl) -> None:
    answer = treated("treatments")

    assert answer.code == 0
    assert answer.out.splitlines()[0].split() == [
        "patient", "agent", "episode", "started_on", "stopped_on", "days", "n_courses", "gap_days", "uncertain",
        "n_dose_changes", "stop_reason",
    ]  # fmt: skip


def test_lines_say_what_was_switched_and_what_failed(treated: Spondyl) -> None:
    found = treated("treatments", "--lines", "--patient", "P-1", "--json").json

    assert [(row["line"], row["agent"], row["switch_kind"], row["failure"]) for row in found] == [
        (1, "etanercept", "first", True),
        (2, "infliximab", "within-class", None),
    ]


def test_the_courses_of_a_class(treated: Spondyl) -> None:
    assert len(treated("treatments", "--courses", "--which", "NSAID", "--json").json) == 1


def test_who_was_given_what_on_a_day_and_what_was_stopped_before(treated: Spondyl) -> None:
    given = treated("treatments", "--on", "2020-10-15", "--json").json
    stopped = treated("treatments", "--on", "2020-10-15", "--washout", "--json").json

    assert [(row["agent"], row["days"]) for row in given] == [("naproxen", 471)]
    assert [(row["agent"], row["days_since_last_stop"]) for row in stopped] == [("etanercept", 107), ("infliximab", 15)]


def test_patient_years_say_what_ended_follow_up(treated: Spondyl) -> None:
    answer = treated("treatments", "--years")

    assert "follow-up    all" in answer.out
    assert answer.err == "follow-up ended: 1 by last-contact\nobserved until the last contact\n"


def test_an_end_that_nobody_saw_extends_nothing_and_is_told(treated: Spondyl) -> None:
    treated("amend", "P-1", "follow_up_ended_on=2025-06-01", "follow_up_end_reason=died", "--reason", "x")

    assert treated("treatments", "--years").err.splitlines()[-1] == (
        "1 recorded end of follow-up extended nothing: later than the last contact and 18 months"
    )


def test_years_until_the_day_of_linkage_are_counted_by_name(treated: Spondyl) -> None:
    answer = treated("treatments", "--years", "--until", "as-of", "--as-of", "2022-01-01")

    assert answer.err == "follow-up ended: 1 by as-of\nobserved until as_of\n"


@pytest.mark.parametrize(
    "options",
    [
        ["--washout"],
        ["--on", "2020-01-02", "--lines"],
        ["--years", "--patient", "P-1"],
        ["--max-gap-days", "-1"],
        ["--gap", "1 year"],
    ],
)
def test_what_does_not_go_together_is_a_usage_error(treated: Spondyl, options: list[str]) -> None:
    assert treated("treatments", *options).code == 2


def test_an_unknown_drug_is_refused(treated: Spondyl) -> None:
    answer = treated("treatments", "--which", "etanercep")

    assert answer.code == 3
    assert "did you mean 'etanercept'?" in answer.err


def test_a_registry_without_treatments_says_so(cohort: Spondyl) -> None:
    answer = cohort("treatments")

    assert (answer.out, answer.err) == ("", "no treatment at this point in time\n")


def test_which_stops_are_failures_is_said_below_the_lines(treated: Spondyl) -> None:
    assert treated("treatments", "--lines").err == (
        "failure: lack-of-efficacy, loss-of-efficacy, adverse-event; "
        "cannot be said: infection, malignancy, lost, died, unknown; no: every other reason\n"
    )
    assert treated("treatments", "--lines", "--json").err == ""
