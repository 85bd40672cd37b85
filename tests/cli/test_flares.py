"""`spondyl flares`: the recorded flares, their rates, and the time since the last stop."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Spondyl


@pytest.fixture
def flared(cohort: Spondyl) -> Spondyl:
    """Return the command on a registry whose patient flared 11 days after the last dose of anakinra."""
    cohort("record", "treatment", "patient=P-1", "agent=anakinra", "started_on=2020-01-02", "stopped_on=2020-03-25")
    cohort("record", "flare", "patient=P-1", "started_on=2020-04-05", "trigger=withdrawal")
    return cohort


def test_flares_are_listed_with_the_treatment_that_they_followed(flared: Spondyl) -> None:
    (row,) = flared("flares", "--patient", "P-1", "--json").json

    assert (row["on_treatment"], row["last_agent"], row["days_since_last_stop"]) == (False, "anakinra", 11)
    assert flared("flares", "--patient", "P-2", "--json").json == []


def test_rates_are_printed_with_their_interval(flared: Spondyl) -> None:
    lines = flared("flares", "--rates").out.splitlines()

    assert lines[2].split() == ["follow", "up", "1", "1", "2.01", "49.8", "1.3–277.6"]
    assert lines[-1].split() == ["before", "any", "stop", "0", "1", "0.00", "0.0", "0.0–134736.3"]


def test_no_time_is_said_and_no_number_given(flared: Spondyl) -> None:
    answer = flared("flares", "--rates", "--as-of", "2019-12-31")

    assert answer.code == 0
    assert answer.out.count("no time under observation") == 4


def test_the_time_after_a_stop(flared: Spondyl) -> None:
    found = flared("flares", "--after-stop", "--json").json

    assert [(row["last_agent"], row["n_stops"], row["median_days"]) for row in found] == [
        (None, 1, 11.0),
        ("anakinra", 1, 11.0),
    ]


@pytest.mark.parametrize("command", [("flares", "--rates"), ("treatments", "--years")])
def test_courses_without_time_are_told_where_time_is_counted(cohort: Spondyl, command: tuple[str, str]) -> None:
    for day in ("2020-02-01", "2020-03-28"):
        cohort("record", "treatment", "patient=P-1", "agent=infliximab", f"started_on={day}", f"stopped_on={day}")

    said = "2 courses begin and end on one day: the patient counts, the time is 0 days; "
    assert f"{said}gaps between courses are not bridged" in cohort(*command).err.splitlines()
    assert "on one day" not in cohort(*command, "--json").err


@pytest.mark.parametrize("view", ["--rates", "--after-stop"])
def test_a_rate_of_one_patient_is_a_usage_error(flared: Spondyl, view: str) -> None:
    assert flared("flares", view, "--patient", "P-1").code == 2


def test_computed_flares_are_counted_by_definition(flared: Spondyl) -> None:
    flared("record", "visit", "patient=P-1", "visited_on=2020-03-26", "basdai=3")
    flared("record", "visit", "patient=P-1", "visited_on=2020-04-10", "basdai=5.1")

    answer = flared("flares", "--computed")
    (row,) = [
        row
        for row in flared("flares", "--computed", "--definition", "flare-asas-prelim-4", "--json").json
        if row["met"] is not None
    ]

    assert [line.split() for line in answer.out.splitlines() if "prelim-4" in line] == [
        ["flare-asas-prelim-4", "1", "0", "2"]
    ]
    assert (row["visited_on"], row["reference_on"], row["value"], row["met"]) == ("2020-04-10", "2020-03-26", 5.1, True)


def test_an_unknown_definition_is_refused(flared: Spondyl) -> None:
    answer = flared("flares", "--computed", "--definition", "flare-asdas")

    assert answer.code == 3
    assert "flare-asdas-crp-09" in answer.err
    assert flared("flares", "--definition", "flare-withdrawal").code == 2


@pytest.mark.parametrize("view", ["--rates", "--after-stop"])
def test_what_counts_as_observed_is_said_below_the_table(flared: Spondyl, view: str) -> None:
    flared("record", "flare", "patient=P-1", "started_on=2024-02-05")  # nobody saw the patient for two years before

    answer = flared("flares", view, "--gap", "18 months", "--grace", "30 days")

    said = answer.err.splitlines()[-1]
    assert said == (
        "observed until the last contact + 30 days, silences over 18 months left out; 1 flare outside observed time"
    )


def test_the_rate_is_the_same_on_every_later_day_on_which_it_is_asked(flared: Spondyl) -> None:
    whole = flared("flares", "--rates", "--json").json
    later = flared("flares", "--rates", "--as-of", "2025-06-30", "--json").json

    assert [row["days"] for row in later] == [row["days"] for row in whole]


def test_a_length_of_time_that_is_none_is_a_usage_error(flared: Spondyl) -> None:
    answer = flared("flares", "--rates", "--grace", "soon")

    assert answer.code == 2
    assert "write 90 days, 18 months or 2 years" in answer.err
    assert flared("flares", "--gap", "90 days").code == 2


def test_observed_until_as_of_wants_an_as_of(flared: Spondyl) -> None:
    answer = flared("flares", "--rates", "--until", "as-of")

    assert (answer.code, answer.err) == (
        3,
        "spondyl: until: 'as-of' wants an as_of, the day until which everybody is known\n",
    )
